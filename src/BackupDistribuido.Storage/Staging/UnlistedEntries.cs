using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Staging;

/// <summary>
/// Entries of a staged tree that the draft of its manifest does not have: files of incomplete pages, and anything else.
/// Further names of files too: publishing makes them, and an interrupted one has left them.
/// </summary>
internal static class UnlistedEntries
{
    /// <summary>
    /// Removes them. Both the tree and the draft are read once, in the same order. False if the tree lacks something
    /// that the draft has: the file system or a user has changed names.
    /// </summary>
    /// <param name="missing">Entries of the draft that can't be in the tree.</param>
    /// <param name="keep">Gets each of them that is not a directory, in an open directory and with its path, and may
    /// move it away.</param>
    /// <exception cref="PosixException">Something can't be read or removed.</exception>
    public static bool Remove(Descriptor tree, ManifestDraft draft, MissingNames missing, string shown, Show keep,
        CancellationToken cancel)
    {
        using var entries = draft.Entries()
            .Where(entry => entry is not (OmittedEntry or HardLinkEntry) && !entry.Path.IsRoot
                && !missing.Has(entry.Path)).GetEnumerator();
        using var directories = new DirectoryStack();
        var paths = new Stack<TreePath>();
        var (isMore, isWhole) = (entries.MoveNext(), true);
        Enter(tree, "."u8, TreePath.Root);
        while (directories.Depth > 0)
        {
            cancel.ThrowIfCancellationRequested();
            var directory = directories.Directory ?? throw new PosixException("openat", shown, Errno.Stale);
            if (!directories.MoveNext())
            {
                directories.Pop();
                paths.Pop();
                continue;
            }
            var isPath = paths.Peek().TryChild(directories.Name, out var path, out _);
            for (; isPath && isMore && entries.Current.Path.CompareTo(path) < 0; isMore = entries.MoveNext())
                isWhole = false;
            if (isPath && isMore && entries.Current.Path == path)
            {
                if (entries.Current is DirectoryEntry) Enter(directory, directories.Name, path);
                isMore = entries.MoveNext();
            }
            else
            {
                if (isPath) ShowAll(directory, directories.Name, path, keep, cancel);
                Folders.Remove(directory, directories.Name, $"{shown}/tree/{paths.Peek()}");
            }
        }
        return isWhole && !isMore;

        void Enter(Descriptor parent, ReadOnlySpan<byte> name, TreePath path)
        {
            // Mounts are not ours, and neither is anything in them.
            parent.OpenOnThisMount(name, OpenFlags.Directory, out var directory).OrThrow("openat2", path);
            directory.Status(out var status).OrThrow("statx", path);
            directories.Push(directory, status).OrThrow("getdents64", path);
            paths.Push(path);
        }
    }

    /// <summary>Something in an open directory, and its path in the tree.</summary>
    public delegate void Show(Descriptor directory, ReadOnlySpan<byte> name, TreePath path);

    private static void ShowAll(Descriptor parent, ReadOnlySpan<byte> name, TreePath path, Show show,
        CancellationToken cancel)
    {
        using var directories = new DirectoryStack();
        var paths = new Stack<TreePath>();
        if (!TryEnter(parent, name, path)) show(parent, name, path);
        while (directories.Depth > 0)
        {
            cancel.ThrowIfCancellationRequested();
            if (directories.Directory is not { } directory || !directories.MoveNext())
            {
                directories.Pop();
                paths.Pop();
            }
            else if (paths.Peek().TryChild(directories.Name, out var inner, out _)
                && !TryEnter(directory, directories.Name, inner)) show(directory, directories.Name, inner);
        }

        bool TryEnter(Descriptor outer, ReadOnlySpan<byte> entered, TreePath at)
        {
            if (outer.OpenOnThisMount(entered, OpenFlags.Directory, out var directory) != Errno.None) return false;
            if (directory.Status(out var status) != Errno.None || directories.Push(directory, status) != Errno.None)
                return true;
            paths.Push(at);
            return true;
        }
    }
}
