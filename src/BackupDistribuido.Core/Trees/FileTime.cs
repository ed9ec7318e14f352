using System.Buffers.Text;

namespace BackupDistribuido.Core.Trees;

/// <summary>
/// A file's time as Linux keeps it: whole seconds since 1970-01-01 UTC (negative before) and nanoseconds (0 to
/// 999,999,999) to add. Written <c>SECONDS.NNNNNNNNN</c>, always with nine decimals.
/// </summary>
public readonly record struct FileTime : IComparable<FileTime>
{
    /// <summary>Longest text: a signed 64-bit number, a dot, nine digits.</summary>
    public const int MaxTextLength = 20 + 1 + 9;

    /// <summary>A time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Nanoseconds are outside 0 to 999,999,999.</exception>
    public FileTime(long seconds, int nanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoseconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nanoseconds, 999_999_999);
        (Seconds, Nanoseconds) = (seconds, nanoseconds);
    }

    /// <summary>Whole seconds since the epoch of Unix, rounded towards the past.</summary>
    public long Seconds { get; }

    /// <summary>Nanoseconds to add, 0 to 999,999,999.</summary>
    public int Nanoseconds { get; }

    /// <summary>A time of day.</summary>
    public static FileTime Of(DateTimeOffset time)
    {
        var seconds = time.ToUnixTimeSeconds();
        return new FileTime(seconds, (int)(time - DateTimeOffset.FromUnixTimeSeconds(seconds)).Ticks * 100);
    }

    /// <summary>Parses <c>SECONDS.NNNNNNNNN</c>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out FileTime time)
    {
        time = default;
        var dot = text.IndexOf((byte)'.');
        if (dot < 1 || text.Length - dot != 10 || text[0] == '+') return false;
        if (text[(dot + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9')) return false;
        if (!Utf8Parser.TryParse(text[..dot], out long seconds, out var used) || used != dot) return false;
        if (!Utf8Parser.TryParse(text[(dot + 1)..], out int nanoseconds, out _)) return false;
        time = new FileTime(seconds, nanoseconds);
        Span<byte> canonical = stackalloc byte[MaxTextLength];
        return text.SequenceEqual(canonical[..time.Format(canonical)]);
    }

    /// <summary>Writes the text and returns its length, at most <see cref="MaxTextLength"/>.</summary>
    public int Format(Span<byte> destination)
    {
        Utf8Formatter.TryFormat(Seconds, destination, out var written);
        destination[written++] = (byte)'.';
        Utf8Formatter.TryFormat(Nanoseconds, destination[written..], out var digits,
            new System.Buffers.StandardFormat('D', 9));
        return written + digits;
    }

    /// <inheritdoc/>
    public int CompareTo(FileTime other) => (Seconds, Nanoseconds).CompareTo((other.Seconds, other.Nanoseconds));

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MaxTextLength];
        return System.Text.Encoding.ASCII.GetString(text[..Format(text)]);
    }
}
