using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>Compares two open files, byte by byte.</summary>
internal static class ContentComparison
{
    private const int Piece = 128 * 1024;

    /// <summary>Whether both have the same bytes. False too where one can't be read: nothing is known then.</summary>
    public static bool Is(SourceFile one, SourceFile other)
    {
        if (one.Current.Stamp.Size != other.Current.Stamp.Size) return false;
        var (a, b) = (new byte[Piece], new byte[Piece]);
        try
        {
            while (true)
            {
                var (lengthA, lengthB) = (Fill(one, a), Fill(other, b));
                if (!a.AsSpan(0, lengthA).SequenceEqual(b.AsSpan(0, lengthB))) return false;
                if (lengthA == 0) return true;
            }
        }
        catch (PosixException)
        {
            return false;
        }
    }

    private static int Fill(SourceFile file, Span<byte> piece)
    {
        var filled = 0;
        for (var bytes = 1; bytes > 0 && filled < piece.Length; filled += bytes) bytes = file.Read(piece[filled..]);
        return filled;
    }
}
