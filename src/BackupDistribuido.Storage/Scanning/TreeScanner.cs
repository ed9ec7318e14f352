using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>One walk over a source's tree. What is scanned is what a manifest page announces; <paramref name="attributesLost"/> is told of an entry whose attributes can't be had.</summary>
internal sealed class TreeScanner(ScanRules rules, Action<TreePath>? attributesLost) : IDisposable
{
    private readonly DirectoryStack _directories = new();
    private readonly HardLinks _links = new();
    private readonly AttributeReader _attributes = new();
    private long _number = 1; // of the entry that comes next; the root is number 0
    private readonly Stack<TreePath> _paths = new();
    private readonly byte[] _target = new byte[SymbolicLinkEntry.MaxTargetBytes + 1];
    private FileStatus? _top;

    public static IEnumerable<Entry> Scan(Descriptor root, string shown, ScanRules rules, Action<TreePath>? attributesLost, CancellationToken cancellation)
    {
        using var scanner = new TreeScanner(rules, attributesLost);
        foreach (var entry in scanner.Run(root, shown, cancellation)) yield return entry;
    }

    /// <summary>Bytes that the files met so far take on their disk, at most as many as they have.</summary>
    public long Room { get; private set; }

    /// <summary>Bytes of the largest file met so far.</summary>
    public long Largest { get; private set; }

