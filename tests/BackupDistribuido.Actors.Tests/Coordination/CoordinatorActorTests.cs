using Akka.Actor;
using Akka.TestKit;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Actors.Tests.Coordination.Fixtures;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Actors.Tests.Coordination;

public sealed class CoordinatorActorTests : TimedKit
{
    private readonly HandJournal _journal = new();
    private readonly Remembered _remembered = new();
    private readonly TestProbe _events;
    private readonly IActorRef _coordinator;

    public CoordinatorActorTests()
    {
        _events = CreateTestProbe();
        _journal.Answer(null);
        var (events, clock, journal, remembered) = (_events, Clock, _journal, _remembered);
        var settings = new CoordinatorSettings(NodeAddress.Parse("127.0.0.1:0"), TimeSpan.FromSeconds(60));
        _coordinator = Start(Props.Create(() =>
            new CoordinatorActor(settings, one => events.Ref.Tell(one), clock, journal, remembered)), "coordinator");
    }

    [Fact]
    public void The_count_is_told_at_each_change()
    {
        var (origin, a, b) = (Origin(9), CreateTestProbe(), CreateTestProbe());
        Counts(origin, 0, 0);

        Register(a, Samples.Destination("a"));
        Counts(origin, 1, 1);
        Register(b, Samples.Destination("b"));
        Counts(origin, 2, 2);
        Register(b, Samples.Destination("b"));

        _coordinator.Tell(new Leave(NodeRole.Destination, Samples.Node("a")));
        Counts(origin, 1, 1);
        Stop(b);
        Counts(origin, 0, 0);
    }

    [Fact]
    public void Connected_is_not_eligible_where_there_is_no_room()
    {
        var origin = Origin(1);
        Counts(origin, 0, 0);

        Register(CreateTestProbe(), Samples.Destination("small", free: 99));

        var counts = Hear<OriginRegistered>(origin, one => one.Connected == 1, Bound);
        Assert.Equal(0, counts.Eligible);
        Assert.StartsWith("small:", Assert.Single(counts.NotEligible).ToString(), StringComparison.Ordinal);
        Assert.Empty(Status().Runs);
    }

    [Fact]
    public void A_copy_at_a_destination_that_left_counts_with_when_it_was_seen()
    {
        Register(CreateTestProbe(),
            Samples.Destination("a",
                held: new HeldSnapshot(Samples.Origin, Samples.Snapshot, 3, Digest: Samples.Seal.Digest)));
        Register(CreateTestProbe(),
            Samples.Destination("b",
                held: new HeldSnapshot(Samples.Origin, Samples.Snapshot, 3, Digest: Samples.Seal.Digest)));
        Origin(2);
        Soon(() => Assert.True(Assert.Single(Status().Snapshots) is { Copies: 2, Required: 2, Offline: 0 }),
            Bound);

        _coordinator.Tell(new Leave(NodeRole.Destination, Samples.Node("b")));
        Soon(() => Assert.Equal(1, Status().Connected), Bound);

        var snapshot = Assert.Single(Status().Snapshots);
        Assert.Equal((2, 1, true), (snapshot.Copies, snapshot.Offline, snapshot.IsProtected));
        Assert.Equal(new AbsentNode(NodeName.Parse("b"), NodeAddress.Parse("127.0.0.1:4054"), Clock.GetUtcNow(),
            MemberReason.Left), Assert.Single(Status().Absent!));

        Register(CreateTestProbe(), Samples.Destination("b", incarnation: 2));
        Soon(() => Assert.Equal(2, Status().Connected), Bound);
        Assert.True(Assert.Single(Status().Snapshots) is { Copies: 1, IsProtected: false },
            "it came back without the snapshot");
    }

    [Fact]
    public void The_record_hears_who_comes_with_what_who_goes_and_which_runs_begin()
    {
        var held = new HeldSnapshot(Samples.Origin, Samples.Snapshot, 3);
        Register(CreateTestProbe(), Samples.Destination("a", held: held));
        Register(CreateTestProbe(), Samples.Destination("a", held: held));
        Origin(1);
        _coordinator.Tell(new Leave(NodeRole.Destination, Samples.Node("a")));
        Soon(() => Assert.Equal(0, Status().Connected), Bound);

        Assert.Equal(["DestinationSeen", "OriginSeen", "OriginRan", "RunBegun", "DestinationsAlive"],
            _journal.Noted.Select(one => one.GetType().Name));
        Assert.True(_journal.Noted.OfType<DestinationSeen>().Single() is { IsNewLife: true } seen
            && seen.Registration.Newest.SequenceEqual([held]));
    }

