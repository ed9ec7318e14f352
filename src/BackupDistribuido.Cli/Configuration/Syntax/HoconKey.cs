namespace BackupDistribuido.Cli.Configuration.Syntax;

/// <summary>A key that a HOCON text gives a value, an array or an empty object to, the line (from 1) that it stands on,
/// and whether it is an array.</summary>
internal readonly record struct HoconKey(string Path, int Line, bool IsList = false);

/// <summary>A HOCON text violates the grammar; <paramref name="line"/> counts from 1.</summary>
internal sealed class HoconSyntaxException(int line, string what) : Exception(what)
{
    /// <summary>Where.</summary>
    public int Line { get; } = line;
}
