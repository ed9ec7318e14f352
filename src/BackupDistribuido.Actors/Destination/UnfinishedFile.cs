using System.Security.Cryptography;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Actors.Destination;

/// <summary>A file of which a part is staged, and the SHA-256 over that part: a later link can bring the rest.</summary>
internal sealed record UnfinishedFile(StagedFile File, IncrementalHash Hash) : IDisposable
{
    /// <summary>Takes the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        File.Write(bytes);
        Hash.AppendData(bytes);
    }

    /// <summary>The next bytes are a hole.</summary>
    public void Skip(long bytes)
    {
        File.Skip(bytes);
        Hash.AppendZeros(bytes);
    }

    /// <summary>Closes it; what is written stays as long as its staging does.</summary>
    public void Dispose()
    {
        File.Leave();
        Hash.Dispose();
    }
}
