using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Actors.Destination.Holding;

/// <summary>How far a destination is with reading its replicas again.</summary>
/// <param name="Origin">Whose replica it reads now.</param>
/// <param name="Snapshot">Of which snapshot.</param>
/// <param name="Read">Bytes that were read of it.</param>
/// <param name="Total">Bytes that its files have; 0 where that is not known.</param>
public sealed record VerificationProgress(NodeName Origin, SnapshotId Snapshot, long Read, long Total);
