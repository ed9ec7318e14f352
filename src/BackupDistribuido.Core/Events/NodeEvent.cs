using System.Collections.Immutable;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Events;

/// <summary>
/// An event for a node's owner: on the live view, as a line, as a JSON object, on a page. Each kind has an
/// <see cref="EventDescriptor"/> in the same file, and a text in each language.
/// </summary>
public abstract record NodeEvent;

/// <summary>Progress: only for live views, not kept.</summary>
public abstract record ProgressEvent : NodeEvent;

/// <summary>
/// Origin and coordinator: the progress of the run, as the run itself has computed it. <paramref name="Tree"/> has the
/// totals of the tree, as last known; <paramref name="Copies"/> has the progress of each destination that takes part.
/// </summary>
public sealed record DeliveryProgress(NodeName Origin, RunId Run, RunProgress Progress, TreeTotals Tree,
    ImmutableDictionary<NodeName, CopyProgress> Copies) : ProgressEvent;

/// <summary>Destination: its progress in that run, reported while it takes part. The total is 0 if its coordinator does
/// not give it.</summary>
public sealed record ReceptionProgress(NodeName Origin, SnapshotId Snapshot, RunId Run, CopyProgress Copy)
    : ProgressEvent;

/// <summary>Coordinator: a recorded event of another version.</summary>
/// <param name="Kind">As in the JSON output.</param>
/// <param name="Text">Its line, where an older version has put it down; its parts as they are, where a newer one
/// has.</param>
public sealed record Recalled(string Kind, string Text) : NodeEvent;
