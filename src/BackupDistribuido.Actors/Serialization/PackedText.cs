using System.IO.Compression;

namespace BackupDistribuido.Actors.Serialization;

/// <summary>
/// A message's text on the wire: plain, or compressed with gzip (RFC 1952) if it is long, such as the status of a
/// coordinator with a thousand destinations. A plain text begins with <c>{</c>, gzip with 1F 8B.
/// </summary>
internal static class PackedText
{
    /// <summary>Bytes of the longest text that is taken, packed or not.</summary>
    public const int MaxLength = 4 << 20;

    private const int Long = 16 << 10;

    /// <summary>The text, packed where that is worth it.</summary>
    public static byte[] Pack(byte[] text)
    {
        if (text.Length <= Long) return text;
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(text);
        return packed.ToArray();
    }

    /// <summary>The text that was packed.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or longer than <see cref="MaxLength"/>.</exception>
    public static byte[] Unpack(byte[] bytes)
    {
        if (bytes is not [0x1F, 0x8B, ..]) return bytes;
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var text = new MemoryStream();
        var piece = new byte[Long];
        while (gzip.Read(piece) is > 0 and var read)
        {
            // What claims to be small may be huge.
            if (text.Length + read > MaxLength) throw new InvalidDataException("it is too long");
            text.Write(piece, 0, read);
        }
        return text.ToArray();
    }
}
