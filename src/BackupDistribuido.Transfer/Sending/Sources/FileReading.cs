using System.Security.Cryptography;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Transfer.Sending.Sources;

/// <summary>Reads of a file that take more than one call.</summary>
internal static class FileReading
{
    /// <summary>Fills <paramref name="content"/> from where the file is; false where it ends before.</summary>
    /// <exception cref="PosixException">The disk or its file system failed.</exception>
    public static bool TryFill(this SourceFile file, Span<byte> content)
    {
        while (!content.IsEmpty)
        {
            var bytes = file.Read(content);
            if (bytes == 0) return false;
            content = content[bytes..];
        }
        return true;
    }

    /// <summary>
    /// Whether a file that changed is one that is written to all the time at its end, a log: what it had at its opening
    /// is still there, which is read once more to be sure, by way of <paramref name="scratch"/>.
    /// </summary>
    /// <exception cref="PosixException">The disk or its file system failed.</exception>
    public static bool HasOnlyGrown(this SourceFile file, long size, Sha256Digest digest, byte[] scratch)
    {
        if (!file.HasGrown()) return false;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        file.Position = 0;
        for (var rest = size; rest > 0;)
        {
            var content = scratch.AsSpan(0, (int)Math.Min(rest, scratch.Length));
            if (!file.TryFill(content)) return false;
            hash.AppendData(content);
            rest -= content.Length;
        }
        return Sha256Digest.Finish(hash) == digest;
    }
}
