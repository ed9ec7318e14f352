using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Core.Events;

/// <summary>Destination: it begins to take part in a run. <paramref name="Tree"/> has the totals of the tree; null if
/// its coordinator does not give them.</summary>
public sealed record ReceptionStarted(NodeName Origin, SnapshotId Snapshot, RunId Run, TreeTotals? Tree) : NodeEvent;

/// <summary>Destination: its part in that run is over. <paramref name="Problem"/> says why it has not stored the
/// snapshot; null: it has.</summary>
public sealed record ReceptionEnded(NodeName Origin, SnapshotId Snapshot, RunId Run, Reason? Problem) : NodeEvent;

/// <summary>Origin: <paramref name="Copies"/> destinations have verified the file in staging; destination: it has
/// (copies is 1).</summary>
public sealed record FileStored(TreePath Path, long Bytes, int Copies) : NodeEvent;

/// <summary>Destination: the whole snapshot is durable and published.</summary>
public sealed record ReplicaPublished(NodeName Origin, SnapshotId Snapshot, TreeTotals Totals, string Folder)
    : NodeEvent;

/// <summary>Destination: after a restart, its staging of the snapshot was re-read and found right; only the rest is
/// received.</summary>
public sealed record ReplicaResumed(NodeName Origin, SnapshotId Snapshot, TreeTotals Kept) : NodeEvent;

/// <summary>
/// Destination: it has re-read a replica, and everything matches the manifest. Coordinator, if
/// <paramref name="Destination"/> is named: a damaged replica is sound, and counts again.
/// </summary>
public sealed record ReplicaVerified(NodeName Origin, SnapshotId Snapshot, Verification.Sound Found,
    NodeName? Destination = null) : NodeEvent;

/// <summary>Destination: it has re-read a replica, and something differs from the manifest. Coordinator, if
/// <paramref name="Destination"/> is named: the same; it no longer counts.</summary>
public sealed record ReplicaDamaged(NodeName Origin, SnapshotId Snapshot, Verification.Damaged Found,
    NodeName? Destination = null) : NodeEvent;

/// <summary>Destination: old snapshots were removed, as the origin's owner wants no more of them kept.</summary>
public sealed record SnapshotsRemoved(NodeName Origin, IReadOnlyList<SnapshotId> Snapshots) : NodeEvent;

/// <summary>Events of replicas at their destinations.</summary>
internal static class ReplicaEvents
{
    public static readonly EventDescriptor[] All =
    [
        new EventDescriptor<ReceptionStarted>("receiving", (e, to) =>
        {
            Replica(to, e.Origin, e.Snapshot);
            to.Text("run", $"{e.Run}");
            if (e.Tree is { } tree) Size(to, tree);
        })
        {
            Form = e => e.Tree is null ? "unknown" : "",
        },
        new EventDescriptor<ReceptionEnded>("reception-ended", (e, to) =>
        {
            Replica(to, e.Origin, e.Snapshot);
            to.Text("run", $"{e.Run}");
            to.Flag("stored", e.Problem is null);
            to.Reason("reason", e.Problem ?? Reason.None);
        })
        {
            Form = e => e.Problem is null ? "" : "failed",
        },
        new EventDescriptor<FileStored>("file-stored", (e, to) =>
        {
            to.Path(e.Path);
            to.Number("copies", e.Copies);
            to.ForText("bytes", e.Bytes);
        })
        {
            IsKept = false,
        },
        new EventDescriptor<ReplicaPublished>("replica-stored", (e, to) =>
        {
            Replica(to, e.Origin, e.Snapshot);
            Size(to, e.Totals);
            to.Text("folder", e.Folder);
        })
        {
            Severity = Severity.Good,
        },
        new EventDescriptor<ReplicaResumed>("replica-resumed", (e, to) =>
        {
            Replica(to, e.Origin, e.Snapshot);
            Size(to, e.Kept);
        }),
        new EventDescriptor<ReplicaVerified>("replica-verified", (e, to) =>
        {
            Replica(to, e.Origin, e.Snapshot);
            if (e.Destination is { } where) to.Text("destination", where);
            to.Number("unread", e.Found.Unread);
        })
        {
            Severity = Severity.Good,
            Form = e => e.Destination is not null ? "at" : e.Found.Unread > 0 ? "unread" : "",
        },
        new EventDescriptor<ReplicaDamaged>("replica-damaged", (e, to) =>
        {
            Replica(to, e.Origin, e.Snapshot);
            if (e.Destination is { } where) to.Text("destination", where);
            to.Number("entries", e.Found.Entries);
            to.Text("first", e.Found.First);
        })
        {
            Severity = Severity.Bad,
            Form = e => e.Destination is null ? "" : "at",
            Notice = _ => NoticeKind.Damaged,
        },
        new EventDescriptor<SnapshotsRemoved>("snapshots-removed", (e, to) =>
        {
            to.Text("origin", e.Origin);
            to.List("snapshots", e.Snapshots.Select(one => $"{one}"));
        }),
    ];

    private static void Replica(IEventFields to, NodeName origin, SnapshotId snapshot)
    {
        to.Text("origin", origin);
        to.Text("snapshot", snapshot);
    }

    private static void Size(IEventFields to, TreeTotals size)
    {
        to.Number("files", size.Files);
        to.Number("bytes", size.Bytes);
    }
}