    /// <summary>The walk; once.</summary>
    public IEnumerable<Entry> Run(Descriptor root, string shown, CancellationToken cancellation)
    {
        root.OpenDirectory("."u8, out var top).OrThrow("openat", shown);
        var first = Enter(top, TreePath.Root);
        if (first is OmittedEntry) throw new PosixException("getdents64", shown, Errno.AccessDenied);
        yield return first;
        while (_directories.Depth > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_directories.MoveNext())
            {
                if (Take() is not { } entry) continue;
                _number++;
                yield return entry;
            }
            else
            {
                _directories.Pop();
                _paths.Pop();
            }
        }
    }

    /// <summary>What an error number means for the entry that it came for.</summary>
    /// <exception cref="PosixException">It means nothing for it: the process or the machine is short of something.</exception>
    public static Omission Explain(Errno errno, string call, TreePath path)
    {
        if (errno.IsShortage()) throw new PosixException(call, path.ToString(), errno);
        return errno switch
        {
            Errno.NoEntry or Errno.Stale => Omission.Vanished,
            // Another kind of thing has its name now, or that of a directory above it: a link, a directory, a socket.
            Errno.Loop or Errno.NotDirectory or Errno.IsDirectory or Errno.NoSuchDevice or Errno.CrossDevice => Omission.Changed,
            _ => Omission.Unreadable,
        };
    }

    /// <summary>The entry that the walk has come to; null where it is excluded.</summary>
    private Entry? Take()
    {
        var path = _paths.Peek().Child(_directories.Name);
        if (_directories.Kind != FileKind.Unknown && rules.Exclude.Excludes(path, _directories.Kind == FileKind.Directory)) return null;
        if (_directories.Directory is not { } directory) return new OmittedEntry(path, Omission.Vanished);
        if (_directories.Kind == FileKind.Directory) return TakeDirectory(directory, path);
        var errno = directory.Status(path.Name, out var status);
        if (errno != Errno.None) return new OmittedEntry(path, Explain(errno, "statx", path));
        if (_directories.Kind == FileKind.Unknown && rules.Exclude.Excludes(path, status.Kind == FileKind.Directory)) return null;
        if (status.Kind == FileKind.Directory) return TakeDirectory(directory, path);
        if (_links.Meet(status, _number) is { } first) return new HardLinkEntry(path, first);
        var entry = TakeOther(directory, path, status);
        if (entry is OmittedEntry) _links.Forget(status);
        if (entry is FileEntry) Measure(status);
        return entry;
    }

    private void Measure(FileStatus file)
    {
        var bytes = Math.Min(file.Size, file.Allocated);
        Room = Room > long.MaxValue - bytes ? long.MaxValue : Room + bytes;
        Largest = Math.Max(Largest, file.Size);
    }

    private Entry TakeOther(Descriptor directory, TreePath path, FileStatus status) => status.Kind switch
    {
        FileKind.Regular => new FileEntry(path, Complete(directory, path, status), status.Stamp, status.Size == 0 ? Sha256Digest.OfNothing : null),
        FileKind.SymbolicLink => TakeLink(directory, path, status),
        FileKind.Fifo => new SpecialEntry(path, Complete(directory, path, status), SpecialKind.Fifo),
        FileKind.Socket => new SpecialEntry(path, Complete(directory, path, status), SpecialKind.Socket),
        FileKind.CharacterDevice => new SpecialEntry(path, Complete(directory, path, status), SpecialKind.CharacterDevice, status.Special.Major, status.Special.Minor),
        FileKind.BlockDevice => new SpecialEntry(path, Complete(directory, path, status), SpecialKind.BlockDevice, status.Special.Major, status.Special.Minor),
        _ => new OmittedEntry(path, Omission.Unreadable),
    };

    /// <summary>The metadata with the attributes of an entry of an open directory. A scan that only counts does not ask for them.</summary>
    private Metadata Complete(Descriptor directory, TreePath path, FileStatus status) =>
        WithAttributes(status, path, directory, path.Name);

    private Metadata WithAttributes(FileStatus status, TreePath path, Descriptor file, ReadOnlySpan<byte> entry)
    {
        if (attributesLost is null) return status.Metadata;
        if (!_attributes.TryRead(file, entry, out var attributes)) attributesLost(path);
        return attributes.IsEmpty ? status.Metadata : status.Metadata with { Attributes = attributes };
    }

    private Entry TakeDirectory(Descriptor parent, TreePath path)
    {
        // Asked by its name first: opening it could make the system mount something there.
        if (rules.OneFileSystem && parent.Status(path.Name, out var seen) == Errno.None && seen.Kind == FileKind.Directory && IsElsewhere(seen)) return new DirectoryEntry(path, seen.Metadata);
        var errno = parent.OpenDirectory(path.Name, out var directory);
        return errno == Errno.None ? Enter(directory, path) : new OmittedEntry(path, Explain(errno, "openat", path));
    }

    /// <summary>Lists a directory before it is announced, so that one that can't be listed is announced as omitted and nothing of it follows.</summary>
    private Entry Enter(Descriptor directory, TreePath path)
    {
        var errno = directory.Status(out var status);
        _top ??= status;
        // Before the stack takes it over: it may close it.
        var metadata = errno == Errno.None ? WithAttributes(status, path, directory, []) : null;
        if (errno == Errno.None && rules.OneFileSystem && IsElsewhere(status))
        {
            directory.Dispose();
            return new DirectoryEntry(path, metadata!);
        }
        if (errno == Errno.None) errno = _directories.Push(directory, status);
        else directory.Dispose();
        if (errno != Errno.None) return new OmittedEntry(path, Explain(errno, "getdents64", path));
        if (path.Bytes.Length + 1 + _directories.LongestName > TreePath.MaxBytes)
        {
            // A name in it has no path, so it can't be named one by one: the directory stands for all of it.
            _directories.Pop();
            return new OmittedEntry(path, Omission.PathTooLong);
        }
        _paths.Push(path);
        return new DirectoryEntry(path, metadata!);
    }

    /// <summary>True for what is not on the tree's own file system: another mount, though it be the same device, or another device, though it be the same mount.</summary>
    private bool IsElsewhere(FileStatus status) => status.MountId != _top!.Value.MountId || status.Device != _top.Value.Device;

    private Entry TakeLink(Descriptor parent, TreePath path, FileStatus status)
    {
        var errno = parent.ReadLink(path.Name, _target, out var length);
        if (errno == Errno.None && length is > 0 and <= SymbolicLinkEntry.MaxTargetBytes)
            return new SymbolicLinkEntry(path, Complete(parent, path, status), _target.AsMemory(0, length).ToArray());
        // "Invalid" is the answer for a name that is no link any more.
        return new OmittedEntry(path, errno == Errno.Invalid ? Omission.Changed : Explain(errno, "readlinkat", path));
    }

    /// <inheritdoc/>
    public void Dispose() => _directories.Dispose();
}
