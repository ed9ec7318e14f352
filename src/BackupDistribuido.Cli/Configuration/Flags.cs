using System.Diagnostics.CodeAnalysis;

namespace BackupDistribuido.Cli.Configuration;

/// <summary>The top layer of a command's configuration: what stands on its command line, as text.</summary>
/// <param name="configFile">The file of <c>--config</c>.</param>
/// <param name="single">Settings with one value; null: the setting is explicitly not set.</param>
/// <param name="lists">Settings with several.</param>
internal sealed class Flags(string? configFile,
    IReadOnlyDictionary<Setting, string?> single, IReadOnlyDictionary<Setting, IReadOnlyList<string>> lists)
{
    /// <summary>The file of <c>--config</c>.</summary>
    public string? ConfigFile => configFile;

    /// <summary>The same with more on top, and over another file where <paramref name="file"/> names one.</summary>
    public Flags Over(IReadOnlyDictionary<Setting, string?> more, string? file = null)
    {
        var all = new Dictionary<Setting, string?>(single);
        foreach (var (setting, text) in more) all[setting] = text;
        return new Flags(file ?? configFile, all, lists);
    }

    /// <summary>The text given for a setting; null if it is explicitly not set.</summary>
    public bool TryGet(Setting setting, out string? text) => single.TryGetValue(setting, out text);

    /// <summary>The texts given for a setting that is a list.</summary>
    public bool TryGetList(Setting setting, [NotNullWhen(true)] out IReadOnlyList<string>? texts) =>
        lists.TryGetValue(setting, out texts);
}
