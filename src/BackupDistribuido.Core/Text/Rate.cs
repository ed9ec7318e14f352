using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace BackupDistribuido.Core.Text;

/// <summary>
/// How many bytes may go over the wire in a second: <see cref="Min"/> to <see cref="Max"/>. Written as a whole number
/// and a unit: <c>20MB/s</c>, <c>512KiB/s</c>.
/// </summary>
public sealed record Rate
{
    /// <summary>Smallest rate: 10 kB/s. Below it a page of a manifest takes longer than the time-outs for it.</summary>
    public const long Min = 10_000;

    /// <summary>Largest rate: 1 TB/s.</summary>
    public const long Max = 1_000_000_000_000;

    // The first one that a rate is a whole number of is how it is written.
    private static readonly (string Text, long Bytes)[] Units =
    [
        ("GB/s", 1_000_000_000), ("GiB/s", 1L << 30), ("MB/s", 1_000_000), ("MiB/s", 1L << 20), ("kB/s", 1_000),
            ("KiB/s", 1L << 10), ("B/s", 1),
    ];

    private Rate(long bytesPerSecond) => BytesPerSecond = bytesPerSecond;

    /// <summary>Bytes a second.</summary>
    public long BytesPerSecond { get; }

    /// <summary>So many bytes a second.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than <see cref="Min"/> or more than
    /// <see cref="Max"/>.</exception>
    public static Rate Of(long bytesPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerSecond, Min);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytesPerSecond, Max);
        return new Rate(bytesPerSecond);
    }

    /// <summary>Parses the text; <paramref name="why"/> says what is wrong with any other.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Rate? rate, [NotNullWhen(false)] out string? why)
    {
        rate = null;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var unit = digits < 1 ? default : Array.Find(Units, unit => text.AsSpan(digits).SequenceEqual(unit.Text));
        if (unit.Text is null
            || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number > Max)
        {
            why = $"'{PathText.Display(text)}' is not a rate; write a whole number and one of "
                + $"{string.Join(", ", Units.Select(known => known.Text))}";
            return false;
        }
        var bytes = (Int128)number * unit.Bytes;
        why = bytes < Min || bytes > Max ? $"'{text}' is not from 10kB/s to 1000GB/s" : null;
        if (why is null) rate = new Rate((long)bytes);
        return why is null;
    }

    /// <summary>Parses the text.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static Rate Parse(string text) =>
        TryParse(text, out var rate, out var why) ? rate : throw new FormatException(why);

    /// <inheritdoc/>
    public override string ToString()
    {
        var unit = Array.Find(Units, unit => BytesPerSecond % unit.Bytes == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{BytesPerSecond / unit.Bytes}{unit.Text}");
    }
}
