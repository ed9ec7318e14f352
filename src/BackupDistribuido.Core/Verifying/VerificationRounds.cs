using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Verifying;

/// <summary>Which of its replicas a destination re-reads automatically. Pure; no clock.</summary>
public static class VerificationRounds
{
    /// <summary>
    /// Whether a snapshot was not verified for that long. Before the first time it counts from the snapshot's own time,
    /// because content was checked when it arrived. A time that is ahead of the clock by as much is as old.
    /// </summary>
    public static bool IsDue(SnapshotId snapshot, Verification? verified, TimeSpan every, DateTimeOffset now) =>
        (now - (verified?.Time ?? new DateTimeOffset(snapshot.Time))).Duration() >= every;
}
