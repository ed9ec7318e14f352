using System.Collections.Immutable;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Web.Metrics;

/// <summary>
/// The sum of a coordinator's events since its start. Immutable: <see cref="After"/> gives the next one. At most
/// <see cref="Most"/> origins and as many destinations are counted by name; others are not.
/// </summary>
public sealed record MetricsState
{
    /// <summary>Most origins, and most destinations.</summary>
    public const int Most = 1000;

    /// <summary>Nothing has happened yet.</summary>
    public static readonly MetricsState Empty = new();

    private MetricsState() { }

    /// <summary>Each origin's last run.</summary>
    public ImmutableSortedDictionary<string, LastRun> LastRuns { get; private init; } =
        ImmutableSortedDictionary.Create<string, LastRun>(StringComparer.Ordinal);

    /// <summary>Each origin's runs, counted.</summary>
    public ImmutableSortedDictionary<string, RunTally> Runs { get; private init; } =
        ImmutableSortedDictionary.Create<string, RunTally>(StringComparer.Ordinal);

    /// <summary>How often each destination stored a snapshot.</summary>
    public ImmutableSortedDictionary<string, long> Replicas { get; private init; } =
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>How often a run went on without that destination.</summary>
    public ImmutableSortedDictionary<string, long> Losses { get; private init; } =
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>How often that destination left, died or was cut off, in a run or not.</summary>
    public ImmutableSortedDictionary<string, long> Departures { get; private init; } =
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>Warnings to the coordinator's owner.</summary>
    public long Warnings { get; private init; }

    /// <summary>The state after something happened at that time.</summary>
    public MetricsState After(NodeEvent happened, DateTimeOffset time) => happened switch
    {
        ReplicaCounted counted => this with { Replicas = Plus(Replicas, counted.Destination) },
        DestinationLost lost => this with { Losses = Plus(Losses, lost.Destination) },
        NodeLeft { Role: NodeRole.Destination } left => this with { Departures = Plus(Departures, left.Name) },
        Warned => this with { Warnings = Warnings + 1 },
        RunFinished finished => After(finished, time),
        _ => this,
    };

    /// <summary>
    /// The state with the last runs from before the coordinator's start, taken from the record, whose newest runs these
    /// are. What was counted since stays.
    /// </summary>
    public MetricsState Remembering(IEnumerable<RunHistory> runs)
    {
        var last = LastRuns;
        var all = runs.ToList();
        // A catch-up brings a snapshot of an earlier run: it is not an origin's last run.
        var first = all.GroupBy(run => (run.Origin, run.Snapshot)).Select(same => same.MinBy(run => run.Begun)!);
        foreach (var run in first.OrderByDescending(run => run.Ended))
        {
            if (run is { Ended: { } ended, Outcome: { } outcome } && !last.ContainsKey(run.Origin.ToString()))
                last = Set(last, run.Origin,
                    new LastRun(ended, outcome, run.Copies, run.Totals, run.Skipped, run.Seconds));
        }
        return this with { LastRuns = last };
    }

    private MetricsState After(RunFinished finished, DateTimeOffset time)
    {
        var end = finished.Summary;
        var before = Runs.GetValueOrDefault(finished.Origin.ToString());
        var tally = end.Outcome switch
        {
            RunOutcome.Protected => before with { Protected = before.Protected + 1 },
            RunOutcome.AtRisk => before with { AtRisk = before.AtRisk + 1 },
            _ => before with { Failed = before.Failed + 1 },
        };
        return this with
        {
            Runs = Set(Runs, finished.Origin, tally with { Seconds = before.Seconds + end.Seconds }),
            LastRuns = finished.Holder is not null
                ? LastRuns
                : Set(LastRuns, finished.Origin,
                    new LastRun(time, end.Outcome, end.Copies, end.Totals, end.Skipped, end.Seconds)),
        };
    }

    private static ImmutableSortedDictionary<string, long> Plus(ImmutableSortedDictionary<string, long> counts,
        NodeName name) => Set(counts, name, counts.GetValueOrDefault(name.ToString()) + 1);

    private static ImmutableSortedDictionary<string, T> Set<T>(ImmutableSortedDictionary<string, T> all, NodeName name,
        T value) =>
        all.Count < Most || all.ContainsKey(name.ToString()) ? all.SetItem(name.ToString(), value) : all;
}
