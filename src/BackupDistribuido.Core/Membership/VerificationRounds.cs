namespace BackupDistribuido.Core.Membership;

/// <summary>Which of its replicas a destination reads again by itself. Pure; no clock.</summary>
public static class VerificationRounds
{
    /// <summary>
    /// Those that were not verified for so long, the longest first. Before the first time it counts from the snapshot's own time: what came then was checked as it came. A time that lies ahead of
    /// the clock by as much is as old.
    /// </summary>
    public static IReadOnlyList<HeldSnapshot> Due(IEnumerable<HeldSnapshot> held, TimeSpan every, DateTimeOffset now) =>
    [
        .. held.Select(one => (Held: one, Since: one.Verified?.Time ?? new DateTimeOffset(one.Snapshot.Time)))
            .Where(one => (now - one.Since).Duration() >= every).OrderBy(one => one.Since).Select(one => one.Held),
    ];
}
