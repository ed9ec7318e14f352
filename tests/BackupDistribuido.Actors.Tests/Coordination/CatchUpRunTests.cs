using Akka.Actor;
using Akka.TestKit;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Actors.Tests.Coordination.Fixtures;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Actors.Tests.Coordination;

/// <summary>Runs whose content comes from a destination, while the origin is away.</summary>
public sealed class CatchUpRunTests : TimedKit
{
    private static readonly HeldSnapshot Held = new(Samples.Origin, Samples.Snapshot, Samples.Seal.Totals.Entries,
        Samples.Seal.Totals.Bytes, Samples.Seal.Digest, "id-laptop");

    private readonly Dictionary<string, (TestProbe Node, RegisterDestination Registration)> _nodes = [];
    private readonly TestProbe _events;
    private readonly TestProbe _late;
    private bool _breaks;
    private readonly IActorRef _coordinator;

    public CatchUpRunTests()
    {
        (_events, _late) = (CreateTestProbe(), CreateTestProbe());
        var (events, clock) = (_events, Clock);
        Action<NodeEvent> report = one =>
        {
            if (_breaks && one is RunStarted) throw new InvalidOperationException("a defect");
            events.Ref.Tell(one);
        };
        var settings = new CoordinatorSettings(NodeAddress.Parse("127.0.0.1:0"), TimeSpan.FromSeconds(60));
        _coordinator = Start(Props.Create(() =>
            new CoordinatorActor(settings, report, clock, null, new Remembered())), "coordinator");
    }

    [Fact]
    public void One_whose_holder_is_started_again_at_once_goes_on_from_its_new_life()
    {
        var holder = CreateTestProbe();
        Register(holder, "holder", 1, Held);
        Register(_late, "late", 1);
        var first = Begun(holder);

        // Nobody saw the old life go.
        var again = CreateTestProbe();
        Register(again, "holder", 2, Held);
        Hear<RunOver>(_late, over => over.Run == first.Run, Bound);

        Assert.NotEqual(first.Run, Begun(again).Run);
    }

