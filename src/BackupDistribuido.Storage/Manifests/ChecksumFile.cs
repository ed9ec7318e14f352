using System.Buffers;
using System.Text;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Storage.Manifests;

/// <summary>
/// A list for <c>sha256sum -c</c>, run in the snapshot's folder, as GNU coreutils write it: <c>DIGEST␠␠PATH</c>, the
/// path's raw bytes. Where a path has a backslash, LF or CR, the line begins with a backslash and those are written
/// <c>\\</c>, <c>\n</c>, <c>\r</c>. Lines that begin with <c>#</c> are comments to it.
/// </summary>
public static class ChecksumFile
{
    /// <summary>Longest path that a program can open by its name (PATH_MAX less its NUL).</summary>
    public const int MaxPathBytes = 4095;

    private static readonly SearchValues<byte> Escaped = SearchValues.Create("\\\n\r"u8);

    /// <summary>Writes a file's line; a comment where the path is longer than <see cref="MaxPathBytes"/>.</summary>
    /// <exception cref="ArgumentException">The entry has no digest.</exception>
    public static void Write(FileEntry file, IBufferWriter<byte> output)
    {
        if (file.Digest is not { } digest)
            throw new ArgumentException($"The file '{file.Path}' has no digest.", nameof(file));
        var path = file.Path.Bytes;
        if (path.Length > MaxPathBytes)
        {
            output.Write(
                Encoding.ASCII.GetBytes(
                    $"# left out, for sha256sum can't open a path of {path.Length} bytes: {digest} "));
            PathText.Encode(path, output);
            output.Write("\n"u8);
            return;
        }
        var escapes = path.ContainsAny(Escaped);
        if (escapes) output.Write("\\"u8);
        digest.Format(output.GetSpan(Sha256Digest.TextLength));
        output.Advance(Sha256Digest.TextLength);
        // A lone dash would mean standard input.
        output.Write(path is [(byte)'-'] ? "  ./"u8 : "  "u8);
        if (escapes) WriteEscaped(path, output);
        else output.Write(path);
        output.Write("\n"u8);
    }

    private static void WriteEscaped(ReadOnlySpan<byte> path, IBufferWriter<byte> output)
    {
        foreach (var b in path)
        {
            output.Write(b switch
            {
                (byte)'\\' => "\\\\"u8,
                (byte)'\n' => "\\n"u8,
                (byte)'\r' => "\\r"u8,
                _ => [b],
            });
        }
    }
}
