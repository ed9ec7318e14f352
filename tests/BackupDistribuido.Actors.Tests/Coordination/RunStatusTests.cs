using Akka.Actor;
using Akka.TestKit;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Tests.Coordination.Fixtures;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Actors.Tests.Coordination;

/// <summary>What a run tells its coordinator of itself, and when.</summary>
public sealed class RunStatusTests : TimedKit
{
    private static readonly RunId Run = RunId.New();
    private readonly TestProbe _coordinator;
    private readonly TestProbe _origin;
    private readonly TestProbe _member;

    public RunStatusTests()
    {
        (_coordinator, _origin, _member) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
    }

    [Fact]
    public void A_run_that_begins_comes_with_its_plan()
    {
        Joined(Begin(null));

        var first = Status();
        Assert.NotEqual("", first.Plan.ToString());
        Assert.Single(first.Members!);
    }

    [Fact]
    public void One_that_is_taken_up_again_and_that_nobody_comes_to_is_shown_and_ends()
    {
        Begin(new RunInProgress(Run, Samples.Snapshot, new Epoch(3), null));

        Assert.Equal((RunPhase.Waiting, 0), (Status().Phase, Status(over: true).Members!.Count));
        Assert.Equal(RunOutcome.Failed,
            Hear<RunReport>(_origin, one => one.End is not null, Bound).End!.Outcome);
    }

    [Fact]
    public void One_that_ends_before_its_first_plan_says_so()
    {
        var run = Begin(new RunInProgress(Run, Samples.Snapshot, new Epoch(3), Samples.Seal));
        Joined(run);
        run.Tell(new ReplicaReport(Run, new Epoch(3), NodeName.Parse("a"), ReplicaPhase.Stored, Samples.Seal.Digest,
            Reason.None,
            []), _member);

        Assert.Equal((RunPhase.Protected, 1),
            Status(over: true) is var status ? (status.Phase, status.Copies) : default);
    }

    [Fact]
    public void Who_is_waited_for_is_named_and_what_was_there_is_not_taken_back()
    {
        var run = Begin(null, copies: 2);
        Joined(run);
        run.Tell(new ReplicaReport(Run, new Epoch(1), NodeName.Parse("a"), ReplicaPhase.Receiving, null, Reason.None,
            [])
        { Received = 90, Done = 50 }, _member);
        Assert.Equal((50, 25),
            Progress(status => status.Progress!.Safe > 0) is var there ? (there.Safe, there.Percent) : default);

        run.Tell(new RunActor.MemberLost(NodeName.Parse("a"), Reason.Text("it is not heard any more")));

        var waits = Progress(status => status.Phase == RunPhase.Waiting);
        Assert.Equal([NodeName.Parse("a")], waits.Wait!.For);
        Assert.InRange(waits.Wait.SecondsLeft!.Value, 0, 1);
        Assert.Equal((50, 50, null), (waits.Safe, waits.Again, waits.Rate));
        // The origin hears the same number.
        Assert.Equal(50,
            Hear<RunReport>(_origin, one => one.Progress?.Wait is not null, Bound).Progress!.Safe);
    }

    private RunProgress Progress(Predicate<RunStatus> where) =>
        Hear<RunNews.Standing>(_coordinator, changed => where(changed.Status),
            Bound).Status.Progress!;

    private RunStatus Status(bool over = false) =>
        Hear<RunNews.Standing>(_coordinator, changed => changed.IsOver || !over, Bound).Status;

    private IActorRef Begin(RunInProgress? before, int copies = 1)
    {
        var state = RunState.Begin(Run, Samples.Origin, Samples.Snapshot, copies, before?.Epoch ?? Epoch.None);
        if (before?.Seal is { } seal) state = state.Sealed(seal);
        var waits = new RunWaits(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        return StartRun(state, Samples.OriginOf(copies, run: before), _origin, waits, parent: _coordinator);
    }

    private void Joined(IActorRef run) => run.Tell(new RunActor.MemberJoined(Samples.Destination("a"), _member));
}
