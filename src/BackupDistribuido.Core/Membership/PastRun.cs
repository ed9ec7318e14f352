using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Core.Membership;

/// <summary>How an origin's last attempt to copy its tree ended.</summary>
public enum PastOutcome
{
    /// <summary>At least the required copies were stored.</summary>
    Protected,
    /// <summary>Some were stored, fewer than required.</summary>
    AtRisk,
    /// <summary>None was stored.</summary>
    Failed,
    /// <summary>It began, and its end is unknown.</summary>
    Unknown,
    /// <summary>It never began: the tree had lost too much since its last snapshot
    /// (<c>ShrinkGuard</c>).</summary>
    Refused,
}

/// <summary>An origin's last attempt to copy its tree that is over. A catch-up is none: the origin has no part in
/// it.</summary>
/// <param name="Time">When it was over; if its end is unknown, when it began.</param>
/// <param name="Snapshot">Which snapshot it was to bring; of one that was refused the newest that was known of before
/// it, null where none was.</param>
/// <param name="Copies">Replicas that it stored.</param>
/// <param name="Required">Replicas that it needed.</param>
/// <param name="Reason">Why it ended so, for people, at most <see cref="MaxReason"/> characters; empty where there is
/// nothing to say.</param>
/// <param name="Skipped">Entries of the tree that are not in the snapshot.</param>
/// <param name="Missing">Entries of the snapshot that one of its stored replicas lacks, of that which lacks
/// most.</param>
public sealed record PastRun(DateTimeOffset Time, PastOutcome Outcome, SnapshotId? Snapshot, int Copies, int Required,
    Reason? Reason = null, long Skipped = 0, long Missing = 0)
{
    /// <summary>Most characters of a reason that are kept.</summary>
    public const int MaxReason = 600;

    /// <summary>Why it ended so.</summary>
    public Reason Reason { get; init; } = Reason ?? Reasons.Reason.None;

    /// <summary>A run that ended at that time.</summary>
    public static PastRun Of(RunSummary end, DateTimeOffset time) => new(
        time, end.Outcome switch
        {
            RunOutcome.Protected => PastOutcome.Protected,
            RunOutcome.AtRisk => PastOutcome.AtRisk,
            _ => PastOutcome.Failed
        },
        end.Snapshot, end.Copies, end.Required, end.Reason.Within(MaxReason), end.Skipped,
        end.Destinations.Where(one => one.State == ReplicaState.Stored).Select(one => one.Missing).DefaultIfEmpty()
            .Max());

    /// <summary>A tree that was not copied, for that reason; <paramref name="newest"/> is its newest
    /// snapshot.</summary>
    public static PastRun Refused(DateTimeOffset time, int required, Reason reason, SnapshotId? newest) =>
        new(time, PastOutcome.Refused, newest, 0, required, reason.Within(MaxReason));

    /// <summary>A run that begins now: this is all that is known of it until its end is heard.</summary>
    public static PastRun Begun(DateTimeOffset time, SnapshotId snapshot, int required) =>
        new(time, PastOutcome.Unknown, snapshot, 0, required);

    /// <summary>
    /// Whether <paramref name="newest"/> is its intended result, or came after it: if that has its copies, the end of
    /// this run no longer matters. An id that was not credible then did not come after it. If it is unknown which
    /// snapshots existed, only one that was begun later did.
    /// </summary>
    public bool IsResolvedBy(SnapshotId newest)
    {
        var order = new SnapshotOrder(Time);
        if (Snapshot is not { } wanted) return order.IsCredible(newest) && newest.Time > Time.UtcDateTime;
        return order.Compare(newest, wanted) is var after && (Outcome == PastOutcome.Refused ? after > 0 : after >= 0);
    }

}
