using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>A regular file of a source, open for reading. For one thread at a time.</summary>
public sealed class SourceFile : IDisposable
{
    private readonly Descriptor _file;
    private readonly FileStatus _status;
    private bool _isHole;
    private long _extentStart;
    private long _extentEnd;

    internal SourceFile(Descriptor file, FileStatus status, FileEntry current, FileEntry announced)
    {
        (_file, _status, Current, IsAsAnnounced) = (file, status, current, ReferenceEquals(current, announced));
        // Most files have no holes, and asking costs two calls.
        _extentEnd = status.Allocated < status.Size ? 0 : status.Size;
    }

    /// <summary>The entry as the file was when it was opened; the announced one, with its digest, while nothing has
    /// changed.</summary>
    public FileEntry Current { get; }

    /// <summary>True if the file at its opening was what the scan had announced: same size, times, inode, mode and
    /// owner.</summary>
    public bool IsAsAnnounced { get; }

    /// <summary>
    /// True when memory holds changes of it that were not written back: a program that has it mapped may write more to
    /// them, and no time of the file would tell.
    /// </summary>
    public bool MayChangeUnseen => _file.HasUnwrittenPages();

    /// <summary>Its inode on the file system that it was read from.</summary>
    public ulong Inode => _status.Inode;

    /// <summary>Where the next read begins, in bytes from the start.</summary>
    public long Position { get; set; }

    /// <summary>
    /// Reads on. Fewer bytes than requested are normal, 0 means the end. After <c>Current.Stamp.Size</c> bytes the end
    /// need not be read: <see cref="IsUnchanged"/> covers it.
    /// </summary>
    /// <exception cref="PosixException">The disk or its file system failed.</exception>
    public int Read(Span<byte> buffer)
    {
        _file.Read(buffer, Position, out var bytes).OrThrow("pread", Current.Path);
        Position += bytes;
        return bytes;
    }

    /// <summary>Whether a hole begins at <see cref="Position"/>, or continues there, and where it or the data ends:
    /// beyond the position, at most at the end of the file.</summary>
    public (bool IsHole, long End) Extent
    {
        get
        {
            if (Position < _extentStart || Position >= _extentEnd) FindExtent();
            return (_isHole, _extentEnd);
        }
    }

    // A file system that does not know its holes says that all is data.
    private void FindExtent()
    {
        var errno = _file.SeekData(Position, out var data);
        _isHole = errno == Errno.NoSuchDevice || (errno == Errno.None && data > Position);
        if (errno == Errno.NoSuchDevice) data = _status.Size;
        else if (errno != Errno.None || (!_isHole && _file.SeekHole(Position, out data) != Errno.None)) (_isHole,
            data) = (false, _status.Size);
        _extentStart = Position;
        _extentEnd = Math.Clamp(data, Position + 1, Math.Max(_status.Size, Position + 1));
    }

    /// <summary>True when the file is longer than at its opening.</summary>
    /// <exception cref="PosixException">The file can't be asked any more.</exception>
    public bool HasGrown()
    {
        _file.Status(out var now).OrThrow("statx", Current.Path);
        return now.Size > _status.Size;
    }

    /// <summary>True if size, modification time and change time are those of the opening: the content that was read is
    /// consistent.</summary>
    /// <exception cref="PosixException">The file can't be asked any more.</exception>
    public bool IsUnchanged()
    {
        _file.Status(out var now).OrThrow("statx", Current.Path);
        return now.Size == _status.Size && now.Modified == _status.Modified && now.Changed == _status.Changed;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
