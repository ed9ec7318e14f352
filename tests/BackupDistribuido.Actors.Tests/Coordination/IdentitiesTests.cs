using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Tests.Coordination;

/// <summary>A destination is its ROOT, whatever its name; a snapshot is its origin, its id and its seal.</summary>
public sealed class IdentitiesTests : TestKit
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);
    private readonly HandClock _clock = new();
    private readonly TestProbe _events;
    private readonly IActorRef _coordinator;

    public IdentitiesTests()
        : base("akka.loglevel = OFF\nakka.stdout-loglevel = OFF\nakka.test.single-expect-default = 15s")
    {
        _events = CreateTestProbe();
        var (events, clock) = (_events, _clock);
        var settings = new CoordinatorSettings(NodeAddress.Parse("127.0.0.1:0"), TimeSpan.FromSeconds(60));
        _coordinator = Sys.ActorOf(Props.Create(() =>
            new CoordinatorActor(settings, one => events.Ref.Tell(one), clock, null, new Remembered(), null)),
                "coordinator");
    }

    [Fact]
    public void A_root_that_comes_back_under_another_name_is_one_copy_in_its_run()
    {
        var (origin, a, b) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        Register(a, Samples.Destination("a", identity: "root"));
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(2, startWith: 1, waitIsOver: true)), origin);
        var plan = a.FishForMessage<PrepareReplica>(_ => true, Bound).Plan;
        _coordinator.Tell(new DeliveryReport(plan.Run, plan.Epoch, [], default, Samples.Seal), origin);
        Stored(plan, "a", a);
        origin.FishForMessage<RunReport>(report => Copies(report) == 1, Bound);
        _coordinator.Tell(new Leave(NodeRole.Destination, Samples.Node("a", identity: "root")), a);

        Register(b,
            Samples.Destination("b", identity: "root", incarnation: 2,
                held: new HeldSnapshot(Samples.Origin, plan.Snapshot, 3, Digest: Samples.Seal.Digest)));
        b.FishForMessage<PrepareReplica>(_ => true, Bound);
        Stored(plan, "b", b);

        var said = origin.FishForMessage<RunReport>(report =>
            report.Members.Any(member => member.Name.ToString() == "b"), Bound);
        Assert.Equal(("b", 1), (Assert.Single(said.Members).Name.ToString(), Copies(said)));
        Assert.True(Assert.Single(Status().Snapshots) is { Copies: 1, IsProtected: false, Holders.Count: 1 });
        Assert.DoesNotContain(_events.ReceiveWhile<object>(TimeSpan.FromSeconds(1), one => one),
            one => one is SnapshotProtected);
    }

    [Fact]
    public void A_root_that_is_there_twice_is_connected_once_and_everybody_is_told()
    {
        var (a, copy) = (CreateTestProbe(), CreateTestProbe());
        Register(a, Samples.Destination("a", identity: "root"));
        Register(copy, Samples.Destination("copy", identity: "root", incarnation: 2));
        Assert.Equal(1, Status().Connected);
        Register(a, Samples.Destination("a", identity: "root"));
        _clock.Advance(TimeSpan.FromSeconds(3));
        Register(a, Samples.Destination("a", identity: "root"));

        var answer = Register(copy, Samples.Destination("copy", identity: "root", incarnation: 2));

        Assert.Contains("a:/copies", answer.Warning, StringComparison.Ordinal);
        Assert.Contains("copy:/copies", answer.Warning, StringComparison.Ordinal);
        Assert.Equal((1, answer.Warning), (Status().Connected, Assert.Single(Status().Warnings!)));
        _clock.Advance(TimeSpan.FromSeconds(4));
        Register(copy, Samples.Destination("copy", identity: "root", incarnation: 2));
        Register(a, Samples.Destination("a", identity: "root"));
        _events.FishForMessage<Warned>(one => one.Message == answer.Warning, Bound);
        // When the first one is gone, the copy counts.
        _coordinator.Tell(new Leave(NodeRole.Destination, Samples.Node("a", identity: "root")), a);
        Assert.Null(Register(copy, Samples.Destination("copy", identity: "root", incarnation: 2)).Warning);
        Assert.Equal("copy", Assert.Single(Status().Nodes).Name.ToString());
        Assert.Empty(Status().Absent!);
    }

    [Fact]
    public void A_disk_that_was_replaced_under_its_name_counts_no_more()
    {
        var held = new HeldSnapshot(Samples.Origin, Samples.Snapshot, 3, Digest: Samples.Seal.Digest);
        Register(CreateTestProbe(), Samples.Destination("b", held: held));
        var old = CreateTestProbe();
        Register(old, Samples.Destination("a", identity: "old", held: held));
        Assert.Equal(2, Assert.Single(Status().Snapshots).Copies);
        _coordinator.Tell(new Leave(NodeRole.Destination, Samples.Node("a", identity: "old")), old);

        Register(CreateTestProbe(), Samples.Destination("a", identity: "new"));

        Assert.Equal(1, Assert.Single(Status().Snapshots).Copies);
        _events.FishForMessage<Warned>(one => one.Message.Contains("another folder or disk", StringComparison.Ordinal),
            Bound);
    }

    [Fact]
    public void A_new_id_is_above_what_absent_ones_have_and_marked_where_all_know_marks()
    {
        var (a, gone) = (CreateTestProbe(), CreateTestProbe());
        Register(gone,
            Samples.Destination("gone",
                held: new HeldSnapshot(Samples.Origin, SnapshotId.Parse("20261122T203305Z-0a0a0a"), 3)));
        _coordinator.Tell(new Leave(NodeRole.Destination, Samples.Node("gone")), gone);
        Register(a, Samples.Destination("a") with { Edition = Editions.Newest });
        Register(CreateTestProbe(),
            Samples.Destination("liar",
                held: new HeldSnapshot(Samples.Origin, SnapshotId.Parse("20990101T000000Z"), 3)) with
            {
                Edition =
                    Editions.Newest
            });

        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(2) with { Edition = Editions.Newest }),
            CreateTestProbe());

        var plan = a.FishForMessage<PrepareReplica>(_ => true, Bound).Plan;
        Assert.Equal($"20261122T203306Z-{plan.Run.ToString()[..6]}", plan.Snapshot.ToString());
    }

    [Fact]
    public void An_old_node_is_given_an_id_that_it_reads()
    {
        var a = CreateTestProbe();
        Register(a, Samples.Destination("a"));
        Register(CreateTestProbe(), Samples.Destination("b") with { Edition = Editions.Newest });

        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(2) with { Edition = Editions.Newest }),
            CreateTestProbe());

        Assert.Equal("20261122T163305Z", a.FishForMessage<PrepareReplica>(_ => true, Bound).Plan.Snapshot.ToString());
    }

    [Fact]
    public void Whoever_knows_the_word_hears_at_once_what_the_origin_sealed_and_again_until_it_is_stored()
    {
        var (origin, a, old, late) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        Register(a, Samples.Destination("a") with { Edition = Editions.Newest });
        Register(old, Samples.Destination("old"));
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(2)), origin);
        var prepare = a.FishForMessage<PrepareReplica>(_ => true, Bound);
        Assert.Null(prepare.Seal);

        _coordinator.Tell(new DeliveryReport(prepare.Run, prepare.Plan.Epoch, [], default, Samples.Seal), origin);

        for (var i = 0; i < 2; i++)
            Assert.Equal(new TreeSealed(prepare.Run, Samples.Seal.Digest),
                a.FishForMessage<TreeSealed>(_ => true, Bound));
        Register(late, Samples.Destination("late") with { Edition = Editions.Newest });
        Assert.Equal(Samples.Seal.Digest, late.FishForMessage<PrepareReplica>(_ => true, Bound).Seal);
        Stored(prepare.Plan, "a", a);
        a.FishForMessage<ReplicaHeard>(_ => true, Bound);
        Assert.DoesNotContain(a.ReceiveWhile<object>(TimeSpan.FromSeconds(2), one => one), one => one is TreeSealed);
        Assert.DoesNotContain(old.ReceiveWhile<object>(TimeSpan.FromSeconds(1), one => one), one => one is TreeSealed);
    }

    private static int Copies(RunReport report) =>
        report.Members.Count(member => member.Standing == MemberStanding.Stored);

    private void Stored(DeliveryPlan plan, string name, TestProbe probe) =>
        _coordinator.Tell(new ReplicaReport(plan.Run, plan.Epoch, NodeName.Parse(name), ReplicaPhase.Stored,
            Samples.Seal.Digest, "", []), probe);

    private DestinationRegistered Register(TestProbe node, DestinationRegistration registration)
    {
        _coordinator.Tell(new RegisterDestination(registration), node);
        return node.FishForMessage<DestinationRegistered>(one => one.Node == registration.Node, Bound);
    }

    private ClusterStatus Status()
    {
        var asker = CreateTestProbe();
        _coordinator.Tell(new AskStatus(), asker);
        return asker.ExpectMsg<StatusAnswer>(Bound).Status;
    }
}