    [Fact]
    public void A_holder_that_cannot_read_what_it_has_is_replaced_and_nobody_else_is_blamed()
    {
        var (bad, good) = (CreateTestProbe(), CreateTestProbe());
        Register(bad, "bad", 1, Held);
        Clock.Advance(TimeSpan.FromSeconds(1));
        Register(good, "good", 1, Held);
        Register(_late, "late", 1);
        var first = Begun(bad);

        _coordinator.Tell(new DeliveryReport(first.Run, first.Epoch, [], default, null,
            Problem: Reason.Text("Input/output error")),
            bad);

        var second = Hear<PrepareReplica>(_late, one => one.Plan.Epoch > first.Epoch, Bound).Plan;
        Assert.Equal((first.Run, "good"), (second.Run, second.Root.Name.ToString()));
        _coordinator.Tell(new ReplicaReport(second.Run, second.Epoch, NodeName.Parse("late"), ReplicaPhase.Receiving,
            null, Reason.None, []), _late);
        Assert.Equal(second.Epoch, Hear<Deliver>(good, _ => true, Bound).Plan.Epoch);
        Assert.Contains("Input/output error", Hear<Warned>(_events, _ => true, Bound).Message.ToString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [InlineData(null)]
    public void A_holder_that_says_its_copy_is_damaged_is_replaced_and_no_copy_any_more(bool? registersFirst)
    {
        var (bad, good) = (CreateTestProbe(), CreateTestProbe());
        Register(bad, "bad", 1, Held);
        Clock.Advance(TimeSpan.FromSeconds(1));
        Register(good, "good", 1, Held);
        Register(_late, "late", 1);
        var first = Begun(bad);
        var problem = new DeliveryReport(first.Run, first.Epoch, [], default, null,
            Problem: Reason.Text("bad found that 'f' of its snapshot is damaged"), IsDamaged: true);

        if (registersFirst != true) _coordinator.Tell(problem, bad);
        if (registersFirst is not null)
            Register(bad, "bad", 1,
                Held with { Verified = new Verification.Damaged(DateTimeOffset.UnixEpoch, 1, "f") });
        if (registersFirst == true) _coordinator.Tell(problem, bad);

        var second = Hear<PrepareReplica>(_late, one => one.Plan.Root.Name.ToString() == "good", Bound).Plan;
        _coordinator.Tell(new ReplicaReport(second.Run, second.Epoch, NodeName.Parse("late"), ReplicaPhase.Receiving,
            null, Reason.None, []), _late);
        Hear<Deliver>(good, one => one.Plan.Epoch == second.Epoch, Bound);
        _coordinator.Tell(new DeliveryReport(second.Run, second.Epoch, [], default, null), good);
        _coordinator.Tell(new ReplicaReport(second.Run, second.Epoch, NodeName.Parse("late"), ReplicaPhase.Stored,
            Samples.Seal.Digest, Reason.None, []), _late);
        var ended = Ended(second.Run);
        Assert.Equal((first.Run, RunOutcome.Protected, 2), (second.Run, ended.Outcome, ended.Copies));
    }

    [Theory]
    [InlineData("leaves")]
    [InlineData("is killed")]
    [InlineData("is silent")]
    public void An_idle_origin_that_comes_and_goes_leaves_a_catch_up_alone(string how)
    {
        var (holder, origin, again) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        Register(holder, "holder", 1, Held);
        Register(_late, "late", 1);
        var plan = Begun(holder);

        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(9)), origin);
        Hear<NodeJoined>(_events, joined => joined.Role == NodeRole.Origin, Bound);
        if (how == "leaves") _coordinator.Tell(new Leave(NodeRole.Origin, Samples.Node("laptop")), origin);
        if (how == "is killed") Stop(origin);
        if (how == "is silent") Beats(14);
        Hear<NodeLeft>(_events, left => left.Role == NodeRole.Origin, Bound);
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(9, incarnation: 2)), again);

        Assert.DoesNotContain(HearAll(_late, TimeSpan.FromMilliseconds(500)),
            one => one is RunOver);
        _coordinator.Tell(new DeliveryReport(plan.Run, plan.Epoch, [], default, null), holder);
        _coordinator.Tell(new ReplicaReport(plan.Run, plan.Epoch, NodeName.Parse("late"), ReplicaPhase.Stored,
            Samples.Seal.Digest, Reason.None, []), _late);
        Hear<RunOver>(_late, over => over.Run == plan.Run, Bound);
        Assert.Equal((RunOutcome.Protected, ""), (Ended(plan.Run).Outcome, Ended(plan.Run).Reason.ToString()));
    }

    [Fact]
    public void One_that_dies_of_a_defect_is_said_and_tried_again_after_longer_and_longer_pauses()
    {
        _breaks = true;
        var holder = CreateTestProbe();
        Register(holder, "holder", 1, Held);
        Register(_late, "late", 1);
        foreach (var seconds in new[] { 5, 10, 20 })
        {
            Assert.Contains($"tried again in {seconds} s", Warned(), StringComparison.Ordinal);
            Beats(2 * (seconds - 1));
            var asker = CreateTestProbe();
            _coordinator.Tell(new AskStatus(), asker);
            Assert.Empty(asker.ExpectMsg<StatusAnswer>(Bound).Status.Runs);
        }

        _breaks = false;
        Begun(holder);

        string Warned()
        {
            string? message = null;
            for (var times = 0; message is null; times++)
            {
                Assert.InRange(times, 0, 40);
                Beats(1);
                message = HearAll(_events, TimeSpan.Zero).OfType<Warned>().FirstOrDefault()?.Message.ToString();
            }
            return message;
        }
    }

    [Fact]
    public void A_holder_that_could_not_read_what_it_has_is_asked_again_after_a_while()
    {
        var holder = CreateTestProbe();
        Register(holder, "holder", 1, Held);
        Register(_late, "late", 1);
        var first = Begun(holder);
        _coordinator.Tell(new DeliveryReport(first.Run, first.Epoch, [], default, null,
            Problem: Reason.Text("Input/output error")),
            holder);
        Hear<RunOver>(_late, over => over.Run == first.Run, Bound);
        Beats(20);
        Assert.DoesNotContain(HearAll(_late, TimeSpan.FromMilliseconds(1200)), one => one is PrepareReplica);

        Beats(1200);

        Assert.NotEqual(first.Run, Begun(holder).Run);
    }

    [Fact]
    public void Who_did_not_get_ready_is_tried_again_after_a_while_and_not_in_run_after_run()
    {
        var holder = CreateTestProbe();
        Register(holder, "holder", 1, Held);
        Register(_late, "late", 1);
        Hear<DestinationRegistered>(_late, _ => true, Bound);
        _coordinator.Tell(new RunNews.Late(NodeName.Parse("late")));
        for (var round = 0; round < 3; round++)
        {
            Beats(20);
            Assert.DoesNotContain(HearAll(_late, TimeSpan.FromMilliseconds(600)),
                one => one is PrepareReplica);
        }

        Beats(1200);

        Begun(holder);
    }

    [Fact]
    public void Who_is_brought_a_snapshot_and_goes_on_saying_another_from_the_future_is_left_alone_for_a_while()
    {
        var holder = CreateTestProbe();
        Register(holder, "holder", 1, Held);
        // Its clock is a month ahead: what is not credible here is its newest.
        Register(_late, "late", 1,
            Held with { Snapshot = SnapshotId.Parse("20261222T163305Z"), Digest = Sha256Digest.Of("future"u8) });
        Finish(Begun(holder));
        for (var round = 0; round < 3; round++)
        {
            Beats(20);
            Assert.DoesNotContain(HearAll(_late, TimeSpan.FromMilliseconds(600)),
                one => one is PrepareReplica);
        }

        Beats(1200);

        Finish(Begun(holder));
        // Who says that it has it, and loses it, is brought it again at once.
        Register(_late, "late", 1, Held);
        Beats(2);
        Register(_late, "late", 1);
        Begun(holder);

        void Finish(DeliveryPlan plan)
        {
            _coordinator.Tell(new ReplicaReport(plan.Run, plan.Epoch, NodeName.Parse("late"), ReplicaPhase.Stored,
                Samples.Seal.Digest, Reason.None, []), _late);
            Hear<RunOver>(_late, over => over.Run == plan.Run, Bound);
            _coordinator.Tell(new RunEndHeard(plan.Run), holder);
        }
    }

    [Fact]
    public void A_run_of_the_origin_goes_before_a_catch_up_also_one_from_before_this_coordinator()
    {
        var (holder, origin) = (CreateTestProbe(), CreateTestProbe());
        Register(holder, "holder", 1, Held);
        Register(_late, "late", 1);
        var plan = Begun(holder);
        var own = new RunInProgress(RunId.New(), SnapshotId.Parse("20261122T163306Z"), new Epoch(3), null);

        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(2, run: own)), origin);

        Hear<RunOver>(_late, over => over.Run == plan.Run, Bound);
        Hear<PrepareReplica>(_late, prepare => prepare.Plan.Run == own.Run, Bound);
        Assert.Equal("the origin began its own run", Ended(plan.Run).Reason.ToString());
    }

    [Fact]
    public void An_origin_that_claims_to_be_in_a_catch_up_is_not_given_it()
    {
        var (holder, origin) = (CreateTestProbe(), CreateTestProbe());
        Register(holder, "holder", 1, Held);
        Register(_late, "late", 1);
        var plan = Begun(holder);

        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(9,
            run: new RunInProgress(plan.Run, plan.Snapshot, plan.Epoch, null))), origin);

        Assert.DoesNotContain(HearAll(origin, TimeSpan.FromMilliseconds(500)),
            one => one is Deliver or RunReport);
    }

    [Fact]
    public void A_catch_up_that_has_ended_is_not_the_end_of_an_origin_in_the_same_process()
    {
        var (holder, origin) = (CreateTestProbe(), CreateTestProbe());
        Register(holder, "holder", 1, Held);
        Register(_late, "late", 1);
        var plan = Begun(holder);
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(9)), origin);
        _coordinator.Tell(new DeliveryReport(plan.Run, plan.Epoch, [], default, null), holder);
        _coordinator.Tell(new ReplicaReport(plan.Run, plan.Epoch, NodeName.Parse("late"), ReplicaPhase.Stored,
            Samples.Seal.Digest, Reason.None, []), _late);
        Ended(plan.Run);
        _coordinator.Tell(new RunEndHeard(plan.Run), holder);

        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(2)), origin);

        Assert.NotEqual(plan.Run,
            Hear<PrepareReplica>(_late, prepare => prepare.Plan.Run != plan.Run, Bound).Plan.Run);
    }

    private readonly List<RunFinished> _ended = [];

    private RunSummary Ended(RunId run)
    {
        if (!_ended.Exists(one => one.Summary.Run == run))
            _ended.Add(Hear<RunFinished>(_events, one => one.Summary.Run == run, Bound));
        return _ended.Find(one => one.Summary.Run == run)!.Summary;
    }

    /// <summary>Half seconds in which all destinations say that they are here.</summary>
    private void Beats(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(500));
            foreach (var (node, registration) in _nodes.Values) _coordinator.Tell(registration, node);
        }
    }

    /// <summary>Waits for a catch-up of the late one, gets it ready, and waits until its content is asked of
    /// <paramref name="root"/>.</summary>
    private DeliveryPlan Begun(TestProbe root)
    {
        DeliveryPlan? plan = null;
        for (var times = 0; plan is null; times++)
        {
            Assert.InRange(times, 0, 40);
            // Long enough that all who are here have settled, and short enough that nobody is thought to be gone.
            Beats(1);
            plan = HearAll(_late, TimeSpan.FromMilliseconds(300)).OfType<PrepareReplica>().FirstOrDefault()?.Plan;
        }
        _coordinator.Tell(new ReplicaReport(plan.Run, plan.Epoch, NodeName.Parse("late"), ReplicaPhase.Receiving, null,
            Reason.None, []), _late);
        return Hear<Deliver>(root, one => one.Plan.Run == plan.Run, Bound).Plan;
    }

    private void Register(TestProbe node, string name, long incarnation, params HeldSnapshot[] held)
    {
        _nodes[name] = (node, new RegisterDestination(Samples.Destination(name, incarnation: incarnation, held: held)));
        _coordinator.Tell(_nodes[name].Registration, node);
    }
}
