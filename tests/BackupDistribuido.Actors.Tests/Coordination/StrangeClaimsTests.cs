using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Tests.Coordination;

/// <summary>Registrations that claim what can't be, or what is another's.</summary>
public sealed class StrangeClaimsTests : TestKit
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);
    private readonly IActorRef _coordinator;
    private readonly HandClock _clock = new();

    public StrangeClaimsTests()
        : base("akka.loglevel = OFF\nakka.stdout-loglevel = OFF\nakka.test.single-expect-default = 15s")
    {
        var clock = _clock;
        Action<Core.Events.NodeEvent> report = _ => { };
        var settings = new CoordinatorSettings(NodeAddress.Parse("127.0.0.1:0"), TimeSpan.FromSeconds(60));
        _coordinator = Sys.ActorOf(Props.Create(() =>
            new CoordinatorActor(settings, report, clock, null, new Remembered())), "coordinator");
    }

    [Fact]
    public void The_last_snapshot_that_can_be_named_ends_no_coordinator()
    {
        var (origin, liar) = (CreateTestProbe(), CreateTestProbe());
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(1)), origin);

        _coordinator.Tell(new RegisterDestination(Samples.Destination("liar",
            held: new HeldSnapshot(Samples.Origin, SnapshotId.Parse("99991231T235959Z")))), liar);

        Assert.Equal(2026, liar.FishForMessage<PrepareReplica>(_ => true, Bound).Plan.Snapshot.Time.Year);
        Assert.Equal(2, Status().Nodes.Count);
    }

    [Fact]
    public void The_last_epoch_leaves_room_for_the_next_ones()
    {
        var (origin, liar) = (CreateTestProbe(), CreateTestProbe());
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(1)), origin);

        _coordinator.Tell(new RegisterDestination(Samples.Destination("liar", epoch: Epoch.Max)), liar);

        Assert.InRange(liar.FishForMessage<PrepareReplica>(_ => true, Bound).Plan.Epoch.Number, 1,
            Epoch.Max - 1_000_000);
    }

    [Fact]
    public void An_origin_takes_up_no_run_of_another()
    {
        var (origin, thief, a) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(1)), origin);
        _coordinator.Tell(new RegisterDestination(Samples.Destination("a")), a);
        var plan = a.FishForMessage<PrepareReplica>(_ => true, Bound).Plan;

        var stolen = new RunInProgress(plan.Run, plan.Snapshot, plan.Epoch, null);
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(1, run: stolen) with { Node = Samples.Node("thief") }),
            thief);

        Assert.Empty(thief.ReceiveWhile<object>(TimeSpan.FromSeconds(2), one => one).OfType<RunReport>());
        origin.FishForMessage<RunReport>(_ => true, Bound);
    }

    [Fact]
    public void Texts_beyond_measure_are_refused()
    {
        var liar = CreateTestProbe();
        foreach (var strange in new[]
        {
            Samples.Destination("a") with { Disk = new string('x', 100_000) },
            Samples.Destination("a") with { Place = new string('x', 100_000) },
            Samples.Destination("a") with { Place = "/\u001b[2J" },
            Samples.Destination("a", identity: "two\nlines"),
            Samples.Destination("a",
                held: [.. Enumerable.Repeat(new HeldSnapshot(Samples.Origin, Samples.Snapshot), 257)]),
        })
        {
            _coordinator.Tell(new RegisterDestination(strange), liar);
            Assert.NotEmpty(liar.ExpectMsg<RegistrationRefused>(Bound).Reason);
        }
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(0)), liar);
        Assert.NotEmpty(liar.ExpectMsg<RegistrationRefused>(Bound).Reason);
        Assert.Empty(Status().Nodes);
    }

    [Fact]
    public void A_clock_that_goes_back_keeps_nobody_alive()
    {
        var a = CreateTestProbe();
        _coordinator.Tell(new RegisterDestination(Samples.Destination("a")), a);
        Assert.Equal(1, Status().Connected);

        _clock.SetBack(TimeSpan.FromHours(1));
        _clock.Advance(CoordinatorActor.Lease + TimeSpan.FromSeconds(1));

        AwaitAssert(() => Assert.Equal(0, Status().Connected), Bound);
    }

    private ClusterStatus Status()
    {
        var asker = CreateTestProbe();
        _coordinator.Tell(new AskStatus(), asker);
        return asker.ExpectMsg<StatusAnswer>(Bound).Status;
    }
}