    [Fact]
    public void Who_was_faster_in_runs_before_this_life_comes_first_in_a_plan_and_the_record_hears_of_speeds()
    {
        _remembered.Ran("id-b", 1 << 30);
        var a = CreateTestProbe();
        Register(a, Samples.Destination("a"));
        Register(CreateTestProbe(), Samples.Destination("b"));
        Origin(2);

        Assert.Equal(["b", "a"],
            Hear<PrepareReplica>(a, _ => true, Bound).Plan.Receivers().Select(node => node.Name.ToString()));

        _coordinator.Tell(new RunNews.Speeds(new Dictionary<NodeName, long> { [NodeName.Parse("gone")] = 7 }));
        _coordinator.Tell(new RunNews.Speeds(new Dictionary<NodeName, long>
        {
            [NodeName.Parse("a")] = 1 << 20,
            [NodeName.Parse("gone")] = 7
        }));
        Soon(() =>
            Assert.Equal([new("id-a", 1 << 20)], _journal.Noted.OfType<SpeedsSeen>().Single().BytesPerSecond), Bound);
        Assert.Equal(1 << 20, _remembered.Speed("id-a"));
    }

    [Fact]
    public void Whoever_is_silent_is_forgotten_and_the_others_stay()
    {
        var (silent, lively) = (CreateTestProbe(), CreateTestProbe());
        Register(silent, Samples.Destination("silent"));
        Register(lively, Samples.Destination("lively"));
        Clock.Advance(CoordinatorActor.Lease - TimeSpan.FromSeconds(1));
        Register(lively, Samples.Destination("lively"));

        Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("silent", Hear<NodeLeft>(_events, _ => true, Bound).Name.ToString());
        Assert.Equal(1, Status().Connected);
        Register(silent, Samples.Destination("silent"));
        Assert.Equal(2, Status().Connected);
    }

    [Fact]
    public void A_broken_connection_shortens_the_patience_and_a_registration_restores_it()
    {
        var node = CreateTestProbe();
        Register(node, Samples.Destination("a"));
        Sys.EventStream.Publish(new CarrierLost(node.Ref.Path.Address, Reason.Text("reset")));
        Assert.Equal(1, Status().Connected);
        Clock.Advance(CoordinatorActor.Suspicion - TimeSpan.FromSeconds(1));
        Register(node, Samples.Destination("a"));
        Clock.Advance(TimeSpan.FromSeconds(2));
        Hear<NodeJoined>(_events, _ => true, Bound);
        Assert.Empty(HearAll(_events, TimeSpan.FromMilliseconds(1200)));

        Sys.EventStream.Publish(new CarrierLost(node.Ref.Path.Address, Reason.Text("reset")));
        Assert.Equal(1, Status().Connected);
        Clock.Advance(CoordinatorActor.Suspicion + TimeSpan.FromMilliseconds(1));

        Hear<NodeLeft>(_events, _ => true, Bound);
    }

    [Fact]
    public void A_name_in_use_is_refused_to_another_identity()
    {
        var (owner, other) = (CreateTestProbe(), CreateTestProbe());
        Register(owner, Samples.Destination("a"));

        _coordinator.Tell(new RegisterDestination(Samples.Destination("a", identity: "other", incarnation: 9)), other);

        Assert.Contains("--name", Next<RegistrationRefused>(other, Bound).Reason.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, Status().Connected);
    }

    [Fact]
    public void A_newer_life_replaces_and_what_the_old_one_still_says_removes_nobody()
    {
        var (old, now) = (CreateTestProbe(), CreateTestProbe());
        Register(old, Samples.Destination("a"));
        Clock.Advance(TimeSpan.FromSeconds(2));
        Register(now, Samples.Destination("a", incarnation: 2));

        _coordinator.Tell(new Leave(NodeRole.Destination, Samples.Node("a")), old);
        Stop(old);
        _coordinator.Tell(new RegisterDestination(Samples.Destination("a")), old);

        Soon(() => Assert.Equal(Clock.GetUtcNow(), Assert.Single(Status().Nodes).Since), Bound);
        Assert.Equal(1, Status().Connected);
    }

    [Fact]
    public void A_run_starts_once_when_the_required_are_there()
    {
        var (origin, a, b) = (Origin(2), CreateTestProbe(), CreateTestProbe());
        Register(a, Samples.Destination("a"));
        Assert.Empty(Status().Runs);
        Register(b, Samples.Destination("b"));

        var plan = Next<PrepareReplica>(a, Bound).Plan;
        Assert.Equal(plan.Run, Next<PrepareReplica>(b, Bound).Plan.Run);
        Assert.Equal(2, plan.Receivers().Count());
        for (var i = 0; i < 3; i++) RegisterOrigin(origin, Samples.OriginOf(2));
        Assert.Equal(plan.Run, Assert.Single(Status().Runs).Run);
    }

