using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
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

/// <summary>How programs name outcomes and states.</summary>
public static class RunCodes
{
    /// <summary>The outcome in JSON output.</summary>
    public static string Code(this RunOutcome outcome) => outcome switch
    {
        RunOutcome.Protected => "protected",
        RunOutcome.AtRisk => "at-risk",
        _ => "failed",
    };

    /// <summary>The replica's state in JSON output.</summary>
    public static string Code(this ReplicaState state) => state switch
    {
        ReplicaState.Copying => "copying",
        ReplicaState.Stored => "stored",
        _ => "failed",
    };
}

/// <summary>One destination's line in a summary.</summary>
/// <param name="Reason">Why it failed; for a stored replica what it could not hold, empty if it has everything.</param>
/// <param name="Disk">Names the file system that its root is on; equal texts are one disk.</param>
/// <param name="Missing">Entries of the snapshot that its file system or user could not make.</param>
/// <param name="Intake">Where the files of a stored replica came from; null: that is not known.</param>
/// <param name="Sent">Content bytes that links brought it in this run.</param>
public sealed record ReplicaResult(NodeName Name, ReplicaState State, Reason Reason, string Disk, long Missing = 0,
    ReplicaIntake? Intake = null, long Sent = 0);

/// <summary>The total work of a run, as in the record.</summary>
/// <param name="Source">At its origin; null: it had no part in it, or does not say.</param>
/// <param name="Sent">Content bytes that links brought to its destinations.</param>
/// <param name="Intake">Where the files of all stored replicas came from, added up; the time is the oldest. Null: that
/// is not known.</param>
public sealed record RunWork(SourceWork? Source, long Sent, ReplicaIntake? Intake);

/// <summary>The end of a run in figures.</summary>
/// <param name="Copies">Replicas stored.</param>
/// <param name="Required">Replicas required.</param>
/// <param name="Disks">Different disks that the stored replicas are on.</param>
/// <param name="Skipped">Entries of the tree that are not in the snapshot, or not whole.</param>
public sealed record RunSummary(
    RunId Run, SnapshotId Snapshot, RunOutcome Outcome, int Copies, int Required, int Disks,
    TreeTotals Totals, long Skipped)
{
    /// <summary>How long it took, from the start of the first epoch.</summary>
    public required double Seconds { get; init; }

    /// <summary>Why it ended so; empty where there is nothing to say.</summary>
    public required Reason Reason { get; init; }

    /// <summary>What became of each destination.</summary>
    public required IReadOnlyList<ReplicaResult> Destinations { get; init; }

    /// <summary>The file system that the tree is on, to be compared with the destinations'; empty where that is not
    /// known.</summary>
    public string SourceDisk { get; init => field = value ?? ""; } = "";

    /// <summary>The origin's work; null: it had no part in the run, or does not say.</summary>
    public SourceWork? Source { get; init; }

    /// <summary>Its tree has lost much since the snapshot before: nothing older was removed after it.</summary>
    public bool HasShrunk { get; init; }

    /// <summary>The total work.</summary>
    public RunWork Work =>
        new(Source, Destinations.Sum(one => one.Sent),
            Sum([.. Destinations.Where(one => one.State == ReplicaState.Stored)]));

    /// <summary>Where one of them does not say, the sum is not known.</summary>
    private static ReplicaIntake? Sum(IReadOnlyList<ReplicaResult> stored) =>
        stored.Count == 0 || stored.Any(one => one.Intake is null) ? null : new ReplicaIntake(
        stored.Sum(one => one.Intake!.ReceivedFiles), stored.Sum(one => one.Intake!.ReceivedBytes),
            stored.Sum(one => one.Intake!.LinkedFiles), stored.Sum(one => one.Intake!.LinkedBytes),
        stored.Any(one => one.Intake is { LinkedFiles: > 0, LastRead: null })
            ? null : stored.Min(one => one.Intake!.LastRead));
}
