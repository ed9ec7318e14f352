using System.Buffers;
using System.Text;

namespace BackupDistribuido.Core.Text;

/// <summary>
/// Path bytes as text, in two ways. On the wire and in manifests they are percent-encoded as in RFC 3986 section 2.1:
/// printable ASCII (0x21 to 0x7E) except <c>%</c> stands for itself, every other byte is <c>%</c> and two upper-case
/// hex digits; there is exactly one spelling of a path. Users see them as UTF-8 if they are valid, printable and
/// harmless UTF-8, else percent-encoded.
/// </summary>
public static class PathText
{
    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly SearchValues<byte> Literal =
        SearchValues.Create([.. Enumerable.Range(0x21, 0x7E - 0x21 + 1).Where(b => b != '%').Select(b => (byte)b)]);

    // What moves a terminal's cursor, ends a line, or turns the direction in which the letters after it are read
    // (Unicode, UAX #9, and the byte order mark).
    internal static readonly SearchValues<char> Misleading = SearchValues.Create(
        [.. Range('\0', '\x1f'), .. Range('\x7f', '\x9f'), '\u061c', '\u200e', '\u200f', .. Range('\u2028', '\u202e'),
            .. Range('\u2066', '\u2069'), '\ufeff']);

    private static IEnumerable<char> Range(char first, char last) =>
        Enumerable.Range(first, last - first + 1).Select(code => (char)code);

    /// <summary>What stands for itself where a comma and an equals sign part things: they are encoded too.</summary>
    internal static readonly SearchValues<byte> LiteralInLists =
        SearchValues.Create([.. Enumerable.Range(0x21, 0x7E - 0x21 + 1).Where(b => b is not ('%' or ',' or '='))
            .Select(b => (byte)b)]);

    /// <summary>Writes <paramref name="bytes"/> percent-encoded.</summary>
    public static void Encode(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output) => Encode(bytes, output, Literal);

    /// <summary>How many bytes <see cref="Encode(ReadOnlySpan{byte}, IBufferWriter{byte})"/> writes.</summary>
    public static int EncodedLength(ReadOnlySpan<byte> bytes)
    {
        var length = bytes.Length;
        for (var at = bytes.IndexOfAnyExcept(Literal); at >= 0; at = bytes.IndexOfAnyExcept(Literal))
        {
            length += 2;
            bytes = bytes[(at + 1)..];
        }
        return length;
    }

    internal static void Encode(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output, SearchValues<byte> literals)
    {
        if (bytes.IsEmpty) return;
        var span = output.GetSpan(bytes.Length * 3);
        var written = 0;
        while (!bytes.IsEmpty)
        {
            var at = bytes.IndexOfAnyExcept(literals);
            var literal = at < 0 ? bytes : bytes[..at];
            literal.CopyTo(span[written..]);
            written += literal.Length;
            if (at < 0) break;
            span[written++] = (byte)'%';
            span[written++] = HexDigit(bytes[at] >> 4);
            span[written++] = HexDigit(bytes[at] & 0xF);
            bytes = bytes[(at + 1)..];
        }
        output.Advance(written);
    }

    /// <summary>
    /// Decodes <paramref name="text"/>. False where it is not the one right spelling: a stray <c>%</c>, lower-case
    /// digits, a byte that must be encoded and is not, or one that must not be and is.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, out byte[] bytes) => TryDecode(text, out bytes, Literal);

    internal static bool TryDecode(ReadOnlySpan<byte> text, out byte[] bytes, SearchValues<byte> literals)
    {
        if (text.IndexOfAnyExcept(literals) < 0)
        {
            bytes = text.ToArray();
            return true;
        }
        var decoded = new byte[text.Length];
        var length = 0;
        bytes = [];
        for (var i = 0; i < text.Length; i++)
        {
            var b = text[i];
            if (b == '%')
            {
                if (i + 2 >= text.Length || !TryHexDigit(text[i + 1], out var high)
                    || !TryHexDigit(text[i + 2], out var low)) return false;
                b = (byte)((high << 4) | low);
                if (literals.Contains(b)) return false;
                i += 2;
            }
            else if (!literals.Contains(b))
            {
                return false;
            }
            decoded[length++] = b;
        }
        bytes = decoded[..length];
        return true;
    }

    /// <summary>
    /// The bytes as a person or a JSON consumer should see them. <c>Encoded</c> is true when they are not printable
    /// UTF-8 and so are given percent-encoded.
    /// </summary>
    public static (string Text, bool Encoded) Display(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = Strict.GetString(bytes);
            if (!text.AsSpan().ContainsAny(Misleading)) return (text, false);
        }
        catch (DecoderFallbackException)
        {
            // Shown percent-encoded below.
        }
        var encoded = new ArrayBufferWriter<byte>(bytes.Length * 3);
        Encode(bytes, encoded);
        return (Encoding.ASCII.GetString(encoded.WrittenSpan), true);
    }

    /// <summary>Text of unknown origin as a person should see it: as it is where it is printable, else the bytes of its
    /// UTF-8 percent-encoded.</summary>
    public static string Display(string text) => Display(Encoding.UTF8.GetBytes(text)).Text;

    /// <summary>Any text as printable ASCII, as an ERROR line wants it: every other character as the bytes of its
    /// UTF-8, percent-encoded.</summary>
    public static string ToAscii(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text;
        var ascii = new StringBuilder(text.Length + 16);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is >= ' ' and <= '~') ascii.Append((char)rune.Value);
            else
                foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
                    ascii.Append('%').Append((char)HexDigit(b >> 4)).Append((char)HexDigit(b & 0xF));
        }
        return ascii.ToString();
    }

    private static byte HexDigit(int value) => (byte)(value < 10 ? '0' + value : 'A' + value - 10);

    private static bool TryHexDigit(byte digit, out int value)
    {
        value = digit switch
        {
            >= (byte)'0' and <= (byte)'9' => digit - '0',
            >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
            _ => -1,
        };
        return value >= 0;
    }
}