    [Fact]
    public void Nothing_starts_while_the_tree_is_counted()
    {
        var origin = CreateTestProbe();
        RegisterOrigin(origin, Samples.OriginOf(1, isCounted: false));
        Register(CreateTestProbe(), Samples.Destination("a"));
        Assert.Empty(Status().Runs);

        RegisterOrigin(origin, Samples.OriginOf(1));

        Assert.Single(Status().Runs);
    }

    [Fact]
    public void Fewer_suffice_when_the_wait_is_over()
    {
        var origin = Origin(3);
        Register(CreateTestProbe(), Samples.Destination("a"));
        Register(CreateTestProbe(), Samples.Destination("b"));
        Assert.Empty(Status().Runs);

        RegisterOrigin(origin, Samples.OriginOf(3, startWith: 2, waitIsOver: true));

        Assert.Single(Status().Runs);
    }

    [Fact]
    public void A_new_life_of_an_origin_that_can_start_at_once_is_not_ended_by_its_old_one()
    {
        var (old, now, a) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        RegisterOrigin(old, Samples.OriginOf(1, isCounted: false));
        Register(a, Samples.Destination("a"));

        RegisterOrigin(now, Samples.OriginOf(1, incarnation: 2));

        Next<PrepareReplica>(a, Bound);
        Assert.Single(Status().Runs);
        Assert.DoesNotContain(HearAll(now, TimeSpan.FromSeconds(1)),
            one => one is RunReport { End: not null });
    }

    [Fact]
    public void A_run_from_before_this_coordinator_is_taken_up_above_every_epoch_heard_of()
    {
        var (origin, a) = (CreateTestProbe(), CreateTestProbe());
        var run = new RunInProgress(RunId.New(), Samples.Snapshot, new Epoch(3), Samples.Seal);
        Register(a, Samples.Destination("a", free: 1, epoch: 7));

        RegisterOrigin(origin, Samples.OriginOf(1, run: run));

        var plan = Next<PrepareReplica>(a, Bound).Plan;
        Assert.Equal((run.Run, run.Snapshot, new Epoch(8)), (plan.Run, plan.Snapshot, plan.Epoch));
        _coordinator.Tell(new ReplicaReport(run.Run, new Epoch(2), NodeName.Parse("a"), ReplicaPhase.Stored,
            Samples.Seal.Digest, Reason.None, []), a);
        Assert.Equal(RunOutcome.Protected,
            Hear<RunReport>(origin, one => one.End is not null, Bound).End!.Outcome);
    }

    [Fact]
    public void No_run_begins_for_a_tree_that_lost_too_much_and_the_origin_is_told_against_what()
    {
        var (origin, a, old) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        var held = new HeldSnapshot(Samples.Origin, Samples.Snapshot, 104);
        // It has no room for the tree, and still knows how large it was.
        Register(old, Samples.Destination("old", free: 1, held: held));
        Register(a, Samples.Destination("a"));

        RegisterOrigin(origin, Samples.OriginOf(1) with { MaxShrinkPercent = 50 });

        Assert.Equal(held, Next<OriginRegistered>(origin, Bound).Newest);
        // Each message is worked off before the next one is answered.
        Assert.Empty(Status().Runs);
        RegisterOrigin(origin, Samples.OriginOf(1) with { MaxShrinkPercent = 99 });
        Assert.Single(Status().Runs);
        Next<PrepareReplica>(a, Bound);
    }

    [Fact]
    public void Who_has_the_snapshot_takes_part_though_it_has_no_room_for_it_twice()
    {
        var (origin, a) = (CreateTestProbe(), CreateTestProbe());
        Register(a, Samples.Destination("a", free: 1, held: new HeldSnapshot(Samples.Origin, Samples.Snapshot)));

        RegisterOrigin(origin,
            Samples.OriginOf(1, run: new RunInProgress(RunId.New(), Samples.Snapshot, new Epoch(3), null)));

        Next<PrepareReplica>(a, Bound);
    }

