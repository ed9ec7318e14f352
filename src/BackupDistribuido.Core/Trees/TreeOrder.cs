using System.Diagnostics.CodeAnalysis;

namespace BackupDistribuido.Core.Trees;

/// <summary>
/// Checks that a sequence of entries is in the order of a manifest: the root first and once, paths growing by
/// <see cref="TreePath.CompareTo"/> (so none comes twice), and each entry in a directory that was announced as one. It
/// remembers only the last entry: its ancestors are the directories that are still open, and each was announced.
/// </summary>
public struct TreeOrder
{
    private TreePath _last;
    private bool _lastIsDirectory;
    private bool _begun;

    /// <summary>The order as it stands once <paramref name="last"/> was taken: what follows is held to it.</summary>
    public static TreeOrder After(Entry last) =>
        new() { _begun = true, _last = last.Path, _lastIsDirectory = last is DirectoryEntry };

    /// <summary>Takes the next entry, or says why it can't stand here; a refusal changes nothing.</summary>
    public bool TryNext(Entry entry, [NotNullWhen(false)] out string? why)
    {
        why = WhyNot(entry);
        if (why is not null) return false;
        (_begun, _last, _lastIsDirectory) = (true, entry.Path, entry is DirectoryEntry);
        return true;
    }

    private readonly string? WhyNot(Entry entry)
    {
        if (!_begun)
            return entry is DirectoryEntry { Path.IsRoot: true } ? null : "the first entry is not the root directory";
        if (entry.Path.CompareTo(_last) <= 0) return $"entry '{entry.Path}' is out of order";
        var isOpen = entry.Path.IsChildOf(_last) ? _lastIsDirectory : entry.Path.IsInDirectoryAbove(_last);
        return isOpen ? null : $"entry '{entry.Path}' is in no announced directory";
    }
}
