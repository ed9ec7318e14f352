namespace BackupDistribuido.Core.Naming;

/// <summary>
/// Which of an origin's snapshots is newer, at a moment: the greater id, but every id that is not credible then sorts
/// before all that are. So a clock that was once in 2099, or a node that claims to have a snapshot of the year 9999,
/// makes no newer one old. If none is credible, as with a clock that has lost its time, ids alone decide.
/// </summary>
/// <param name="now">The moment.</param>
public sealed class SnapshotOrder(DateTimeOffset now) : IComparer<SnapshotId>
{
    /// <summary>The order as it is once that one is stored: it was given an id above all credible ones, whatever the
    /// clock here says.</summary>
    public static SnapshotOrder Upon(SnapshotId stored) => new(new DateTimeOffset(stored.Time));

    /// <summary>The order at <paramref name="now"/>, or once that one is stored, whichever is later.</summary>
    public static SnapshotOrder Upon(SnapshotId stored, DateTimeOffset now) =>
        stored.Time > now.UtcDateTime ? Upon(stored) : new SnapshotOrder(now);

    /// <summary>The greatest id that is credible has at most this time.</summary>
    public SnapshotId Limit { get; } = SnapshotId.After(null,
        now.UtcDateTime > DateTime.MaxValue - SnapshotId.Leeway ? DateTimeOffset.MaxValue : now + SnapshotId.Leeway);

    /// <summary>Whether it can be right.</summary>
    public bool IsCredible(SnapshotId id) => id.IsCredible(now);

    /// <summary>The newest; null where there is none.</summary>
    public SnapshotId? Newest(IEnumerable<SnapshotId> ids) =>
        ids.Select(id => (SnapshotId?)id).MaxBy(id => id!.Value, this);

    /// <inheritdoc/>
    public int Compare(SnapshotId x, SnapshotId y) => (IsCredible(x), IsCredible(y)) switch
    {
        (true, false) => 1,
        (false, true) => -1,
        _ => x.CompareTo(y),
    };
}
