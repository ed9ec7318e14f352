using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Actors.Tests.Coordination;

/// <summary>Runs whose content comes from a destination, while the origin is away.</summary>
public sealed class CatchUpRunTests : TestKit
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);
    private static readonly HeldSnapshot Held = new(Samples.Origin, Samples.Snapshot, Samples.Seal.Totals.Entries, Samples.Seal.Totals.Bytes, Samples.Seal.Digest, "id-laptop");

    private readonly HandClock _clock = new();
    private readonly Dictionary<string, (TestProbe Node, RegisterDestination Registration)> _nodes = [];
    private readonly TestProbe _events;
    private readonly TestProbe _late;
    private readonly IActorRef _coordinator;

    public CatchUpRunTests() : base("akka.loglevel = OFF\nakka.stdout-loglevel = OFF")
    {
        (_events, _late) = (CreateTestProbe(), CreateTestProbe());
        var (events, clock) = (_events, _clock);
        var settings = new CoordinatorSettings(NodeAddress.Parse("127.0.0.1:0"), TimeSpan.FromSeconds(60));
        _coordinator = Sys.ActorOf(Props.Create(() => new CoordinatorActor(settings, one => events.Ref.Tell(one), clock, null, new Remembered())), "coordinator");
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
        _late.FishForMessage<RunOver>(over => over.Run == first.Run, Bound);

        Assert.NotEqual(first.Run, Begun(again).Run);
    }

    [Fact]
    public void A_holder_that_cannot_read_what_it_has_is_replaced_and_nobody_else_is_blamed()
    {
        var (bad, good) = (CreateTestProbe(), CreateTestProbe());
        Register(bad, "bad", 1, Held);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Register(good, "good", 1, Held);
        Register(_late, "late", 1);
        var first = Begun(bad);

        _coordinator.Tell(new DeliveryReport(first.Run, first.Epoch, [], default, null, Problem: "Input/output error"), bad);

        var second = _late.FishForMessage<PrepareReplica>(one => one.Plan.Epoch > first.Epoch, Bound).Plan;
        Assert.Equal((first.Run, "good"), (second.Run, second.Root.Name.ToString()));
        _coordinator.Tell(new ReplicaReport(second.Run, second.Epoch, NodeName.Parse("late"), ReplicaPhase.Receiving, null, "", []), _late);
        Assert.Equal(second.Epoch, good.FishForMessage<Deliver>(_ => true, Bound).Plan.Epoch);
        Assert.Contains("Input/output error", _events.FishForMessage<Warned>(_ => true, Bound).Message, StringComparison.Ordinal);
    }

    /// <summary>Waits for a catch-up of the late one, gets it ready, and waits until its content is asked of <paramref name="root"/>.</summary>
    private DeliveryPlan Begun(TestProbe root)
    {
        DeliveryPlan? plan = null;
        AwaitAssert(() =>
        {
            // Long enough that all who are here have settled, and short enough that nobody is thought to be gone.
            _clock.Advance(TimeSpan.FromMilliseconds(500));
            foreach (var (node, registration) in _nodes.Values) _coordinator.Tell(registration, node);
            plan = _late.FishForMessage<PrepareReplica>(_ => true, TimeSpan.FromMilliseconds(300)).Plan;
        }, TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(50));
        _coordinator.Tell(new ReplicaReport(plan!.Run, plan.Epoch, NodeName.Parse("late"), ReplicaPhase.Receiving, null, "", []), _late);
        return root.FishForMessage<Deliver>(one => one.Plan.Run == plan.Run, Bound).Plan;
    }

    private void Register(TestProbe node, string name, long incarnation, params HeldSnapshot[] held)
    {
        _nodes[name] = (node, new RegisterDestination(Samples.Destination(name, incarnation: incarnation, held: held)));
        _coordinator.Tell(_nodes[name].Registration, node);
    }
}
