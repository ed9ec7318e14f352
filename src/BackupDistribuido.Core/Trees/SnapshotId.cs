using System.Globalization;

namespace BackupDistribuido.Core.Trees;

/// <summary>
/// Names one snapshot of one origin: the UTC second it was begun in, as ISO 8601's basic format (<c>20261122T163305Z</c>). Ids
/// of an origin never repeat and grow with time: see <see cref="After"/>.
/// </summary>
public readonly record struct SnapshotId : IComparable<SnapshotId>
{
    private const string Format = "yyyyMMdd'T'HHmmss'Z'";

    private static readonly DateTime Last = new(9999, 12, 31, 23, 59, 59, DateTimeKind.Utc);

    private SnapshotId(DateTime time) => Time = time;

    /// <summary>The second that it names, in UTC.</summary>
    public DateTime Time { get; }

    /// <summary>
    /// The id for a snapshot begun <paramref name="now"/>. Where a snapshot of this second or a later one exists already, the second
    /// after that is taken: ids stay unique and ordered even when a clock goes back. After the last id that can be written (of the year 9999; nobody has it, but it may be
    /// claimed) there is none: then the clock alone decides.
    /// </summary>
    public static SnapshotId After(SnapshotId? newest, DateTimeOffset now)
    {
        var utc = now.UtcDateTime;
        var second = new DateTime(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
        return newest is { } id && id.Time >= second && id.Time < Last ? new SnapshotId(id.Time.AddSeconds(1)) : new SnapshotId(second);
    }

    /// <summary>Parses the text; false for anything else.</summary>
    public static bool TryParse(string? text, out SnapshotId id)
    {
        var ok = DateTime.TryParseExact(text, Format, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time);
        id = ok ? new SnapshotId(time) : default;
        return ok;
    }

    /// <summary>Parses the text.</summary>
    /// <exception cref="FormatException">It is no snapshot's id.</exception>
    public static SnapshotId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no snapshot id");

    /// <inheritdoc/>
    public int CompareTo(SnapshotId other) => Time.CompareTo(other.Time);

    /// <inheritdoc/>
    public override string ToString() => Time.ToString(Format, CultureInfo.InvariantCulture);
}
