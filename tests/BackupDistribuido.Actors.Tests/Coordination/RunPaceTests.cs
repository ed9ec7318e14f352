using Akka.Actor;
using Akka.TestKit;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Tests.Coordination.Fixtures;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Tests.Coordination;

public sealed class RunPaceTests : TimedKit
{
    private static readonly RunId Run = RunId.New();
    private readonly TestProbe _coordinator;
    private readonly TestProbe _origin;
    private readonly TestProbe _members;

    public RunPaceTests()
    {
        (_coordinator, _origin, _members) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
    }

    [Fact]
    public void Who_holds_the_others_back_is_set_apart_and_what_links_have_carried_is_told()
    {
        var run = Begin();
        var first = Prepared(run);

        // a and c could do ten times what b does. What is told of links that the plan has not is nobody's.
        var apart = Told(run, first, until: plan => plan.Epoch > first.Epoch);

        Assert.Equal("b", Assert.Single(apart.Receivers(), node => node.IsApart).Name.ToString());
        Assert.Contains("b is served after the others", apart.Why?.ToString(), StringComparison.Ordinal);
        var speeds = Hear<RunNews.Speeds>(_coordinator, _ => true, Bound).BytesPerSecond;
        Assert.Equal(["a", "b", "c"], speeds.Keys.Select(name => name.ToString()).Order(StringComparer.Ordinal));
        Assert.True(speeds[NodeName.Parse("a")] > 5 * speeds[NodeName.Parse("b")]);
    }

    private IActorRef Begin()
    {
        var state = RunState.Begin(Run, Samples.Origin, Samples.Snapshot, 1, Epoch.None);
        var registration = Samples.OriginOf(1) with { Topology = TopologyChoice.Star };
        var waits = new RunWaits(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60));
        var run = StartRun(state, registration, _origin, waits, parent: _coordinator);
        foreach (var name in new[] { "a", "b", "c" })
            run.Tell(new RunActor.MemberJoined(Samples.Destination(name), _members));
        return run;
    }

    private DeliveryPlan Prepared(IActorRef run)
    {
        var plan = Hear<PrepareReplica>(_members, one => one.Plan.Receivers().Count() == 3, Bound).Plan;
        foreach (var name in new[] { "a", "b", "c" })
            run.Tell(new ReplicaReport(Run, plan.Epoch, NodeName.Parse(name), ReplicaPhase.Receiving, null, Reason.None,
                []),
                _members);
        return plan;
    }

    /// <summary>Reports of an origin, each second, until a destination is told of such a plan.</summary>
    private DeliveryPlan Told(IActorRef run, DeliveryPlan plan, Func<DeliveryPlan, bool> until)
    {
        for (var second = 1; second < 15; second++)
        {
            LinkFlow Flow(string to, long busy) => new(NodeName.Parse(to), second * 10_000_000L, second * busy);
            run.Tell(new DeliveryReport(Run, plan.Epoch, [], new TreeTotals(1, 1, 1), null,
                [Flow("a", 100), Flow("b", 1000), Flow("c", 100), Flow("stranger", 1000),
                    Flow(Samples.Origin.ToString(), 50)]), _origin);
            Clock.Advance(TimeSpan.FromSeconds(1));
            while (_members.HasMessages)
            {
                if (_members.ReceiveOne(TimeSpan.Zero) is PrepareReplica prepare && until(prepare.Plan))
                    return prepare.Plan;
            }
        }
        throw new TimeoutException("no other plan");
    }
}
