using System.Globalization;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Core.Naming;

/// <summary>
/// Names one snapshot of one origin: the UTC second in which it was begun, in ISO 8601's basic format, and a mark of
/// its run (<c>20261122T163305Z-bdb256</c>). Ids of older versions have no mark. They are ordered by time, then by the
/// mark's text, none first; so are their texts. Ids of an origin grow with time: see <see cref="After"/>. Two snapshots
/// may have one id all the same, if two coordinators begin them: a snapshot is identified by its origin's identity, its
/// id and its seal.
/// </summary>
public readonly record struct SnapshotId : IComparable<SnapshotId>
{
    /// <summary>As a part of a reason.</summary>
    public static implicit operator ReasonValue(SnapshotId value) => value.ToString();

    /// <summary>Lower-case hex digits of a mark.</summary>
    public const int MarkLength = 6;

    /// <summary>An id that is later than the clock by more than this is not credible: a clock was wrong when it was
    /// made, or is now.</summary>
    public static readonly TimeSpan Leeway = TimeSpan.FromHours(24);

    private const string Format = "yyyyMMdd'T'HHmmss'Z'";
    private const int TimeLength = 16;

    private static readonly DateTime Last = new(9999, 12, 31, 23, 59, 59, DateTimeKind.Utc);

    private readonly string? _mark;

    private SnapshotId(DateTime time, string? mark = null) => (Time, _mark) = (time, mark);

    /// <summary>The second that it names, in UTC.</summary>
    public DateTime Time { get; }

    /// <summary>
    /// The id for a snapshot begun <paramref name="now"/>, without a mark. If a snapshot of this second or a later one
    /// exists already, the second after that is used: ids stay ordered even if a clock goes back. An id that is not
    /// credible is ignored here; so is the last id that can be written (of the year 9999).
    /// </summary>
    public static SnapshotId After(SnapshotId? newest, DateTimeOffset now)
    {
        var utc = now.UtcDateTime;
        var second = new DateTime(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
        return newest is { } id && id.IsCredible(now) && id.Time >= second && id.Time < Last
            ? new SnapshotId(id.Time.AddSeconds(1)) : new SnapshotId(second);
    }

    /// <summary>The same second with a mark: what makes it another id than that of any other run.</summary>
    /// <exception cref="ArgumentException">It is not a mark.</exception>
    public SnapshotId Marked(string mark) =>
        IsMark(mark) ? new SnapshotId(Time, mark) : throw new ArgumentException($"'{mark}' is no mark", nameof(mark));

    /// <summary>Whether it can be right, by a clock that says so: it is later by <see cref="Leeway"/> at
    /// most.</summary>
    public bool IsCredible(DateTimeOffset now) => Time - now.UtcDateTime <= Leeway;

    /// <summary>Parses the text; false for anything else.</summary>
    public static bool TryParse(string? text, out SnapshotId id)
    {
        id = default;
        var mark = text is { Length: TimeLength + 1 + MarkLength } && text[TimeLength] == '-'
            ? text[(TimeLength + 1)..] : null;
        if (mark is not null && !IsMark(mark)) return false;
        var ok = DateTime.TryParseExact(mark is null ? text : text![..TimeLength], Format, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time);
        if (ok) id = new SnapshotId(time, mark);
        return ok;
    }

    /// <summary>Parses the text.</summary>
    /// <exception cref="FormatException">It is not a snapshot's id.</exception>
    public static SnapshotId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no snapshot id");

    /// <inheritdoc/>
    public int CompareTo(SnapshotId other) =>
        Time.CompareTo(other.Time) is var order and not 0 ? order : string.CompareOrdinal(_mark, other._mark);

    /// <inheritdoc/>
    public override string ToString()
    {
        var time = Time.ToString(Format, CultureInfo.InvariantCulture);
        return _mark is null ? time : $"{time}-{_mark}";
    }

    private static bool IsMark(string text) => text.Length == MarkLength && text.All(char.IsAsciiHexDigitLower);
}
