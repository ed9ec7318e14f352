using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Hosting;

namespace BackupDistribuido.Cli.NodeSettings;

/// <summary>
/// The HOCON file that keeps the settings of a page: a separate block at the file's end, which overrides the text
/// before it. The rest of the file stays as its owner wrote it.
/// </summary>
internal sealed class KeptChoices(string path)
{
    // No value has a line's end in it: JSON writes it as two letters.
    private const string Begin = "# >>> Chosen on the node's page, and written by it.", End = "\n# <<<";

    private static readonly JsonSerializerOptions Quoted =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>
    /// The flags of a node with pages: without --config they are on top of the settings that were chosen earlier, if
    /// any.
    /// </summary>
    public static (Flags Flags, KeptChoices Kept) For(Flags flags, string role, string dataFolder)
    {
        var kept = new KeptChoices(System.IO.Path.GetFullPath(flags.ConfigFile
            ?? System.IO.Path.Combine(dataFolder, $"{role}.conf")));
        return (flags.ConfigFile is null && File.Exists(kept.Path)
            ? flags.Over(new Dictionary<Setting, string?>(), kept.Path) : flags, kept);
    }

    /// <summary>Keeps choices, in place of those that were kept before.</summary>
    /// <exception cref="CommandFailure">The file can't be written, or can't be added to.</exception>
    public void Save(IReadOnlyDictionary<Setting, string?> choices)
    {
        try
        {
            var before = File.Exists(path) ? Without(File.ReadAllText(path)) : "";
            var text = new StringBuilder(before);
            if (before.Length > 0 && !before.EndsWith('\n')) text.Append('\n');
            text.Append(Begin).Append('\n');
            foreach (var (setting, value) in choices)
                text.Append(CultureInfo.InvariantCulture,
                    $"{setting.Key} = {JsonSerializer.Serialize(value, Quoted)}\n");
            text.Append(End, 1, End.Length - 1).Append('\n');
            HoconFile.Parse(path, text.ToString());
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var draft = path + ".new";
            File.WriteAllText(draft, text.ToString());
            File.SetUnixFileMode(draft,
                File.Exists(path) ? File.GetUnixFileMode(path) : UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Usage(SettingReason.NotKept(path, Unreadable.Why(path, e)));
        }
    }

    private static string Without(string text)
    {
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        return begin < 0 || end < begin ? text : text[..begin] + text[(end + End.Length)..].TrimStart('\n');
    }
}
