using Akka.Actor;
using Akka.TestKit;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Actors.Tests.Coordination.Fixtures;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Actors.Tests.Coordination;

/// <summary>How a coordinator remembers how an origin's last run ended.</summary>
public sealed class LastRunTests : TimedKit
{

    private readonly HandJournal _journal = new();
    private readonly TestProbe _events;
    private readonly IActorRef _coordinator;
    private volatile bool _breaks;

    public LastRunTests()
    {
        _events = CreateTestProbe();
        _journal.Answer(null);
        var (events, journal) = (_events, _journal);
        Action<NodeEvent> report = one =>
        {
            if (_breaks && one is RunStarted) throw new InvalidOperationException("a defect");
            events.Ref.Tell(one);
        };
        var settings = new CoordinatorSettings(NodeAddress.Parse("127.0.0.1:0"), TimeSpan.FromMilliseconds(300));
        _coordinator = Start(Props.Create(() =>
            new CoordinatorActor(settings, report, Clock, journal, new Remembered())), "coordinator");
    }

    [Fact]
    public void Both_destinations_die_in_a_run_and_the_older_protected_snapshot_is_not_green()
    {
        var (a, b) = (Holder("a"), Holder("b"));
        var origin = CreateTestProbe();
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(2)), origin);
        Soon(() => Assert.Single(Status().Runs), Bound);

        Stop(a);
        Stop(b);
        Hear<RunFinished>(_events, _ => true, Bound);

        Soon(() =>
            Assert.Equal((Standing.Failed, Light.Red, 0),
                Assert.Single(Status().Standings) is var one ? (one.Standing, one.Light, Status().Connected) : default),
                    Bound);
        Assert.Contains(StandingReason.AllOffline, Status().Standings[0].Reasons);
        Assert.Equal(Samples.Snapshot, Status().Standings[0].ProtectedSnapshot);
        Assert.False(Status().IsAllProtected);
        Assert.Equal([PastOutcome.Unknown, PastOutcome.Failed],
            _journal.Noted.OfType<OriginRan>().Select(ran => ran.Last.Outcome));

        // It is no more protected when they are back, and when the origin has gone.
        Holder("a", incarnation: 2);
        Holder("b", incarnation: 2);
        _coordinator.Tell(new Leave(NodeRole.Origin, Samples.Node("laptop")), origin);
        Soon(() => Assert.DoesNotContain(Status().Nodes, node => node.Role == NodeRole.Origin), Bound);
        Assert.False(Status().IsAllProtected);
        Assert.False(Status().HasCopies(Samples.Origin, null));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_that_stops_by_a_defect_is_not_green_and_is_taken_up_again_three_times(bool isTakenUp)
    {
        var (a, b) = (Holder("a"), Holder("b"));
        var origin = CreateTestProbe();
        var own = isTakenUp
            ? new RunInProgress(RunId.New(), SnapshotId.Parse("20261122T163306Z"), new Epoch(3), null) : null;
        _breaks = true;
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(2, run: own)), origin);

        RunReport? told = null;
        for (var times = 0; times < 30 && told is null; times++)
        {
            told = HearAll(origin, TimeSpan.FromSeconds(1)).OfType<RunReport>()
                .FirstOrDefault(one => one.End is not null);
            foreach (var (node, said) in new[] { (a, "a"), (b, "b") })
            {
                _coordinator.Tell(new RegisterDestination(Held(said)), node);
            }
            _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(2, run: own)), origin);
        }

        Assert.Equal(RunOutcome.Failed, told?.End?.Outcome);
        Assert.Contains("defect", told!.End!.Reason.ToString(), StringComparison.Ordinal);
        if (own is not null) Assert.Equal((own.Run, own.Run), (told.Run, told.End.Run));
        Assert.Equal(4, _journal.Noted.OfType<OriginRan>().Count(ran => ran.Last.Outcome == PastOutcome.Failed));
        _coordinator.Tell(new Leave(NodeRole.Origin, Samples.Node("laptop")), origin);
        Soon(() => Assert.DoesNotContain(Status().Nodes, node => node.Role == NodeRole.Origin), Bound);
        Assert.False(Status().IsAllProtected);
        Assert.Equal(Light.Red, Assert.Single(Status().Standings).Light);
    }

    [Fact]
    public void A_tree_that_was_not_copied_for_what_it_has_lost_is_not_green()
    {
        var (a, b) = (Holder("a", entries: 1000), Holder("b", entries: 1000));

        for (var times = 0; times < 3; times++)
            _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(2) with { MaxShrinkPercent = 50 }),
                CreateTestProbe());

        Soon(() => Assert.Equal(Standing.Refused, Assert.Single(Status().Standings).Standing), Bound);
        Assert.Contains("SOURCE has 3 entries",
            Assert.Single(_journal.Noted.OfType<OriginRan>()).Last.Reason.ToString(),
            StringComparison.Ordinal);
        Assert.Equal(2, Status().Connected);
        GC.KeepAlive((a, b));
    }

    [Fact]
    public void Nor_is_one_that_its_origin_alone_refuses()
    {
        var (a, b) = (Holder("a"), Holder("b"));

        _coordinator.Tell(
            new RegisterOrigin(Samples.OriginOf(2) with { Refusal = Reason.Text("SOURCE is empty\u001b[2J") }),
            CreateTestProbe());

        Soon(() =>
            Assert.Equal((Standing.Refused, Light.Red),
                Assert.Single(Status().Standings) is var one ? (one.Standing, one.Light) : default), Bound);
        Assert.Empty(Status().Runs);
        Assert.DoesNotContain('\u001b', Assert.Single(_journal.Noted.OfType<OriginRan>()).Last.Reason.ToString());
        GC.KeepAlive((a, b));
    }

    [Fact]
    public void Nor_is_one_that_was_refused_while_those_who_have_its_copies_were_off()
    {
        var (a, b) = (Holder("a"), Holder("b"));
        Sys.Stop(a.Ref);
        Sys.Stop(b.Ref);
        AwaitAssert(() => Assert.Equal(0, Status().Connected), Bound);

        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(2) with { Refusal = Reason.Text("SOURCE is empty") }),
            CreateTestProbe());

        AwaitAssert(() => Assert.Equal(Standing.Refused, Assert.Single(Status().Standings).Standing), Bound);
        Holder("a", incarnation: 2);
        Holder("b", incarnation: 2);
        Assert.Equal((Standing.Refused, 2),
            Assert.Single(Status().Standings) is var one ? (one.Standing, Status().Connected) : default);
        Assert.Equal(Samples.Snapshot, Assert.Single(_journal.Noted.OfType<OriginRan>()).Last.Snapshot);
    }

    [Fact]
    public void What_a_refusal_did_not_know_it_learns_when_it_is_said_again()
    {
        var origin = CreateTestProbe();
        var refused = new RegisterOrigin(Samples.OriginOf(2) with { Refusal = Reason.Text("SOURCE is empty") });
        _coordinator.Tell(refused, origin);
        _coordinator.Tell(refused, origin);
        var a = Holder("a");

        _coordinator.Tell(refused, origin);
        _coordinator.Tell(refused, origin);
        AwaitAssert(() => Assert.Equal([null, Samples.Snapshot],
            _journal.Noted.OfType<OriginRan>().Select(ran => ran.Last.Snapshot)), Bound);
        GC.KeepAlive(a);
    }

    [Fact]
    public void An_origin_that_came_and_went_without_a_run_has_its_line()
    {
        var origin = CreateTestProbe();
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(2)), origin);
        _coordinator.Tell(new Leave(NodeRole.Origin, Samples.Node("laptop")), origin);

        Soon(() =>
            Assert.Equal((Standing.NeverRan, 2),
                Assert.Single(Status().Standings) is var one ? (one.Standing, one.Required) : default), Bound);
        Assert.False(Status().IsAllProtected);
    }

    private TestProbe Holder(string name, long incarnation = 1, long entries = 3)
    {
        var node = CreateTestProbe();
        var said = Held(name, incarnation, entries);
        _coordinator.Tell(new RegisterDestination(said), node);
        Hear<DestinationRegistered>(node, one => one.Node == said.Node, Bound);
        return node;
    }

    private static DestinationRegistration Held(string name, long incarnation = 1, long entries = 3) =>
        Samples.Destination(name, incarnation: incarnation,
            held: new HeldSnapshot(Samples.Origin, Samples.Snapshot, entries, 100, Samples.Seal.Digest, "id-laptop",
                Required: 2));

    private ClusterStatus Status()
    {
        var asker = CreateTestProbe();
        _coordinator.Tell(new AskStatus(), asker);
        return Next<StatusAnswer>(asker, Bound).Status;
    }
}
