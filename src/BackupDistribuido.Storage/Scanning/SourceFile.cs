using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>A regular file of a source, open for reading. For one thread at a time.</summary>
public sealed class SourceFile : IDisposable
{
    private readonly Descriptor _file;
    private readonly FileStatus _status;

    internal SourceFile(Descriptor file, FileEntry announced, FileStatus status)
    {
        (_file, _status) = (file, status);
        IsAsAnnounced = announced.Stamp == status.Stamp && announced.Metadata == status.Metadata;
        Current = IsAsAnnounced
            ? announced
            : new FileEntry(announced.Path, status.Metadata, status.Stamp, status.Size == 0 ? Sha256Digest.OfNothing : null);
    }

    /// <summary>The entry as the file was when it was opened; the announced one, with its digest, while nothing has changed.</summary>
    public FileEntry Current { get; }

    /// <summary>True when the file at its opening was what the scan had announced: same size, times, inode, mode and owner.</summary>
    public bool IsAsAnnounced { get; }

    /// <summary>Where the next read begins, in bytes from the start.</summary>
    public long Position { get; set; }

    /// <summary>
    /// Reads on. Fewer bytes than asked for are normal, 0 means the end. Who has got <c>Current.Stamp.Size</c> bytes need not ask for the end:
    /// <see cref="IsUnchanged"/> answers for it.
    /// </summary>
    /// <exception cref="PosixException">The disk or its file system failed.</exception>
    public int Read(Span<byte> buffer)
    {
        _file.Read(buffer, Position, out var bytes).OrThrow("pread", Current.Path);
        Position += bytes;
        return bytes;
    }

    /// <summary>True when size, modification time and change time are those of the opening: what was read belongs together.</summary>
    /// <exception cref="PosixException">The file can't be asked any more.</exception>
    public bool IsUnchanged()
    {
        _file.Status(out var now).OrThrow("statx", Current.Path);
        return now.Size == _status.Size && now.Modified == _status.Modified && now.Changed == _status.Changed;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
