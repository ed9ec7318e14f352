using System.Security.Cryptography;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Content;

/// <summary>
/// A file of a tree that is being written, from front to end and by one thread. It ends in <see cref="Finish"/>, or in
/// <see cref="Leave"/> for another life of the destination to go on with; disposing an unfinished file removes it.
/// </summary>
public sealed class WrittenFile : IDisposable
{
    private const long MostCopied = 64 * 1024 * 1024;
    private const int CopyBytes = 256 * 1024;

    private readonly TreeWriter _tree;
    private readonly Descriptor _file;
    private bool _ended;
    private bool _endsInHole;

    internal WrittenFile(TreeWriter tree, Descriptor file, FileEntry entry, long length = 0) =>
        (_tree, _file, Entry, Length) = (tree, file, entry, length);

    /// <summary>The entry that it was created for.</summary>
    public FileEntry Entry { get; }

    /// <summary>Bytes written so far, in whatever life of the destination.</summary>
    public long Length { get; private set; }

    /// <summary>Appends.</summary>
    /// <exception cref="PosixException">It can't be written: no space, quota, disk failure.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _file.Write(bytes).OrThrow("write", Entry.Path);
        Length += bytes.Length;
        _tree.Sync?.Wrote(bytes.Length);
        _endsInHole = false;
    }

    /// <summary>Leaves <paramref name="bytes"/> out: they read as zeros and take no room.</summary>
    /// <exception cref="PosixException">The file can't be that long here.</exception>
    public void Skip(long bytes)
    {
        _file.Seek(Length + bytes).OrThrow("lseek", Entry.Path);
        Length += bytes;
        _endsInHole = true;
    }

    /// <summary>
    /// Takes the first <paramref name="bytes"/> bytes of another file for all of its content: as a clone where the file
    /// system makes them, else read and written where they are few. All of it is read for its SHA-256 in either case:
    /// what rotted there must not come here unseen.
    /// </summary>
    /// <param name="digest">The digest of the copied content; null if copying failed, or the file is too large:
    /// receiving is no slower. Dispose this then.</param>
    /// <returns>The disk's error if it can't read the other file.</returns>
    /// <exception cref="PosixException">The disk refused the write.</exception>
    internal Errno TakeContent(Descriptor source, long bytes, out Sha256Digest? digest)
    {
        digest = null;
        var isClone = _file.Clone(source) == Errno.None;
        if (!isClone && bytes > MostCopied) return Errno.None;
        var from = isClone ? _file : source;
        var buffer = new byte[Math.Min(bytes, CopyBytes)];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var at = 0L; at < bytes;)
        {
            if (Hole(from, at, bytes) is var hole and > 0)
            {
                if (!isClone) Skip(hole);
                hash.AppendZeros(hole);
                at += hole;
                continue;
            }
            var end = from.SeekHole(at, out var next) == Errno.None ? Math.Min(next, bytes) : bytes;
            var errno = from.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - at)), at, out var read);
            if (errno != Errno.None || read == 0) return errno;
            if (!isClone) Write(buffer.AsSpan(0, read));
            hash.AppendData(buffer.AsSpan(0, read));
            at += read;
        }
        Length = bytes;
        digest = Sha256Digest.Finish(hash);
        return Errno.None;
    }

    /// <summary>The length of the hole that begins there; 0: none does, or it is unknown.</summary>
    private static long Hole(Descriptor source, long at, long bytes)
    {
        var errno = source.SeekData(at, out var data);
        return errno == Errno.NoSuchDevice
            ? bytes - at : errno == Errno.None ? Math.Max(0, Math.Min(data, bytes) - at) : 0;
    }

    /// <summary>Sets owner, mode and times and, if the file system needs it, makes this file durable. The caller has
    /// checked the digest.</summary>
    /// <exception cref="DurabilityException">The disk did not accept it: dispose this, which removes the file, and
    /// write it again.</exception>
    /// <exception cref="PosixException">A call failed, or the file is not as long as what was written: dispose this,
    /// which removes the file.</exception>
    public void Finish()
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        if (_endsInHole) _file.SetLength(Length).OrThrow("ftruncate", Entry.Path);
        // The digest covers what was passed to the disk; the file's length shows that the disk took it.
        _file.CheckSize(Length, Entry.Path.ToString());
        _tree.Metadata.Apply(_file, Entry.Metadata, Descriptor.PrivateFile, Entry.Path);
        _tree.MakeDurable(_file, Entry.Path);
        _ended = true;
        _file.Dispose();
    }

    /// <summary>Closes the file as it is: it may be continued later.</summary>
    public void Leave()
    {
        _ended = true;
        _file.Dispose();
    }

    /// <summary>Gives the file up and removes it.</summary>
    /// <exception cref="PosixException">It can't be removed.</exception>
    public void Abandon()
    {
        if (_ended) return;
        _ended = true;
        _file.Dispose();
        _tree.Remove(Entry.Path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Abandon();
        }
        catch (PosixException)
        {
            // Staging that can't be cleaned is removed as a whole with its run; the failure that led here is the one to
            // tell.
        }
    }
}
