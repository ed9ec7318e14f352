using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Web.Metrics;

namespace BackupDistribuido.Web.Tests.Metrics;

public sealed class MetricsStateTests
{
    private static readonly NodeName Photos = NodeName.Parse("laptop-photos"), Nas = NodeName.Parse("nas");
    private static readonly SnapshotId Snapshot = SnapshotId.Parse("20261122T163305Z"), Later =
        SnapshotId.Parse("20261122T173305Z");

    internal static RunFinished Finished(RunOutcome outcome, double seconds, NodeName? origin = null) =>
        new(origin ?? Photos,
        new RunSummary(RunId.Parse("5f0c2d9e8b7a6143"), Snapshot, outcome, outcome == RunOutcome.Protected ? 2 : 1, 2,
            2, new TreeTotals(12, 10, 2048), 3)
        { Seconds = seconds, Reason = Reason.None, Destinations = [] });

    [Fact]
    public void Runs_are_counted_by_outcome_and_the_last_one_is_kept()
    {
        var state = MetricsState.Empty.After(Finished(RunOutcome.Protected, 10), SampleStatus.Now)
            .After(Finished(RunOutcome.Failed, 5), SampleStatus.Now.AddHours(1))
            .After(Finished(RunOutcome.AtRisk, 2.5), SampleStatus.Now.AddHours(2));

        Assert.Equal(new RunTally(1, 1, 1, 17.5), state.Runs["laptop-photos"]);
        Assert.Equal(new LastRun(SampleStatus.Now.AddHours(2), RunOutcome.AtRisk, 1, new TreeTotals(12, 10, 2048), 3,
            2.5), state.LastRuns["laptop-photos"]);
    }

    [Fact]
    public void Destinations_and_warnings_are_counted()
    {
        NodeEvent[] all =
        [
            new ReplicaCounted(Nas, Snapshot, 1, 2), new ReplicaCounted(Nas, Snapshot, 2, 2),
                new DestinationLost(Nas, Reason.Text("gone")),
            new NodeLeft(NodeRole.Destination, Nas, Reason.Text("gone"), 0),
                new NodeLeft(NodeRole.Origin, Photos, Reason.Text("it left"), 0),
                new Warned(Reason.Text("insecure")),
        ];
        var state = all.Aggregate(MetricsState.Empty, (state, one) => state.After(one, SampleStatus.Now));

        Assert.Equal((2, 1, 1, 1),
            (state.Replicas["nas"], state.Losses["nas"], state.Departures["nas"], state.Warnings));
        Assert.Single(state.Departures);
    }

    [Fact]
    public void The_record_tells_of_last_runs_before_the_start_and_of_none_since()
    {
        var newer = MetricsState.Empty.After(Finished(RunOutcome.Protected, 10), SampleStatus.Now);
        var db = NodeName.Parse("db");
        var state = newer.Remembering([History(Photos, 50, RunOutcome.Failed), History(db, 20, RunOutcome.AtRisk),
            History(db, 10, RunOutcome.Protected) with { Snapshot = Later }, History(NodeName.Parse("live"), 1, null)]);

        Assert.Equal(RunOutcome.Protected, state.LastRuns["laptop-photos"].Outcome);
        Assert.Equal(RunOutcome.Protected, state.LastRuns["db"].Outcome);
        Assert.False(state.LastRuns.ContainsKey("live"));
        Assert.Equal(1, state.Runs.Values.Sum(tally => tally.Count));
    }

    [Fact]
    public void Catching_up_with_an_older_snapshot_is_no_last_run()
    {
        var failed = MetricsState.Empty.After(Finished(RunOutcome.Failed, 10), SampleStatus.Now);
        var state =
            failed.After(Finished(RunOutcome.Protected, 10) with { Holder = NodeName.Parse("nas") },
                SampleStatus.Now.AddMinutes(1));

        Assert.Equal(RunOutcome.Failed, state.LastRuns["laptop-photos"].Outcome);

        // In the record it is a run of a snapshot that another run has brought before.
        var run = History(Photos, 30, RunOutcome.Protected);
        state = MetricsState.Empty.Remembering([History(Photos, 5, RunOutcome.Protected),
            History(Photos, 10, RunOutcome.Failed) with { Snapshot = Later }, run]);
        Assert.Equal(RunOutcome.Failed, state.LastRuns["laptop-photos"].Outcome);
    }

    [Fact]
    public void Names_beyond_the_limit_are_not_told_apart()
    {
        var state = MetricsState.Empty;
        for (var i = 0; i < MetricsState.Most + 10; i++)
            state = state.After(new DestinationLost(NodeName.Parse($"d{i}"), Reason.Text("gone")), SampleStatus.Now);
        state = state.After(new DestinationLost(NodeName.Parse("d0"), Reason.Text("gone")), SampleStatus.Now);

        Assert.Equal((MetricsState.Most, 2), (state.Losses.Count, state.Losses["d0"]));
    }

    [Fact]
    public void Nothing_is_lost_between_threads()
    {
        var feed = new MetricsFeed(TimeProvider.System);
        Parallel.For(0, 10_000, _ => feed.Add(new Warned(Reason.Text("again"))));

        Assert.Equal(10_000, feed.State.Warnings);
    }

    private static RunHistory History(NodeName origin, int minutesAgo, RunOutcome? outcome) => new(
        RunId.Parse("5f0c2d9e8b7a6143"), origin, Snapshot, 2, SampleStatus.Now.AddMinutes(-minutesAgo - 1),
            outcome is null ? null : SampleStatus.Now.AddMinutes(-minutesAgo), outcome,
        1)
    { Totals = new TreeTotals(1, 1, 1), Skipped = 0, Seconds = 60, Epochs = 1, Reason = Reason.None };
}
