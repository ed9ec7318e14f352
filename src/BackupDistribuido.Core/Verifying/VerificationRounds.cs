using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Verifying;

/// <summary>Which of its replicas a destination reads again by itself. Pure; no clock.</summary>
public static class VerificationRounds
{
    /// <summary>
    /// Whether a snapshot was not verified for so long. Before the first time it counts from the snapshot's own time:
    /// what came then was checked as it came. A time that lies ahead of the clock by as much is as old.
    /// </summary>
    public static bool IsDue(SnapshotId snapshot, Verification? verified, TimeSpan every, DateTimeOffset now) =>
        (now - (verified?.Time ?? new DateTimeOffset(snapshot.Time))).Duration() >= every;
}
