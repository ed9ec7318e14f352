using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.History;

/// <summary>One run as the record has it.</summary>
/// <param name="Outcome">How it ended; null: it is under way, or its end was not heard.</param>
/// <param name="Copies">Replicas stored, so far or at its end.</param>
public sealed record RunHistory(
    RunId Run, NodeName Origin, SnapshotId Snapshot, int Required, DateTimeOffset Begun, DateTimeOffset? Ended,
    RunOutcome? Outcome, int Copies)
{
    /// <summary>The totals of the tree; zero while it is under way.</summary>
    public required TreeTotals Totals { get; init; }

    /// <summary>Entries of the tree that are not in the snapshot, or not whole.</summary>
    public required long Skipped { get; init; }

    /// <summary>How long it took, according to its end.</summary>
    public required double Seconds { get; init; }

    /// <summary>How often it was planned.</summary>
    public required long Epochs { get; init; }

    /// <summary>Why it ended so; empty where there is nothing to say.</summary>
    public required Reason Reason { get; init; }

    /// <summary>Its work; null: it is under way, or ended before the record kept that.</summary>
    public RunWork? Work { get; init; }
}

/// <summary>One snapshot as the record has it.</summary>
/// <param name="Required">How many copies protect it; null where that is not known.</param>
/// <param name="Holders">Its holders, as last known, damaged ones too.</param>
/// <param name="Tree">What its manifest says as a whole; null where that is not known.</param>
public sealed record SnapshotHistory(
    NodeName Origin, SnapshotId Snapshot, int? Required, IReadOnlyList<ReplicaHolder> Holders,
    CatalogueTree? Tree = null)
{
    /// <summary>How many have it; those that found it damaged don't count.</summary>
    public int Copies => Holders.Count(holder => !holder.IsDamaged);

    /// <summary>Whether it is known to be stored as often as required.</summary>
    public bool IsProtected => Copies >= Required;
}

/// <summary>An event that was reported to the coordinator's owner.</summary>
/// <param name="Event">The event itself; <see cref="Recalled"/> where another version has put it down and its parts are
/// not known.</param>
public sealed record EventHistory(DateTimeOffset Time, NodeEvent Event);
