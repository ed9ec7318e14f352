using System.Security.Cryptography;

namespace BackupDistribuido.Core.Trees;

/// <summary>The content of holes.</summary>
public static class Zeros
{
    private static readonly byte[] Some = new byte[64 * 1024];

    /// <summary>Hashes so many zeros, as <c>sha256sum</c> does where a file has a hole; about a second for 2
    /// GB.</summary>
    public static void AppendZeros(this IncrementalHash hash, long bytes)
    {
        for (; bytes > 0; bytes -= Some.Length) hash.AppendData(Some.AsSpan(0, (int)Math.Min(bytes, Some.Length)));
    }
}
