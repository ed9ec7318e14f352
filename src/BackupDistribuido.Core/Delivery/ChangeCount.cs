using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Delivery;

/// <summary>
/// Counts how a tree's files differ from those of the run before, in one pass over both in the order of a manifest. It
/// remembers the earlier entries of pages that are not final, and nothing else. For one thread at a time.
/// </summary>
/// <param name="since">The snapshot of the run before.</param>
public sealed class ChangeCount(SnapshotId since)
{
    private readonly Dictionary<long, Entry> _before = [];
    private TreePath? _leftOut;
    private long _new, _changed, _metadataOnly, _unchanged, _removed;

    /// <summary>The counts so far.</summary>
    public TreeChanges Changes => new(since, _new, _changed, _metadataOnly, _unchanged, _removed);

    /// <summary>An entry was scanned; <paramref name="before"/> is what had its path in the run before, null: nothing
    /// had.</summary>
    public void Scanned(long number, Entry scanned, Entry? before)
    {
        if (scanned is OmittedEntry) _leftOut = scanned.Path;
        else if (before is FileEntry && scanned is not (FileEntry or HardLinkEntry)) _removed++;
        else if (before is FileEntry or HardLinkEntry && scanned is FileEntry) _before[number] = before;
    }

    /// <summary>An entry of the run before, in its order, whose path was not scanned.</summary>
    public void Gone(Entry before)
    {
        // The content of an unreadable directory is unknown.
        if (before is FileEntry && !(_leftOut is { } above && IsBelow(before.Path, above))) _removed++;
    }

    /// <summary>The entry is final: its digest is known, or it is left out.</summary>
    public void Settled(long number, Entry now)
    {
        var had = _before.Remove(number, out var before);
        if (now is not FileEntry file) return;
        if (!had) _new++;
        else if (IsChanged(before!, file)) _changed++;
        else if (((FileEntry)before!).Metadata != file.Metadata
            || ((FileEntry)before).Stamp.Changed != file.Stamp.Changed
            && ((FileEntry)before).Digest is null) _metadataOnly++;
        else _unchanged++;
    }

    /// <summary>
    /// Whether its content is another one. Where the run before does not vouch for its digest
    /// (<see cref="FileEntry.Digest"/> is null), size and modification time tell. Of a further name of another file it
    /// is not known.
    /// </summary>
    private static bool IsChanged(Entry before, FileEntry now) => before is not FileEntry file
        || (file.Digest is { } digest
            ? digest != now.Digest
            : file.Stamp.Size != now.Stamp.Size || file.Metadata.Modified != now.Metadata.Modified);

    private static bool IsBelow(TreePath path, TreePath directory) =>
        path.Bytes.Length > directory.Bytes.Length && path.Bytes.StartsWith(directory.Bytes)
            && path.Bytes[directory.Bytes.Length] == (byte)'/';
}
