using Akka.Actor;
using Akka.TestKit;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Actors.Tests.Coordination.Fixtures;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Actors.Tests.Coordination;

/// <summary>Registrations that claim what can't be, or what is another's.</summary>
public sealed class StrangeClaimsTests : TimedKit
{
    private readonly IActorRef _coordinator;

    public StrangeClaimsTests()
    {
        var clock = Clock;
        Action<Core.Events.NodeEvent> report = _ => { };
        var settings = new CoordinatorSettings(NodeAddress.Parse("127.0.0.1:0"), TimeSpan.FromSeconds(60));
        _coordinator = Start(Props.Create(() =>
            new CoordinatorActor(settings, report, clock, null, new Remembered())), "coordinator");
    }

    [Fact]
    public void The_last_snapshot_that_can_be_named_ends_no_coordinator()
    {
        var (origin, liar) = (CreateTestProbe(), CreateTestProbe());
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(1)), origin);

        _coordinator.Tell(new RegisterDestination(Samples.Destination("liar",
            held: new HeldSnapshot(Samples.Origin, SnapshotId.Parse("99991231T235959Z")))), liar);

        Assert.Equal(2026, Hear<PrepareReplica>(liar, _ => true, Bound).Plan.Snapshot.Time.Year);
        Assert.Equal(2, Status().Nodes.Count);
    }

    [Fact]
    public void Nobody_registers_as_another_than_its_certificate_says()
    {
        var node = CreateTestProbe();
        var named = new AuthenticatedPeer(null, NodeRole.Destination, NodeName.Parse("b"));
        Assert.True(ControlPeers.Of(Sys).TryBind(node.Ref.Path.Address, named));

        _coordinator.Tell(new RegisterDestination(Samples.Destination("a")), node);
        Assert.Contains("certificate", Next<RegistrationRefused>(node, Bound).Reason.ToString());
        Assert.Empty(Status().Nodes);

        _coordinator.Tell(new RegisterDestination(Samples.Destination("b")), node);
        Assert.Equal("b", Next<DestinationRegistered>(node, Bound).Node.Name.ToString());
    }

    [Fact]
    public void The_last_epoch_leaves_room_for_the_next_ones()
    {
        var (origin, liar) = (CreateTestProbe(), CreateTestProbe());
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(1)), origin);

        _coordinator.Tell(new RegisterDestination(Samples.Destination("liar", epoch: Epoch.Max)), liar);

        Assert.InRange(Hear<PrepareReplica>(liar, _ => true, Bound).Plan.Epoch.Number, 1,
            Epoch.Max - 1_000_000);
    }

    [Fact]
    public void An_origin_takes_up_no_run_of_another()
    {
        var (origin, thief, a) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(1)), origin);
        _coordinator.Tell(new RegisterDestination(Samples.Destination("a")), a);
        var plan = Hear<PrepareReplica>(a, _ => true, Bound).Plan;

        var stolen = new RunInProgress(plan.Run, plan.Snapshot, plan.Epoch, null);
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(1, run: stolen) with { Node = Samples.Node("thief") }),
            thief);

        Assert.Empty(HearAll(thief, TimeSpan.FromSeconds(2)).OfType<RunReport>());
        Hear<RunReport>(origin, _ => true, Bound);
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
            Assert.NotEmpty(Next<RegistrationRefused>(liar, Bound).Reason.ToString());
        }
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(0)), liar);
        Assert.NotEmpty(Next<RegistrationRefused>(liar, Bound).Reason.ToString());
        Assert.Empty(Status().Nodes);
    }

    [Fact]
    public void A_clock_that_goes_back_keeps_nobody_alive()
    {
        var a = CreateTestProbe();
        _coordinator.Tell(new RegisterDestination(Samples.Destination("a")), a);
        Assert.Equal(1, Status().Connected);

        Clock.SetBack(TimeSpan.FromHours(1));
        Clock.Advance(CoordinatorActor.Lease + TimeSpan.FromSeconds(1));

        Soon(() => Assert.Equal(0, Status().Connected), Bound);
    }

    private ClusterStatus Status()
    {
        var asker = CreateTestProbe();
        _coordinator.Tell(new AskStatus(), asker);
        return Next<StatusAnswer>(asker, Bound).Status;
    }
}
