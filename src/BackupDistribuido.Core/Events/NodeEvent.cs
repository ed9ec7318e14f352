using System.Collections.Immutable;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Events;

/// <summary>
/// Something that a node's owner should see: on the live view, as a line, as a JSON object, on a page. Each kind has an
/// <see cref="EventDescriptor"/>, which stands in the same file, and a text in each language.
/// </summary>
public abstract record NodeEvent;

/// <summary>How far something is: for who watches a view that moves, and nobody later.</summary>
public abstract record ProgressEvent : NodeEvent;

/// <summary>
/// Origin and coordinator: how far the run is, as the run itself has computed it. <paramref name="Tree"/> is what the
/// tree has, by the last that is known of it; <paramref name="Copies"/> is how far each destination is that takes part.
/// </summary>
public sealed record DeliveryProgress(NodeName Origin, RunId Run, RunProgress Progress, TreeTotals Tree,
    ImmutableDictionary<NodeName, CopyProgress> Copies) : ProgressEvent;

/// <summary>Destination: how far it is with that run, said while it takes part. The total is 0 where its coordinator
/// does not say it.</summary>
public sealed record ReceptionProgress(NodeName Origin, SnapshotId Snapshot, RunId Run, CopyProgress Copy)
    : ProgressEvent;

/// <summary>Coordinator: what its record says of an event that another version of it has put down.</summary>
/// <param name="Kind">As in the JSON output.</param>
/// <param name="Text">Its line, where an older version has put it down; its parts as they are, where a newer one
/// has.</param>
public sealed record Recalled(string Kind, string Text) : NodeEvent;
