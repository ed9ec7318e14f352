using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Checking;

/// <summary>
/// One walk over a published tree, in the order of a manifest. Each name is a separate file: sharing of inodes is
/// ignored. Memory is bounded by the names of the directories from the root to the current one.
/// </summary>
/// <param name="tree">The tree's root; it stays the caller's.</param>
/// <param name="unlisted">Gets a directory whose names can't be read completely.</param>
internal sealed class ReplicaWalk(Descriptor tree, string shown, Action<TreePath> unlisted) : IDisposable
{
    private const int OwnerMayList = 0x140; // r-x

    private readonly DirectoryStack _directories = new();
    private readonly Stack<TreePath> _paths = new();
    private readonly byte[] _target = new byte[SymbolicLinkEntry.MaxTargetBytes + 1];

    /// <summary>The last directory that this user can't read because of its mode; it is reported when the entry after
    /// it is requested.</summary>
    public TreePath? Closed { get; private set; }

    /// <summary>The walk; once. An unreadable entry is an <see cref="OmittedEntry"/>.</summary>
    /// <exception cref="PosixException">The root can't be read, or this process ran out of files or memory.</exception>
    public IEnumerable<Entry> Entries(CancellationToken cancel)
    {
        tree.OpenDirectory("."u8, out var top).OrThrow("openat", shown);
        top.Status(out var status).OrThrow("statx", shown);
        yield return new DirectoryEntry(TreePath.Root, status.Metadata);
        _directories.Push(top, status).OrThrow("getdents64", shown);
        _paths.Push(TreePath.Root);
        while (_directories.Depth > 0)
        {
            cancel.ThrowIfCancellationRequested();
            if (!_directories.MoveNext())
            {
                _directories.Pop();
                _paths.Pop();
            }
            else if (!_paths.Peek().TryChild(_directories.Name, out var path, out _)) unlisted(_paths.Peek());
            else
            {
                var entry = Take(path);
                yield return entry;
                if (entry is DirectoryEntry directory) Enter(directory);
            }
        }
    }

    private Entry Take(TreePath path)
    {
        if (_directories.Directory is not { } parent) return new OmittedEntry(path, Omission.Vanished);
        var errno = parent.Status(path.Name, out var status);
        if (errno.IsShortage()) throw new PosixException("statx", path.ToString(), errno);
        if (errno != Errno.None) return new OmittedEntry(path, Omission.Unreadable);
        return status.Kind switch
        {
            FileKind.Directory => new DirectoryEntry(path, status.Metadata),
            FileKind.Regular => new FileEntry(path, status.Metadata, status.Stamp, null),
            FileKind.SymbolicLink => TakeLink(parent, path, status),
            FileKind.Fifo => new SpecialEntry(path, status.Metadata, SpecialKind.Fifo),
            FileKind.Socket => new SpecialEntry(path, status.Metadata, SpecialKind.Socket),
            FileKind.CharacterDevice =>
                new SpecialEntry(path, status.Metadata, SpecialKind.CharacterDevice, status.Special.Major,
                    status.Special.Minor),
            FileKind.BlockDevice =>
                new SpecialEntry(path, status.Metadata, SpecialKind.BlockDevice, status.Special.Major,
                    status.Special.Minor),
            _ => new OmittedEntry(path, Omission.Unreadable),
        };
    }

    private Entry TakeLink(Descriptor parent, TreePath path, FileStatus status)
    {
        var errno = parent.ReadLink(path.Name, _target, out var length);
        return errno == Errno.None && length is > 0 and <= SymbolicLinkEntry.MaxTargetBytes
            ? new SymbolicLinkEntry(path, status.Metadata, _target.AsMemory(0, length).ToArray())
            : new OmittedEntry(path, Omission.Unreadable);
    }

    private void Enter(DirectoryEntry entered)
    {
        var errno = Push(entered.Path);
        if (errno.IsShortage()) throw new PosixException("openat", entered.Path.ToString(), errno);
        if (errno == Errno.None) _paths.Push(entered.Path);
        else if (errno == Errno.AccessDenied && !Descriptor.IsPrivileged
            && (entered.Metadata.Mode & OwnerMayList) != OwnerMayList) Closed = entered.Path;
        else unlisted(entered.Path);
    }

    private Errno Push(TreePath path)
    {
        if (_directories.Directory is not { } parent) return Errno.Stale;
        var errno = parent.OpenDirectory(path.Name, out var directory);
        if (errno != Errno.None) return errno;
        errno = directory.Status(out var status);
        if (errno == Errno.None) return _directories.Push(directory, status);
        directory.Dispose();
        return errno;
    }

    /// <inheritdoc/>
    public void Dispose() => _directories.Dispose();
}
