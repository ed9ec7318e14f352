using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Core.Verifying;

/// <summary>
/// The result of re-reading a replica to its end, and its time (UTC, whole seconds). A replica that was found damaged
/// is not a copy until it is found sound. One line of text, <c>sound TIME UNREAD</c> or <c>damaged TIME ENTRIES
/// FIRST</c>, which has one spelling.
/// </summary>
public abstract record Verification
{
    /// <summary>Most characters of a path that is named.</summary>
    public const int MaxPath = 200;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private Verification(DateTimeOffset time) =>
        Time = new DateTimeOffset(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    /// <summary>When all of it had been read.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>Everything readable matches the manifest.</summary>
    public sealed record Sound : Verification
    {
        /// <summary>Found at that time.</summary>
        /// <param name="time">When all of it had been read.</param>
        /// <param name="unread">Entries that the destination's own user can't read by their mode, so that only their
        /// name was there to see.</param>
        /// <exception cref="ArgumentOutOfRangeException"><paramref name="unread"/> is negative.</exception>
        public Sound(DateTimeOffset time, long unread = 0) : base(time)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(unread);
            Unread = unread;
        }

        /// <summary>Entries that could not be read by their mode.</summary>
        public long Unread { get; }

        /// <inheritdoc/>
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture,
                $"sound {Time.ToString(TimeFormat, CultureInfo.InvariantCulture)} {Unread}");
    }

    /// <summary>Something differs from the manifest.</summary>
    public sealed record Damaged : Verification
    {
        /// <summary>Found at that time.</summary>
        /// <param name="time">When all of it had been read.</param>
        /// <param name="entries">How many entries are not right, at least one.</param>
        /// <param name="first">The path of one of them, the first where there is an order; cut and made printable where
        /// it has to be.</param>
        /// <exception cref="ArgumentException">There is none.</exception>
        public Damaged(DateTimeOffset time, long entries, string first) : base(time)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(entries, 1);
            ArgumentException.ThrowIfNullOrEmpty(first);
            (Entries, First) = (entries, Shown(first));
        }

        /// <summary>How many entries are not right.</summary>
        public long Entries { get; }

        /// <summary>One of them, for people; at most <see cref="MaxPath"/> characters.</summary>
        public string First { get; }

        /// <inheritdoc/>
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture,
                $"damaged {Time.ToString(TimeFormat, CultureInfo.InvariantCulture)} {Entries} {First}");
    }

    /// <summary>A path as text of bounded length that harms no terminal, line or page.</summary>
    public static string Shown(string path)
    {
        var text = PathText.Display(path);
        if (text.Length <= MaxPath) return text;
        var end = MaxPath - 1;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + "…";
    }

    /// <summary>Reads the one line that <see cref="object.ToString"/> writes, and nothing else.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Verification? verification)
    {
        verification = null;
        if (text?.Split(' ', 4) is not { Length: >= 3 } words) return false;
        if (!DateTimeOffset.TryParseExact(words[1], TimeFormat, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return false;
        if (!long.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        Verification? read = (words[0], words.Length) switch
        {
            ("sound", 3) => new Sound(time, number),
            ("damaged", 4) when number > 0 && words[3].Length > 0 => new Damaged(time, number, words[3]),
            _ => null,
        };
        verification = read?.ToString() == text ? read : null;
        return verification is not null;
    }

    /// <summary>Reads that line.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Verification Parse(string text) =>
        TryParse(text, out var verification)
            ? verification : throw new FormatException("this says of no replica that it was verified");
}
