using System.Diagnostics.CodeAnalysis;

namespace BackupDistribuido.Cli.Configuration;

/// <summary>The top layer of a command's configuration: what stands on its command line, as text.</summary>
/// <param name="configFile">The file of <c>--config</c>.</param>
/// <param name="single">Settings with one value.</param>
/// <param name="lists">Settings with several.</param>
internal sealed class Flags(string? configFile, IReadOnlyDictionary<Setting, string> single, IReadOnlyDictionary<Setting, IReadOnlyList<string>> lists)
{
    /// <summary>The file of <c>--config</c>.</summary>
    public string? ConfigFile => configFile;

    /// <summary>The text given for a setting.</summary>
    public bool TryGet(Setting setting, [NotNullWhen(true)] out string? text) => single.TryGetValue(setting, out text);

    /// <summary>The texts given for a setting.</summary>
    public bool TryGetList(Setting setting, [NotNullWhen(true)] out IReadOnlyList<string>? texts) => lists.TryGetValue(setting, out texts);
}
