using BackupDistribuido.Core.Patterns;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>Which entries of a source belong to its tree.</summary>
/// <param name="Exclude">Entries that are left out, unnamed and uncounted; an excluded directory is not
/// entered.</param>
/// <param name="OneFileSystem">
/// True: the directory that something is mounted on, or that is a btrfs subvolume, is an empty one, and not entered. As
/// rsync and tar have it: a mounted file, or a link, is an entry as any other.
/// </param>
public sealed record ScanRules(PatternList Exclude, bool OneFileSystem)
{
    /// <summary>All of it.</summary>
    public static ScanRules Everything { get; } = new(PatternList.None, OneFileSystem: false);
}
