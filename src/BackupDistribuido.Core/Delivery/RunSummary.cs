using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Delivery;

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    /// <summary>At least the required copies are stored.</summary>
    Protected,
    /// <summary>Some are stored, fewer than required.</summary>
    AtRisk,
    /// <summary>None is stored, or it is not known.</summary>
    Failed,
}

/// <summary>What became of one destination in a run.</summary>
public enum ReplicaState
{
    /// <summary>It takes part and has not finished.</summary>
    Copying,
    /// <summary>Its replica is stored durably and published.</summary>
    Stored,
    /// <summary>It failed or was lost; the reason says how.</summary>
    Failed,
}

/// <summary>One destination's line in a summary.</summary>
/// <param name="Reason">Why it failed; of a stored replica what it could not hold, empty where it has everything.</param>
/// <param name="Disk">Names the file system that its root is on; equal texts are one disk.</param>
/// <param name="Missing">Entries of the snapshot that its file system or user could not make.</param>
public sealed record ReplicaResult(NodeName Name, ReplicaState State, string Reason, string Disk, long Missing = 0);

/// <summary>The end of a run in figures.</summary>
/// <param name="Copies">Replicas stored.</param>
/// <param name="Required">Replicas required.</param>
/// <param name="Disks">Different disks that the stored replicas are on.</param>
/// <param name="Skipped">Entries of the tree that are not in the snapshot, or not whole.</param>
/// <param name="Seconds">From the start of the first epoch.</param>
/// <param name="SourceDisk">The file system that the tree is on, to be compared with the destinations'.</param>
public sealed record RunSummary(
    RunId Run, SnapshotId Snapshot, RunOutcome Outcome, int Copies, int Required, int Disks,
    TreeTotals Totals, long Skipped, double Seconds, string Reason, IReadOnlyList<ReplicaResult> Destinations, string SourceDisk = "");
