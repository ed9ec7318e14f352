using System.Text;
using System.Text.Unicode;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Hosting.Events;

namespace BackupDistribuido.Cli.Running;

/// <summary>
/// This process's arguments and variables, byte for byte. .NET reads them as UTF-8 and replaces other bytes by question
/// marks; but a name on disk is bytes, and another name is another folder.
/// </summary>
internal static class RawProcess
{
    /// <summary>Variables that name folders.</summary>
    private static readonly string[] Folders = ["TMPDIR", "HOME", "XDG_STATE_HOME"];

    /// <summary>Why a command with these arguments can't be run as it was given; null where it can.
    /// <paramref name="proc"/> is this process's folder in /proc.</summary>
    public static string? WhyNot(string[] line, string proc = "/proc/self")
    {
        // Whatever was replaced is seen; a name may also have that very character.
        if (Array.Exists(line, IsReplaced) && Words(Path.Combine(proc, "cmdline")) is { } words
            && words.Find(word => !Utf8.IsValid(word)) is { } bad)
            return $"the argument '{PathText.Display(bad).Text}' is not UTF-8 and can't be passed on as it is; give a "
                + "link to it with another name (a pattern: in a file, by --exclude-from)";
        if (line.Length > 0 && IsReplaced(Environment.CurrentDirectory))
            return "the name of the current folder is not UTF-8; change to another one, if need be by a link to it";
        if (line.Length > 0
            && Array.Find(Folders, name => IsReplaced(Environment.GetEnvironmentVariable(name) ?? "")) is { } variable
            && Words(Path.Combine(proc, "environ"))
            ?.Find(word => word.AsSpan().StartsWith(Encoding.ASCII.GetBytes($"{variable}="))
                && !Utf8.IsValid(word)) is { } value)
            return $"the folder in {variable} is not UTF-8 "
                + $"({PathText.Display(value.AsSpan(variable.Length + 1)).Text}); give a link to it with another name";
        return null;
    }

    private static bool IsReplaced(string text) => text.Contains('\uFFFD', StringComparison.Ordinal);

    private static List<byte[]>? Words(string file)
    {
        try
        {
            var words = new List<byte[]>();
            var all = File.ReadAllBytes(file).AsSpan();
            foreach (var range in all.Split((byte)0)) words.Add(all[range].ToArray());
            return words;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
