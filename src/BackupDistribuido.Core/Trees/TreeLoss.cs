namespace BackupDistribuido.Core.Trees;

/// <summary>Entries of directories that lost them all at once, and the directory that had most of them.</summary>
public readonly record struct LostEntries(long Entries, TreePath Largest, long InLargest)
{
    /// <summary>The same with another directory's.</summary>
    public LostEntries With(TreePath directory, long entries) =>
        entries > InLargest ? new(Entries + entries, directory, entries) : this with { Entries = Entries + entries };
}

/// <summary>What a tree lacks compared with its last run. Unreadable entries count as missing.</summary>
/// <param name="Before">Entries below the root then.</param>
/// <param name="Now">Entries below the root now.</param>
/// <param name="Hollow">Files that had content and have none now.</param>
/// <param name="Emptied">What directories had that are empty now, or can't be read.</param>
/// <param name="Unmounted">Mounts of that run that are gone.</param>
public sealed record TreeLoss(long Before, long Now, long Hollow, LostEntries Emptied, LostEntries Unmounted);
