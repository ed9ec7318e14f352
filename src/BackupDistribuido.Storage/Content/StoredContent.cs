using System.Security.Cryptography;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Content;

/// <summary>Re-reads stored files for their SHA-256. <paramref name="verified"/> gets each number of bytes that were
/// read. For one thread.</summary>
internal sealed class StoredContent(Action<long> verified, CancellationToken cancel)
{
    private readonly byte[] _buffer = new byte[256 * 1024];

    /// <summary>The digest of an open file; null where it is not as long as its entry says.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="PosixException">The disk can't read it.</exception>
    public Sha256Digest? Digest(Descriptor file, FileEntry entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        return Read(file, entry.Path, hash) == entry.Stamp.Size ? Sha256Digest.Finish(hash) : null;
    }

    /// <summary>Takes all of an open file into <paramref name="hash"/>; how many bytes that were.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="PosixException">The disk can't read it.</exception>
    public long Read(Descriptor file, TreePath path, IncrementalHash hash)
    {
        for (var at = 0L; ;)
        {
            cancel.ThrowIfCancellationRequested();
            file.Read(_buffer, at, out var bytes).OrThrow("pread", path);
            if (bytes == 0) return at;
            hash.AppendData(_buffer.AsSpan(0, bytes));
            at += bytes;
            verified(bytes);
        }
    }
}
