namespace BackupDistribuido.Core.Trees;

/// <summary>
/// Compares a tree with its state in the last run, both in the order of a manifest. It looks for changes that no owner
/// makes: a directory that exists and has lost all of its entries, or a mount that is gone. Memory: the directories
/// from the root to the current entry. For one thread.
/// </summary>
/// <param name="before">The entries of the last run.</param>
/// <param name="mountsBefore">The directories that something was mounted on then.</param>
public sealed class TreeComparison(IEnumerable<Entry> before, IReadOnlyCollection<TreePath> mountsBefore) : IDisposable
{
    private readonly HashSet<TreePath> _mountsBefore = [.. mountsBefore];
    private readonly IEnumerator<Entry> _before = before.GetEnumerator();
    private readonly Stack<Level> _levels = new();
    private bool _hasBegun;
    private Entry? _next;
    private long _entriesBefore, _entriesNow, _hollow;
    private LostEntries _emptied, _unmounted;

    /// <summary>The next entry of the tree as it is now, and whether something is mounted there.</summary>
    public void Meet(Entry now, bool isMountPoint)
    {
        if (!_hasBegun) Advance();
        while (_next is { } gone && gone.Path.CompareTo(now.Path) < 0)
        {
            Take(gone, null, isMountPoint: false);
            Advance();
        }
        var same = _next?.Path == now.Path ? _next : null;
        Take(same, now, isMountPoint);
        if (same is not null) Advance();
    }

    /// <summary>What the tree lacks, once all entries were met.</summary>
    public TreeLoss Finish()
    {
        if (!_hasBegun) Advance();
        for (; _next is { } gone; Advance()) Take(gone, null, isMountPoint: false);
        while (_levels.Count > 0) Leave();
        return new TreeLoss(_entriesBefore, _entriesNow, _hollow, _emptied, _unmounted);
    }

    private void Advance()
    {
        _hasBegun = true;
        _next = _before.MoveNext() ? _before.Current : null;
    }

    private void Take(Entry? before, Entry? now, bool isMountPoint)
    {
        var path = (before ?? now!).Path;
        while (_levels.TryPeek(out var top) && !IsWithin(path, top.Path)) Leave();
        if (!path.IsRoot) Count(before is null or OmittedEntry ? 0 : 1, now is null or OmittedEntry ? 0 : 1);
        if (before is FileEntry { Stamp.Size: > 0 } && now is FileEntry { Stamp.Size: 0 }) _hollow++;
        if (before is DirectoryEntry || now is DirectoryEntry)
            _levels.Push(new Level(path, before is DirectoryEntry, now is DirectoryEntry or OmittedEntry,
                isMountPoint));
    }

    private void Count(int before, int now)
    {
        (_entriesBefore, _entriesNow) = (_entriesBefore + before, _entriesNow + now);
        if (!_levels.TryPeek(out var directory)) return;
        directory.Before += before;
        directory.Now += now;
    }

    private static bool IsWithin(TreePath path, TreePath directory) =>
        directory.IsRoot
            || (path.Bytes.Length > directory.Bytes.Length && path.Bytes[directory.Bytes.Length] == (byte)'/'
                && path.Bytes.StartsWith(directory.Bytes));

    private void Leave()
    {
        var left = _levels.Pop();
        var lost = left.Before - left.Now;
        if (left.WasDirectory && lost > 0 && !left.Path.IsRoot)
        {
            if (!left.IsMountPoint && left.Now <= left.Before / 2 && _mountsBefore.Contains(left.Path))
                _unmounted = _unmounted.With(left.Path, lost);
            else if (left is { Now: 0, IsThere: true }) _emptied = _emptied.With(left.Path, lost);
        }
        if (!_levels.TryPeek(out var outer)) return;
        outer.Before += left.Before;
        outer.Now += left.Now;
    }

    /// <inheritdoc/>
    public void Dispose() => _before.Dispose();

    private sealed class Level(TreePath path, bool wasDirectory, bool isThere, bool isMountPoint)
    {
        public TreePath Path => path;

        public bool WasDirectory => wasDirectory;

        /// <summary>As a directory, or as one that can't be read.</summary>
        public bool IsThere => isThere;

        public bool IsMountPoint => isMountPoint;

        public long Before { get; set; }

        public long Now { get; set; }
    }
}
