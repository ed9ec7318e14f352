using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Membership;

/// <summary>What a coordinator knows at one moment: who is connected, what runs, what is stored.</summary>
public sealed record ClusterStatus(
    IReadOnlyList<NodeStatus> Nodes, IReadOnlyList<RunStatus> Runs, IReadOnlyList<SnapshotStatus> Snapshots)
{
    /// <summary>The connected count: destinations alive now.</summary>
    public int Connected => Nodes.Count(node => node.Role == NodeRole.Destination);
}

/// <summary>One connected node.</summary>
/// <param name="Address">Where others reach it: a destination's data address; null for a node that does not listen.</param>
/// <param name="Since">When this incarnation of it registered.</param>
/// <param name="FreeBytes">Free space below a destination's root; null for other roles.</param>
public sealed record NodeStatus(NodeRole Role, NodeName Name, NodeAddress? Address, DateTimeOffset Since, long? FreeBytes);

/// <summary>What a run is doing.</summary>
public enum RunPhase
{
    /// <summary>Destinations are copying, and fewer than required have stored it.</summary>
    Copying,
    /// <summary>The required copies are stored; destinations beyond them are still copying.</summary>
    Protected,
    /// <summary>Too few replicas and nobody copying: it waits for someone to come back.</summary>
    Waiting,
}

/// <summary>One run that is not over.</summary>
/// <param name="Copies">Replicas stored so far.</param>
/// <param name="Required">Replicas required.</param>
/// <param name="BytesDone">Content bytes handed to the links so far.</param>
/// <param name="BytesTotal">Content bytes of the tree.</param>
/// <param name="Plan">Who forwards to whom, and why, for people.</param>
public sealed record RunStatus(
    RunId Run, NodeName Origin, SnapshotId Snapshot, RunPhase Phase, int Copies, int Required, long BytesDone, long BytesTotal, string Plan = "");

/// <summary>The newest snapshot of an origin that connected destinations have.</summary>
/// <param name="Copies">How many of them have it.</param>
/// <param name="Required">How many copies protect it; null where no origin has said so since the coordinator was started.</param>
public sealed record SnapshotStatus(NodeName Origin, SnapshotId Snapshot, int Copies, int? Required)
{
    /// <summary>Whether it is known to be stored as often as required.</summary>
    public bool IsProtected => Copies >= Required;
}
