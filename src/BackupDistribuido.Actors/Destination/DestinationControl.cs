using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Destination;

/// <summary>How far a destination is with reading its replicas again.</summary>
/// <param name="Origin">Whose replica it reads now.</param>
/// <param name="Snapshot">Of which snapshot.</param>
/// <param name="Read">Bytes that were read of it.</param>
/// <param name="Total">Bytes that its files have; 0 where that is not known.</param>
public sealed record VerificationProgress(NodeName Origin, SnapshotId Snapshot, long Read, long Total);

/// <summary>What its owner holds of a destination, whether it runs or not. From any thread.</summary>
public sealed class DestinationControl
{
    private volatile ReplicaVerifier? _verifier;
    private volatile DestinationWork? _work;

    /// <summary>What it reads again now; null: nothing.</summary>
    public VerificationProgress? Verifying => _verifier?.Current;

    /// <summary>Asks for the newest replica of each origin to be read again, after those that are being read. Nothing
    /// where it does not run.</summary>
    public void VerifyNow() => _verifier?.VerifyNow();

    /// <summary>Snapshots that it receives, whose owners have paused that.</summary>
    public IReadOnlyList<(NodeName Origin, SnapshotId Snapshot)> Paused =>
        _work is { } work ? [.. work.Paused.Values] : [];

    internal void Attach(ReplicaVerifier? verifier, DestinationWork? work) => (_verifier, _work) = (verifier, work);
}
