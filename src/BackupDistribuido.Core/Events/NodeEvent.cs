using System.Collections.Immutable;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Core.Events;

/// <summary>Something that a node's owner should see: on the live view, as a line, as a JSON object, on a
/// page.</summary>
public abstract record NodeEvent;

/// <summary>How far something is: for who watches a view that moves, and nobody later.</summary>
public abstract record ProgressEvent : NodeEvent;

/// <summary>Any node that listens: where.</summary>
public sealed record Listening(string What, NodeAddress Address) : NodeEvent;

/// <summary>Origin or destination: registered with the coordinator.</summary>
public sealed record Connected(NodeAddress Coordinator) : NodeEvent;

/// <summary>Origin or destination: the coordinator does not answer. Said within 5 s, and the node keeps
/// trying.</summary>
public sealed record Disconnected(NodeAddress Coordinator, Reason Reason) : NodeEvent;

/// <summary>Coordinator: a node registered. <paramref name="Connected"/> is the number of destinations now.</summary>
public sealed record NodeJoined(NodeRole Role, NodeName Name, int Connected) : NodeEvent;

/// <summary>Coordinator: a node left, died, hung or was cut off.</summary>
/// <param name="TookLeave">It said so itself; otherwise it was lost.</param>
public sealed record NodeLeft(NodeRole Role, NodeName Name, Reason Reason, int Connected, bool TookLeave = false)
    : NodeEvent;

/// <summary>Origin: the connected count, at every change. <paramref name="Eligible"/> are those able to hold the
/// tree.</summary>
public sealed record DestinationsChanged(int Connected, int Eligible, int Required) : NodeEvent;

/// <summary>Origin and coordinator: a plan of a run was given out.</summary>
public sealed record RunStarted(NodeName Origin, RunId Run, SnapshotId Snapshot, Epoch Epoch, string Topology,
    IReadOnlyList<NodeName> Destinations) : NodeEvent;

/// <summary>Origin and coordinator: nothing is sent of a run until its owner wants it to go on; then it is started
/// anew.</summary>
public sealed record RunPaused(NodeName Origin, RunId Run, SnapshotId Snapshot) : NodeEvent;

/// <summary>
/// Origin and coordinator: how far the run is, as the run itself has computed it. <paramref name="Tree"/> is what the
/// tree has, by the last that is known of it; <paramref name="Copies"/> is how far each destination is that takes part.
/// </summary>
public sealed record DeliveryProgress(NodeName Origin, RunId Run, RunProgress Progress, TreeTotals Tree,
    ImmutableDictionary<NodeName, CopyProgress> Copies) : ProgressEvent;

/// <summary>Destination: it begins to take part in a run. <paramref name="Tree"/> is what the tree has; null where its
/// coordinator does not say.</summary>
public sealed record ReceptionStarted(NodeName Origin, SnapshotId Snapshot, RunId Run, TreeTotals? Tree) : NodeEvent;

/// <summary>Destination: how far it is with that run, said while it takes part. The total is 0 where its coordinator
/// does not say it.</summary>
public sealed record ReceptionProgress(NodeName Origin, SnapshotId Snapshot, RunId Run, CopyProgress Copy)
    : ProgressEvent;

/// <summary>Destination: its part in that run is over. <paramref name="Problem"/> says why it has not stored the
/// snapshot; null: it has.</summary>
public sealed record ReceptionEnded(NodeName Origin, SnapshotId Snapshot, RunId Run, Reason? Problem) : NodeEvent;

/// <summary>Origin: <paramref name="Copies"/> destinations have verified the file in staging; destination: it has
/// (copies is 1).</summary>
public sealed record FileStored(TreePath Path, long Bytes, int Copies) : NodeEvent;

/// <summary>Origin and coordinator: the run goes on without this destination.</summary>
public sealed record DestinationLost(NodeName Destination, Reason Reason) : NodeEvent;

/// <summary>Origin: an entry that is not in the snapshot.</summary>
public sealed record EntrySkipped(TreePath Path, Omission Why) : NodeEvent;

/// <summary>Destination: the whole snapshot is durable and published.</summary>
public sealed record ReplicaPublished(NodeName Origin, SnapshotId Snapshot, TreeTotals Totals, string Folder)
    : NodeEvent;

/// <summary>Destination: what it had staged of the snapshot before it was started anew was read again and found right;
/// only the rest is received.</summary>
public sealed record ReplicaResumed(NodeName Origin, SnapshotId Snapshot, TreeTotals Kept) : NodeEvent;

/// <summary>
/// Destination: it has read a replica again, and all of it is what the manifest says. Coordinator, where
/// <paramref name="Destination"/> is named: a replica that was damaged is sound, and counts again.
/// </summary>
public sealed record ReplicaVerified(NodeName Origin, SnapshotId Snapshot, Verification.Sound Found,
    NodeName? Destination = null) : NodeEvent;

/// <summary>Destination: it has read a replica again, and something of it is not what the manifest says. Coordinator,
/// where <paramref name="Destination"/> is named: the same; it does not count any more.</summary>
public sealed record ReplicaDamaged(NodeName Origin, SnapshotId Snapshot, Verification.Damaged Found,
    NodeName? Destination = null) : NodeEvent;

/// <summary>Destination: old snapshots were removed, as the origin's owner wants no more of them kept.</summary>
public sealed record SnapshotsRemoved(NodeName Origin, IReadOnlyList<SnapshotId> Snapshots) : NodeEvent;

/// <summary>Origin and coordinator: one more destination has stored the snapshot durably.</summary>
public sealed record ReplicaCounted(NodeName Destination, SnapshotId Snapshot, int Copies, int Required) : NodeEvent;

/// <summary>Origin and coordinator: the required copies are stored.</summary>
public sealed record SnapshotProtected(NodeName Origin, SnapshotId Snapshot, int Copies, int Required) : NodeEvent;

/// <summary>Origin and coordinator: the run is over. <paramref name="IsCatchUp"/>: destinations were brought to an
/// older snapshot; the origin had no part in it, and its last run is another one.</summary>
public sealed record RunFinished(NodeName Origin, RunSummary Summary, bool IsCatchUp = false) : NodeEvent;

/// <summary>Coordinator: an origin's newest snapshot has had fewer copies than required for a while, and no run is
/// under way that could bring them.</summary>
public sealed record SnapshotAtRisk(NodeName Origin, SnapshotId Snapshot, int Copies, int Required) : NodeEvent;

/// <summary>Coordinator: an origin's newest snapshot that was stored as often as required is older than its owner
/// wants.</summary>
public sealed record SnapshotTooOld(NodeName Origin, SnapshotId Snapshot, TimeSpan Age) : NodeEvent;

/// <summary>Coordinator: what its record says of an event in an earlier life of it, of which only a line is known.
/// <paramref name="Kind"/> as in the JSON output.</summary>
public sealed record Recalled(string Kind, string Text) : NodeEvent;

/// <summary>Any node: its pages are there. The address is the key to them: it is for the owner's eyes, and goes into no
/// log.</summary>
public sealed record PagesOpened(string Url) : NodeEvent;

/// <summary>Any node: something its owner should know and can act on; it is also logged.</summary>
public sealed record Warned(Reason Message) : NodeEvent;
