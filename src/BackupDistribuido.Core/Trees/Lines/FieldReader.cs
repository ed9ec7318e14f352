using System.Buffers.Text;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Core.Trees.Lines;

/// <summary>
/// Reads the fields of one line, parted by exactly one space. The first problem is kept in <see cref="Problem"/> and
/// everything after it reads as zero, so that a caller reads all fields and looks once. Numbers have exactly one
/// spelling: no sign, no leading zero.
/// </summary>
public ref struct FieldReader
{
    private ReadOnlySpan<byte> _rest;
    private bool _ended;

    /// <summary>Starts at the front of a line without its LF.</summary>
    public FieldReader(ReadOnlySpan<byte> line) => _rest = line;

    /// <summary>The first error; null if there is none.</summary>
    public string? Problem { get; private set; }

    /// <summary>True once something was wrong.</summary>
    public readonly bool Failed => Problem is not null;

    /// <summary>True when the whole line has been read.</summary>
    public readonly bool AtEnd => _ended;

    /// <summary>Keeps a problem, unless there is one already.</summary>
    public T? Fail<T>(string problem) where T : class
    {
        Problem ??= problem;
        return null;
    }

    /// <summary>The next field as it stands; never empty.</summary>
    public ReadOnlySpan<byte> Word()
    {
        if (Failed) return [];
        if (_ended)
        {
            Problem = "fewer fields than expected";
            return [];
        }
        var space = _rest.IndexOf((byte)' ');
        var word = space < 0 ? _rest : _rest[..space];
        _rest = space < 0 ? [] : _rest[(space + 1)..];
        _ended = space < 0;
        if (word.IsEmpty) Problem = "empty field";
        return word;
    }

    /// <summary>Everything that is left of the line, spaces included.</summary>
    public ReadOnlySpan<byte> Rest()
    {
        if (Failed || _ended) return Word();
        var rest = _rest;
        _rest = [];
        _ended = true;
        return rest;
    }

    /// <summary>A decimal number from 0 to <paramref name="max"/>.</summary>
    public long Number(long max)
    {
        var word = Word();
        if (Failed) return 0;
        if (!IsCanonical(word) || !Utf8Parser.TryParse(word, out long value, out var used) || used != word.Length
            || value > max)
        {
            Problem = $"'{Shown(word)}' is not a number from 0 to {max}";
            return 0;
        }
        return value;
    }

    /// <summary>A decimal number of 64 bits without sign.</summary>
    public ulong Unsigned64()
    {
        var word = Word();
        if (Failed) return 0;
        if (IsCanonical(word) && Utf8Parser.TryParse(word, out ulong value, out var used) && used == word.Length)
            return value;
        Problem = $"'{Shown(word)}' is not a number from 0 to {ulong.MaxValue}";
        return 0;
    }

    /// <summary>An octal number from 0 to <paramref name="max"/>.</summary>
    public int Octal(int max)
    {
        var word = Word();
        var value = 0;
        if (Failed) return 0;
        if (IsCanonical(word) && word.Length <= 6 && !word.ContainsAnyInRange((byte)'8', (byte)'9'))
        {
            foreach (var digit in word) value = (value << 3) | (digit - '0');
            if (value <= max) return value;
        }
        Problem = $"'{Shown(word)}' is not an octal number from 0 to {Convert.ToString(max, 8)}";
        return 0;
    }

    /// <summary>A file's time.</summary>
    public FileTime Time()
    {
        var word = Word();
        if (Failed) return default;
        if (!FileTime.TryParse(word, out var time)) Problem = $"'{Shown(word)}' is not a time";
        return time;
    }

    /// <summary>A digest.</summary>
    public Sha256Digest Digest()
    {
        var word = Word();
        if (Failed) return default;
        if (!Sha256Digest.TryParse(word, out var digest))
            Problem = $"'{Shown(word)}' is not a SHA-256 in lower-case hex";
        return digest;
    }

    /// <summary>A digest, or a dash where it is not known.</summary>
    public Sha256Digest? DigestOrDash()
    {
        if (!IsDash) return Digest();
        Word();
        return null;
    }

    /// <summary>A decimal number from 0 to <paramref name="max"/>, or a dash where there is none.</summary>
    public long? NumberOrDash(long max)
    {
        if (!IsDash) return Number(max);
        Word();
        return null;
    }

    private readonly bool IsDash => _rest is [(byte)'-'] or [(byte)'-', (byte)' ', ..];

    /// <summary>Percent-encoded bytes, decoded.</summary>
    public byte[] Encoded()
    {
        var word = Word();
        if (Failed) return [];
        if (!PathText.TryDecode(word, out var bytes)) Problem = $"'{Shown(word)}' is not percent-encoded as it must be";
        return bytes;
    }

    private static bool IsCanonical(ReadOnlySpan<byte> word) =>
        !word.ContainsAnyExceptInRange((byte)'0', (byte)'9') && (word.Length == 1 || word is not [(byte)'0', ..]);

    private static string Shown(ReadOnlySpan<byte> word) => PathText.Display(word.Length > 40 ? word[..40] : word).Text;
}
