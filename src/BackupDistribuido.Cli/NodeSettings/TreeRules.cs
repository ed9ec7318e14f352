using System.Globalization;
using System.Text;
using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Patterns;
using BackupDistribuido.Hosting;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Cli.NodeSettings;

/// <summary>Which entries of SOURCE are copied, and how much it may have shrunk, from the configuration.</summary>
internal static class TreeRules
{
    /// <summary>The tree below <paramref name="source"/>, with the origin's record in <paramref name="dataFolder"/>
    /// if no other folder is configured.</summary>
    /// <exception cref="CommandFailure">A file can't be read, or a pattern is wrong.</exception>
    public static OriginTree Tree(NodeConfiguration configuration, TreeSettings settings, string source,
        NodeName origin, string dataFolder) =>
        new(source, Read(configuration, settings), RecordFile(configuration, settings, origin, dataFolder),
            configuration.Get(settings.Checksum));

    /// <summary>Reads the patterns, also those in files. Those of the files come first, as with git: the owner's own
    /// word is the last.</summary>
    /// <exception cref="CommandFailure">A file can't be read, or a pattern is wrong.</exception>
    private static ScanRules Read(NodeConfiguration configuration, TreeSettings settings)
    {
        var patterns = configuration.GetList(settings.ExcludeFrom).SelectMany(FromFile).ToList();
        foreach (var text in configuration.GetList(settings.Exclude))
        {
            if (Pattern.TryParse(Encoding.UTF8.GetBytes(text), out var pattern, out _)) patterns.Add(pattern);
        }
        if (patterns.Count > PatternList.MaxPatterns)
            throw CommandFailure.Usage(
                string.Create(CultureInfo.InvariantCulture,
                    $"there are {patterns.Count} patterns to exclude, and at most {PatternList.MaxPatterns} are taken; "
                    + $"write fewer, wider ones"));
        return new ScanRules(new PatternList(patterns), configuration.Get(settings.OneFileSystem));
    }

    /// <summary>The share of its entries that the tree may have lost since its last snapshot; null: any.</summary>
    public static int? MaxShrinkPercent(NodeConfiguration configuration, TreeSettings settings) =>
        configuration.Get(settings.AllowShrink) ? null : configuration.Get(settings.MaxShrinkPercent);

    /// <summary>The file with an origin's record of its last run.</summary>
    private static string RecordFile(NodeConfiguration configuration, TreeSettings settings, NodeName origin,
        string defaultFolder) =>
        Path.Combine(Path.GetFullPath(configuration.Get(settings.RecordFolder, () => defaultFolder)),
            $"{origin}.record");

    private static IReadOnlyList<Pattern> FromFile(string file) =>
        PatternFile.TryParse(Content(file), out var patterns, out var line, out var why)
        ? patterns
        : throw CommandFailure.Usage(FormattableString.Invariant($"--exclude-from {file}, line {line}: {why}"));

    private static byte[] Content(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            // It need not be a regular file, so its length says nothing.
            var content = new byte[PatternFile.MaxBytes + 1];
            var length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            return length <= PatternFile.MaxBytes ? content[..length]
                : throw CommandFailure.Usage(
                    FormattableString.Invariant(
                        $"--exclude-from {file}: it is larger than {PatternFile.MaxBytes / 1024 / 1024} MiB"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Usage($"--exclude-from {file}: {Unreadable.Why(file, e)}");
        }
    }
}