    [Fact]
    public void Who_writes_for_a_run_that_nobody_knows_hears_that_it_is_over_once_all_could_have_come_back()
    {
        var (a, run) = (CreateTestProbe(), RunId.New());
        Register(a, Samples.Destination("a"));
        var report =
            new ReplicaReport(run, new Epoch(3), NodeName.Parse("a"), ReplicaPhase.Receiving, null, Reason.None, []);
        _coordinator.Tell(report, a);
        Register(a, Samples.Destination("a"));
        Assert.False(a.HasMessages);

        Clock.Advance(TimeSpan.FromSeconds(67));
        _coordinator.Tell(report, a);

        Assert.Equal(new RunOver(run, null), Hear<RunOver>(a, _ => true, Bound));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public void A_run_that_never_began_does_not_change_by_what_a_snapshot_is_judged(int? sealedAs)
    {
        var held =
            new HeldSnapshot(Samples.Origin, Samples.Snapshot, 3, Digest: Samples.Seal.Digest, Required: sealedAs);
        if (sealedAs is null) _remembered.Requires(Samples.Origin, 2);
        Register(CreateTestProbe(), Samples.Destination("a", held: held));
        Register(CreateTestProbe(), Samples.Destination("b", held: held));

        // Mistyped: there will never be three.
        RegisterOrigin(CreateTestProbe(), Samples.OriginOf(3));

        var status = Status();
        Assert.True(Assert.Single(status.Snapshots) is { Copies: 2, Required: 2, IsProtected: true });
        Assert.Equal(3, status.Nodes.Single(node => node.Role == NodeRole.Origin).Required);
    }

    [Fact]
    public void The_status_names_nodes_and_what_is_held()
    {
        var newer = Core.Naming.SnapshotId.Parse("20261123T000000Z");
        RegisterOrigin(CreateTestProbe(), Samples.OriginOf(3));
        Register(CreateTestProbe(), Samples.Destination("a", held: new HeldSnapshot(Samples.Origin, Samples.Snapshot)));
        Register(CreateTestProbe(), Samples.Destination("b", held: new HeldSnapshot(Samples.Origin, newer)));

        var status = Status();

        Assert.Equal(2, status.Connected);
        Assert.Equal(3, status.Nodes.Count);
        Assert.Equivalent(new SnapshotStatus(Samples.Origin, newer, 1, 3,
            [new ReplicaHolder(NodeName.Parse("b"), null)], Disks: 1), Assert.Single(status.Snapshots), strict: true);
    }

    [Fact]
    public void A_copy_is_in_the_status_as_soon_as_the_origin_hears_of_it()
    {
        var (origin, a) = (CreateTestProbe(), CreateTestProbe());
        var run = new RunInProgress(RunId.New(), Samples.Snapshot, new Epoch(3), Samples.Seal);
        Register(a,
            Samples.Destination("a",
                held: new HeldSnapshot(Samples.Origin, Core.Naming.SnapshotId.Parse("20261121T000000Z"))));
        RegisterOrigin(origin, Samples.OriginOf(1, run: run));
        Next<PrepareReplica>(a, Bound);

        _coordinator.Tell(new ReplicaReport(run.Run, new Epoch(4), NodeName.Parse("a"), ReplicaPhase.Stored,
            Samples.Seal.Digest, Reason.None, []), a);
        Hear<RunReport>(origin, one => one.End is not null, Bound);

        Assert.Equivalent(new SnapshotStatus(Samples.Origin, Samples.Snapshot, 1, 1,
            [new ReplicaHolder(NodeName.Parse("a"), null, Missing: 0)], Samples.Snapshot, Disks: 1),
                Assert.Single(Status().Snapshots),
                strict: true);
    }

    [Fact]
    public void An_origin_whose_run_is_over_gets_no_other_one_though_its_leave_is_lost()
    {
        var (origin, a, again) = (Origin(1), CreateTestProbe(), CreateTestProbe());
        Register(a, Samples.Destination("a"));
        var plan = Next<PrepareReplica>(a, Bound).Plan;
        _coordinator.Tell(new DeliveryReport(plan.Run, plan.Epoch, [], default, Samples.Seal), origin);
        _coordinator.Tell(new ReplicaReport(plan.Run, plan.Epoch, NodeName.Parse("a"), ReplicaPhase.Stored,
            Samples.Seal.Digest, Reason.None, []), a);
        Hear<RunReport>(origin, one => one.End is not null, Bound);
        _coordinator.Tell(new RunEndHeard(plan.Run), origin);
        Soon(() => Assert.Empty(Status().Runs), Bound);

        Register(again, Samples.Destination("a", incarnation: 2));

        Assert.Empty(Status().Runs);
        Assert.Empty(HearAll(again, TimeSpan.FromMilliseconds(500)));
        RegisterOrigin(CreateTestProbe(), Samples.OriginOf(1, incarnation: 2));
        Hear<PrepareReplica>(again, _ => true, Bound);
    }

    [Fact]
    public void An_origin_that_has_heard_its_runs_end_does_not_take_it_up_again()
    {
        var (origin, a) = (Origin(1), CreateTestProbe());
        Register(a, Samples.Destination("a"));
        var plan = Next<PrepareReplica>(a, Bound).Plan;
        _coordinator.Tell(new DeliveryReport(plan.Run, plan.Epoch, [], default, Samples.Seal), origin);
        _coordinator.Tell(new ReplicaReport(plan.Run, plan.Epoch, NodeName.Parse("a"), ReplicaPhase.Stored,
            Samples.Seal.Digest, Reason.None, []), a);
        Hear<RunReport>(origin, one => one.End is not null, Bound);
        _coordinator.Tell(new RunEndHeard(plan.Run), origin);
        Soon(() => Assert.Empty(Status().Runs), Bound);

        RegisterOrigin(origin,
            Samples.OriginOf(1, run: new RunInProgress(plan.Run, plan.Snapshot, plan.Epoch, Samples.Seal)));

        Assert.Empty(Status().Runs);
    }

    [Fact]
    public void A_destination_that_is_back_before_its_origin_goes_on_in_the_run()
    {
        var (origin, a, small) = (Origin(1), CreateTestProbe(), CreateTestProbe());
        Register(a, Samples.Destination("a"));
        var plan = Next<PrepareReplica>(a, Bound).Plan;
        // The coordinator was cut off for a while: it hears nobody, and all others see each other.
        Clock.Advance(CoordinatorActor.Lease + TimeSpan.FromSeconds(1));
        Soon(() => Assert.Empty(Status().Nodes), Bound);

        Register(a, Samples.Destination("a"));
        Register(small, Samples.Destination("small", free: 1));
        RegisterOrigin(origin, Samples.OriginOf(1, run: new RunInProgress(plan.Run, plan.Snapshot, plan.Epoch, null)));

        var next = Hear<PrepareReplica>(a, one => one.Plan.Epoch > plan.Epoch, Bound).Plan;
        Assert.Equal((plan.Run, "a"), (next.Run, string.Join(' ', next.Receivers().Select(node => node.Name))));
    }

    [Fact]
    public void An_origin_that_was_out_of_reach_before_it_heard_of_its_run_takes_part_when_it_is_heard_again()
    {
        var (origin, a) = (Origin(1), CreateTestProbe());
        Register(a, Samples.Destination("a"));
        var plan = Next<PrepareReplica>(a, Bound).Plan;
        // The line is cut: the origin hears nothing, and is not heard.
        HearAll(origin, TimeSpan.FromMilliseconds(100));
        Clock.Advance(CoordinatorActor.Lease - TimeSpan.FromSeconds(1));
        Register(a, Samples.Destination("a"));
        Clock.Advance(TimeSpan.FromSeconds(2));
        Soon(() => Assert.DoesNotContain(Status().Nodes, node => node.Role == NodeRole.Origin), Bound);

        RegisterOrigin(origin, Samples.OriginOf(1));

        var next = Hear<PrepareReplica>(a, one => one.Plan.Epoch > plan.Epoch, Bound).Plan;
        Assert.Equal(plan.Run, next.Run);
        _coordinator.Tell(new ReplicaReport(next.Run, next.Epoch, NodeName.Parse("a"), ReplicaPhase.Receiving, null,
            Reason.None,
            []), a);
        Hear<object>(origin, one =>
        {
            Assert.False(one is RunReport { End: not null }, "the run went on");
            return one is Deliver;
        }, Bound);
    }

    private TestProbe Origin(int required)
    {
        var origin = CreateTestProbe();
        RegisterOrigin(origin, Samples.OriginOf(required));
        return origin;
    }

    private void RegisterOrigin(TestProbe origin, OriginRegistration registration) =>
        _coordinator.Tell(new RegisterOrigin(registration), origin);

    private void Register(TestProbe node, DestinationRegistration registration)
    {
        _coordinator.Tell(new RegisterDestination(registration), node);
        Hear<DestinationRegistered>(node, one => one.Node == registration.Node, Bound);
    }

    private void Counts(TestProbe origin, int connected, int eligible) =>
        Hear<OriginRegistered>(origin, one => one.Connected == connected && one.Eligible == eligible, Bound);

    private ClusterStatus Status()
    {
        var asker = CreateTestProbe();
        _coordinator.Tell(new AskStatus(), asker);
        return Next<StatusAnswer>(asker, Bound).Status;
    }
}
