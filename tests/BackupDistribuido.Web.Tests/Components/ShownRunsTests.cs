using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Web.Components.Coordinator;
using BackupDistribuido.Web.Feed;

namespace BackupDistribuido.Web.Tests.Components;

/// <summary>Which runs an open page shows, and where.</summary>
public sealed class ShownRunsTests
{
    private readonly ShownRuns _shown = new();

    [Fact]
    public void One_that_ends_stays_as_it_ended_until_its_origin_begins_another()
    {
        var (db, mail) = (Run("db"), Run("mail"));
        Assert.Equal([db, mail], Shown([db, mail]));

        var ended = _shown.By(State([mail], End(db, RunOutcome.Protected, ReplicaState.Stored)));
        Assert.Equal(["db", "mail"], ended.Select(one => one.Status.Origin.ToString()));
        Assert.Equal((RunOutcome.Protected, 2, 40),
            (ended[0].End!.Outcome, ended[0].Status.Copies,
                ended[0].Status.Members![0].Of(ended[0].Status.BytesTotal).Done));
        Assert.Equal([MemberStanding.Stored, MemberStanding.Copying, MemberStanding.Away],
            ended[0].Status.Members!.Select(member => member.Standing));

        var next = Run("db");
        Assert.Equal([next, mail], Shown([mail, next]));
    }

    [Fact]
    public void One_whose_end_nobody_heard_goes_and_one_without_a_plan_does_not_come_yet()
    {
        Assert.Empty(Shown([Run("db") with { Members = null }]));
        Assert.Single(Shown([Run("db")]));
        Assert.Empty(Shown([]));
    }

    [Fact]
    public void One_whose_tree_was_never_sealed_says_how_far_it_came()
    {
        var run = Run("db");
        Shown([run]);
        var end =
            new RunSummary(run.Run, run.Snapshot, RunOutcome.Failed, 0, 2, 0, default, 0)
            { Seconds = 7, Reason = Reason.Text("the origin left"), Destinations = [] };
        var ended =
            Assert.Single(_shown.By(State([], new EventLine(1, SampleStatus.Now, new RunFinished(run.Origin, end)))));
        Assert.Equal((run.BytesTotal, run.FilesTotal), (ended.Status.BytesTotal, ended.Status.FilesTotal));
    }

    [Fact]
    public void A_few_that_ended_are_kept()
    {
        var runs = Enumerable.Range(0, 5).Select(number => Run($"o{number}")).ToList();
        Assert.Equal(5, Shown([.. runs]).Count);
        var ended = _shown.By(State([], [.. runs.Select(run => End(run, RunOutcome.AtRisk, ReplicaState.Failed)[0])]));
        Assert.Equal(["o2", "o3", "o4"], ended.Select(one => one.Status.Origin.ToString()));
    }

    private List<RunStatus> Shown(RunStatus[] runs) => [.. _shown.By(State(runs)).Select(one => one.Status)];

    private static RunStatus Run(string origin) => SampleStatus.Chain(origin) with { Run = RunId.New() };

    private static EventLine[] End(RunStatus run, RunOutcome outcome, ReplicaState nas) =>
        [new EventLine(1, SampleStatus.Now,
            new RunFinished(run.Origin,
                new RunSummary(run.Run, run.Snapshot, outcome, 2, 2, 2, new TreeTotals(3, 2, 40), 0)
                {
                    Seconds = 7,
                    Reason = Reason.None,
                    Destinations = [new ReplicaResult(NodeName.Parse("nas"), nas, Reason.None, "disk")],
                }))];

    private static NodeState State(RunStatus[] runs, params EventLine[] events) =>
        RenderedPage.Coordinator(new ClusterStatus([], runs, [])) with { Events = [.. events] };
}
