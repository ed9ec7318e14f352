using System.Text;

namespace BackupDistribuido.Cli.Configuration;

/// <summary>The files of <c>hocon/</c>, which are embedded in the executable: the lowest layers of every node's
/// configuration.</summary>
internal static class ShippedDefaults
{
    /// <summary>The defaults in <c>hocon/NAME.conf</c>.</summary>
    public static HoconFile Load(string name)
    {
        var file = $"{name}.conf";
        using var stream = typeof(ShippedDefaults).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"The executable has no embedded {file}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return HoconFile.Parse(file, reader.ReadToEnd());
    }
}
