using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>
/// One walk over a source's tree; its entries are announced in manifest pages. <paramref name="notes"/> gets oddities;
/// null: a mere count does not read attributes. <paramref name="haveOneContent"/> compares two names that a file
/// system, which is not known to distinguish files, reports as one file; null: it is believed.
/// </summary>
internal sealed class TreeScanner(ScanRules rules, ScanObserver? notes,
    Func<TreePath, TreePath, FileStatus, bool>? haveOneContent = null) : IDisposable
{
    private readonly DirectoryStack _directories = new();
    private readonly HardLinks _links = new();
    private readonly AttributeReader _attributes = new();
    private readonly Shortage _shortage = new();
    private long _number = 1; // of the entry that comes next; the root is number 0
    private readonly Stack<(TreePath Path, FileSystemStatus FileSystem)> _paths = new();
    private readonly byte[] _target = new byte[SymbolicLinkEntry.MaxTargetBytes + 1];
    private FileStatus? _top;
    private bool _isMountPoint, _hasSoundStamp;

    /// <summary>Bytes that the files met so far take on their disk, at most as many as they have.</summary>
    public long Room { get; private set; }

    /// <summary>Bytes of the largest file met so far.</summary>
    public long Largest { get; private set; }

    /// <summary>The walk; once.</summary>
    public IEnumerable<ScannedEntry> Run(Descriptor root, string shown, CancellationToken cancellation)
    {
        root.OpenUntouched("."u8, OpenFlags.Directory, out var top).OrThrow("openat", shown);
        var first = Enter(top, TreePath.Root);
        if (first is OmittedEntry) throw new PosixException("getdents64", shown, Errno.AccessDenied);
        yield return new ScannedEntry(first, HasSoundStamp: false, IsMountPoint: false);
        while (_directories.Depth > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_directories.MoveNext())
            {
                (_isMountPoint, _hasSoundStamp) = (false, false);
                if (Take() is not { } entry) continue;
                _number++;
                yield return new ScannedEntry(entry, _hasSoundStamp, _isMountPoint);
            }
            else
            {
                _directories.Pop();
                _paths.Pop();
            }
        }
    }

    /// <summary>The meaning of an error number for its entry.</summary>
    public static Omission Explain(Errno errno) => errno switch
    {
        Errno.NoEntry or Errno.Stale => Omission.Vanished,
        // Another kind of thing has its name now, or that of a directory above it: a link, a directory, a socket.
        Errno.Loop or Errno.NotDirectory or Errno.IsDirectory or Errno.NoSuchDevice or Errno.CrossDevice =>
            Omission.Changed,
        _ => Omission.Unreadable,
    };

    private OmittedEntry LeaveOut(TreePath path, Errno errno)
    {
        if (errno.IsShortage()) _shortage.GiveUp(path, errno);
        return new OmittedEntry(path, Explain(errno));
    }

    /// <summary>The entry that the walk has come to; null where it is excluded.</summary>
    private Entry? Take()
    {
        var path = _paths.Peek().Path.Child(_directories.Name);
        if (_directories.Kind != FileKind.Unknown
            && rules.Exclude.Excludes(path, _directories.Kind == FileKind.Directory)) return null;
        if (_directories.Directory is not { } directory) return new OmittedEntry(path, Omission.Vanished);
        if (_directories.Kind == FileKind.Directory) return TakeDirectory(directory, path);
        FileStatus status;
        Errno errno;
        var tries = 0;
        do errno = directory.Status(path.Name, out status);
        while (Shortage.Again(errno, ref tries));
        if (errno != Errno.None) return LeaveOut(path, errno);
        _shortage.Over();
        if (_directories.Kind == FileKind.Unknown && rules.Exclude.Excludes(path, status.Kind == FileKind.Directory))
            return null;
        return status.Kind == FileKind.Directory
            ? TakeDirectory(directory, path) : TakeNoDirectory(directory, path, status);
    }

    private Entry TakeNoDirectory(Descriptor directory, TreePath path, FileStatus status)
    {
        var fileSystem = _paths.Peek().FileSystem;
        // A single file may be mounted too, from anywhere.
        _hasSoundStamp = fileSystem.HasSoundChangeTimes && status.MountId == _directories.Status.MountId;
        var mustCompare = !fileSystem.HasSoundInodes && haveOneContent is not null;
        if (_links.Meet(status, new FirstName(_number, mustCompare ? path : default)) is { } first
            && (!mustCompare || haveOneContent!(first.Path, path, status)))
            return new HardLinkEntry(path, first.Number);
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
        FileKind.Regular =>
            new FileEntry(path, Complete(directory, path, status), status.Stamp,
                status.Size == 0 ? Sha256Digest.OfNothing : null),
        FileKind.SymbolicLink => TakeLink(directory, path, status),
        FileKind.Fifo => new SpecialEntry(path, Complete(directory, path, status), SpecialKind.Fifo),
        FileKind.Socket => new SpecialEntry(path, Complete(directory, path, status), SpecialKind.Socket),
        FileKind.CharacterDevice =>
            new SpecialEntry(path, Complete(directory, path, status), SpecialKind.CharacterDevice, status.Special.Major,
                status.Special.Minor),
        FileKind.BlockDevice =>
            new SpecialEntry(path, Complete(directory, path, status), SpecialKind.BlockDevice, status.Special.Major,
                status.Special.Minor),
        _ => new OmittedEntry(path, Omission.Unreadable),
    };

    /// <summary>The metadata with the attributes of an entry of an open directory. A scan that only counts does not ask
    /// for them.</summary>
    private Metadata Complete(Descriptor directory, TreePath path, FileStatus status) =>
        WithAttributes(status, path, directory, path.Name);

    private Metadata WithAttributes(FileStatus status, TreePath path, Descriptor file, ReadOnlySpan<byte> entry)
    {
        if (notes is null) return status.Metadata;
        if (!_attributes.TryRead(file, entry, out var attributes))
        {
            notes.AttributesLost(new LostAttributes(path, _attributes.Lost));
            return status.Metadata with
            {
                Attributes = attributes,
                Mode = status.Kind == FileKind.SymbolicLink ? status.Mode : _attributes.ModeOf(status.Mode)
            };
        }
        return attributes.IsEmpty ? status.Metadata : status.Metadata with { Attributes = attributes };
    }

    private Entry TakeDirectory(Descriptor parent, TreePath path)
    {
        // Asked by its name first: opening it could make the system mount something there.
        if (rules.OneFileSystem && parent.Status(path.Name, out var seen) == Errno.None
            && seen.Kind == FileKind.Directory && IsElsewhere(seen, _top!.Value))
        {
            _isMountPoint = true;
            return new DirectoryEntry(path, seen.Metadata);
        }
        Descriptor directory;
        Errno errno;
        var tries = 0;
        do errno = parent.OpenUntouched(path.Name, OpenFlags.Directory | OpenFlags.NoFollow, out directory);
        while (Shortage.Again(errno, ref tries));
        if (errno != Errno.None) return LeaveOut(path, errno);
        _shortage.Over();
        return Enter(directory, path);
    }

    /// <summary>Lists a directory before it is announced, so that one that can't be listed is announced as omitted and
    /// nothing of it follows.</summary>
    private Entry Enter(Descriptor directory, TreePath path)
    {
        var errno = directory.Status(out var status);
        _top ??= status;
        // Before the stack takes it over: it may close it.
        var metadata = errno == Errno.None ? WithAttributes(status, path, directory, []) : null;
        _isMountPoint = _directories.Depth > 0 && errno == Errno.None && IsElsewhere(status, _directories.Status);
        if (errno == Errno.None && rules.OneFileSystem && IsElsewhere(status, _top.Value))
        {
            directory.Dispose();
            return new DirectoryEntry(path, metadata!);
        }
        var fileSystem = _directories.Depth > 0 && !_isMountPoint ? _paths.Peek().FileSystem : default;
        if (errno == Errno.None && (_directories.Depth == 0 || _isMountPoint)
            && directory.FileSystem(out fileSystem) != Errno.None) fileSystem = default;
        if (errno == Errno.None) errno = _directories.Push(directory, status);
        else directory.Dispose();
        if (errno != Errno.None) return LeaveOut(path, errno);
        if (path.Bytes.Length + 1 + _directories.LongestName > TreePath.MaxBytes)
        {
            // A name in it has no valid path, so it can't be named separately: the directory stands for all of it.
            _directories.Pop();
            return new OmittedEntry(path, Omission.PathTooLong);
        }
        _paths.Push((path, fileSystem));
        if (notes is not null) foreach (var name in _directories.Repeated) notes.Repeated(path.Child(name));
        return new DirectoryEntry(path, metadata!);
    }

    /// <summary>True for entries on another file system: another mount, even of the same device, or another device,
    /// even in the same mount.</summary>
    private static bool IsElsewhere(FileStatus status, FileStatus here) =>
        status.MountId != here.MountId || status.Device != here.Device;

    private Entry TakeLink(Descriptor parent, TreePath path, FileStatus status)
    {
        var errno = parent.ReadLink(path.Name, _target, out var length);
        if (errno == Errno.None && length is > 0 and <= SymbolicLinkEntry.MaxTargetBytes)
            return new SymbolicLinkEntry(path, Complete(parent, path, status), _target.AsMemory(0, length).ToArray());
        // "Invalid" is the answer for a name that is no longer a link.
        return errno == Errno.Invalid ? new OmittedEntry(path, Omission.Changed) : LeaveOut(path, errno);
    }

    /// <inheritdoc/>
    public void Dispose() => _directories.Dispose();
}
