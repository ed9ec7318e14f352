using System.Security.Cryptography;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Transfer.Receiving;

/// <summary>
/// A file of which a part is in the sink, and the SHA-256 over that part: a later link can bring the rest. One whose
/// name can't be had here has no <paramref name="File"/>: it is checked and dropped, for the manifest has to have its
/// digest. One that a link brings proven has no <paramref name="Hash"/>, and can't be gone on with by another link.
/// </summary>
internal sealed record UnfinishedFile(FileEntry Entry, ISinkFile? File, IncrementalHash? Hash) : IDisposable
{
    private long _dropped;

    /// <summary>Bytes that have come of it.</summary>
    public long Length => File?.Length ?? _dropped;

    /// <summary>Takes the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (File is null) _dropped += bytes.Length;
        else File.Write(bytes);
        Hash?.AppendData(bytes);
    }

    /// <summary>The next bytes are a hole.</summary>
    public void Skip(long bytes)
    {
        if (File is null) _dropped += bytes;
        else File.Skip(bytes);
        Hash?.AppendZeros(bytes);
    }

    /// <summary>Whether all of it has come, and has this digest, as far as it was not proven on its way.</summary>
    public bool Is(long size, Sha256Digest digest) =>
        Length == size && (Hash is null || Sha256Digest.Finish(Hash) == digest);

    /// <summary>Closes it; what is written stays as long as its staging does.</summary>
    public void Dispose()
    {
        File?.Leave();
        Hash?.Dispose();
    }
}
