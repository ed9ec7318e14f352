using BackupDistribuido.Actors.Destination.Holding;
using BackupDistribuido.Actors.Destination.Writing;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Actors.Destination;

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
