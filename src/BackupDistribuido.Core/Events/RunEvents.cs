using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Events;

/// <summary>Origin and coordinator: a plan of a run was given out.</summary>
public sealed record RunStarted(NodeName Origin, RunId Run, SnapshotId Snapshot, Epoch Epoch, string Topology,
    IReadOnlyList<NodeName> Destinations) : NodeEvent;

/// <summary>Origin and coordinator: a run is paused until its owner resumes it.</summary>
public sealed record RunPaused(NodeName Origin, RunId Run, SnapshotId Snapshot) : NodeEvent;

/// <summary>Origin: an entry that is not in the snapshot.</summary>
public sealed record EntrySkipped(TreePath Path, Omission Why) : NodeEvent
{
    /// <summary>The same as a reason.</summary>
    public Reason Reason => Why switch
    {
        Omission.Unreadable => OmissionReason.Unreadable,
        Omission.Vanished => OmissionReason.Vanished,
        Omission.Changed => OmissionReason.Changed,
        _ => OmissionReason.PathTooLong,
    };
}

/// <summary>Origin and coordinator: the run continues without this destination.</summary>
public sealed record DestinationLost(NodeName Destination, Reason Reason) : NodeEvent;

/// <summary>Origin and coordinator: one more destination has stored the snapshot durably.</summary>
public sealed record ReplicaCounted(NodeName Destination, SnapshotId Snapshot, int Copies, int Required) : NodeEvent;

/// <summary>Origin and coordinator: the required copies are stored.</summary>
public sealed record SnapshotProtected(NodeName Origin, SnapshotId Snapshot, int Copies, int Required) : NodeEvent;

/// <summary>Origin and coordinator: the run is over. A <paramref name="Holder"/> brought destinations to a snapshot
/// that it has; the origin had no part in that, and its last run is another one.</summary>
public sealed record RunFinished(NodeName Origin, RunSummary Summary, NodeName? Holder = null) : NodeEvent;

/// <summary>Coordinator: an origin's newest snapshot has had fewer copies than required for a while, and no run is
/// under way that could bring them.</summary>
public sealed record SnapshotAtRisk(NodeName Origin, SnapshotId Snapshot, int Copies, int Required) : NodeEvent;

/// <summary>Coordinator: an origin's newest snapshot that was stored as often as required is older than its owner
/// wants.</summary>
public sealed record SnapshotTooOld(NodeName Origin, SnapshotId Snapshot, TimeSpan Age) : NodeEvent;

/// <summary>Events of runs and their results.</summary>
internal static class RunEvents
{
    /// <summary>Most destinations that a line names.</summary>
    private const int MostNamed = 64;

    public static readonly EventDescriptor[] All =
    [
        new EventDescriptor<RunStarted>("run-started", (e, to) =>
        {
            to.Text("run", $"{e.Run}");
            to.Text("snapshot", e.Snapshot);
            to.Number("epoch", e.Epoch.Number);
            to.Text("topology", e.Topology);
            to.Whose(e.Origin);
            to.ForText("destinations", string.Join(", ", e.Destinations.Take(MostNamed))
                + (e.Destinations.Count > MostNamed ? $" … ({e.Destinations.Count})" : ""));
        }),
        new EventDescriptor<RunPaused>("run-paused", (e, to) =>
        {
            to.Text("run", $"{e.Run}");
            to.Text("snapshot", e.Snapshot);
            to.Whose(e.Origin);
        })
        {
            Severity = Severity.Warning,
        },
        new EventDescriptor<EntrySkipped>("skipped", (e, to) =>
        {
            to.Path(e.Path);
            to.Reason("reason", e.Reason);
        })
        {
            Severity = Severity.Warning,
        },
        new EventDescriptor<DestinationLost>("destination-lost", (e, to) =>
        {
            to.Text("destination", e.Destination);
            to.Reason("reason", e.Reason);
        })
        {
            Severity = Severity.Warning,
            Notice = _ => NoticeKind.DestinationLost,
        },
        new EventDescriptor<ReplicaCounted>("replica-counted", (e, to) =>
        {
            to.Text("destination", e.Destination);
            to.Text("snapshot", e.Snapshot);
            Copies(to, e.Copies, e.Required);
        }),
        new EventDescriptor<SnapshotProtected>("protected", (e, to) =>
        {
            to.Text("snapshot", e.Snapshot);
            Copies(to, e.Copies, e.Required);
            to.Whose(e.Origin);
        })
        {
            Severity = Severity.Good,
            Notice = _ => NoticeKind.Protected,
        },
        new EventDescriptor<RunFinished>("run-finished", (e, to) => Tell(e, e.Summary, to))
        {
            How = e => e.Summary.Outcome == RunOutcome.Protected ? Severity.Good : Severity.Bad,
            Notice = _ => NoticeKind.RunFinished,
        },
        new EventDescriptor<SnapshotAtRisk>("at-risk", (e, to) =>
        {
            to.Text("snapshot", e.Snapshot);
            Copies(to, e.Copies, e.Required);
            to.Whose(e.Origin);
        })
        {
            Severity = Severity.Bad,
            Notice = _ => NoticeKind.AtRisk,
        },
        new EventDescriptor<SnapshotTooOld>("too-old", (e, to) =>
        {
            to.Text("snapshot", e.Snapshot);
            to.Number("seconds", (long)Math.Round(e.Age.TotalSeconds));
            to.Whose(e.Origin);
        })
        {
            Severity = Severity.Warning,
            Notice = _ => NoticeKind.TooOld,
        },
    ];

    private static void Copies(IEventFields to, int copies, int required)
    {
        to.Number("copies", copies);
        to.Number("required", required);
    }

    private static void Tell(RunFinished happened, RunSummary end, IEventFields to)
    {
        to.Text("snapshot", end.Snapshot);
        to.Text("outcome", end.Outcome.Code());
        Copies(to, end.Copies, end.Required);
        to.Number("files", end.Totals.Files);
        to.Number("bytes", end.Totals.Bytes);
        to.Number("skipped", end.Skipped);
        to.Number("seconds", Math.Round(end.Seconds, 3));
        to.Number("exit", (int)RunExit.Of(end));
        to.Reason("reason", end.Reason);
        to.ForJson(json => WorkJson.Write(json, end));
        to.Whose(happened.Origin);
        // Fields that are present only if they have a value.
        ForText("shared", end.Copies > end.Disks, "disks", "disks", end.Disks);
        ForText("left-out", end.Skipped > 0, "skipped", "skipped", end.Skipped);
        ForText("why", !end.Reason.IsNone, "why", "reason", end.Reason);

        void ForText(string name, bool isDue, string form, string field, PhrasePart value) =>
            to.ForText(name, isDue ? new Phrase($"event.run-finished.{form}", (field, value)) : null);
    }
}
