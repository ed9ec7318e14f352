using BackupDistribuido.Actors.Destination.Holding;
using BackupDistribuido.Actors.Destination.Writing;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Actors.Destination;

/// <summary>What its owner holds of a destination, whether it runs or not. From any thread.</summary>
public sealed class DestinationControl
{
    private volatile ReplicaVerifier? _verifier;
    private volatile DestinationWork? _work;

    /// <summary>The snapshot that is being re-read; null: none.</summary>
    public VerificationProgress? Verifying => _verifier?.Current;

    /// <summary>
    /// Requests that the newest replica of each origin be re-read, after those that are being read. Does nothing if the
    /// destination is not running.
    /// </summary>
    public void VerifyNow() => _verifier?.VerifyNow();

    /// <summary>Snapshots that it receives, whose owners have paused that.</summary>
    public IReadOnlyList<(NodeName Origin, SnapshotId Snapshot)> Paused =>
        _work is { } work ? [.. work.Paused.Values] : [];

    internal void Attach(ReplicaVerifier? verifier, DestinationWork? work) => (_verifier, _work) = (verifier, work);
}
