using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Layout;

namespace BackupDistribuido.Storage.Checking;

/// <summary>What reading a snapshot again has found.</summary>
/// <param name="Report">For the owner, and to be stored.</param>
/// <param name="Wrong">The files whose inodes are wrong, at most <see cref="MostWrong"/>.</param>
/// <param name="AreAll">Whether those are all of them, and all files could be read.</param>
public sealed record ReplicaFinding(VerificationReport Report, IReadOnlyList<WrongFile> Wrong, bool AreAll)
{
    /// <summary>Most wrong files that are remembered.</summary>
    public const int MostWrong = 10_000;

    /// <summary>What this says of the files that an older snapshot shares with this one; null where it says too
    /// little.</summary>
    public AlreadyRead? Of(SnapshotId id) =>
        AreAll ? new AlreadyRead(id, Report.Verdict.Time, Wrong.Select(one => one.Inode).ToHashSet()) : null;
}

/// <summary>A newer snapshot that was read already: an older one's files that are hard links to the same content need
/// not be read once more.</summary>
/// <param name="Id">The newer snapshot.</param>
/// <param name="Time">All of it had been read by then.</param>
/// <param name="Wrong">The inodes that were found wrong in it.</param>
public sealed record AlreadyRead(SnapshotId Id, DateTimeOffset Time, IReadOnlySet<ulong> Wrong);
