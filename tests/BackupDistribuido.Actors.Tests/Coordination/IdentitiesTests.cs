using Akka.Actor;
using Akka.TestKit;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Actors.Tests.Coordination.Fixtures;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Actors.Tests.Coordination;

/// <summary>A destination is its ROOT, whatever its name; a snapshot is its origin, its id and its seal.</summary>
public sealed class IdentitiesTests : TimedKit
{
    private readonly TestProbe _events;
    private readonly IActorRef _coordinator;

    public IdentitiesTests()
    {
        _events = CreateTestProbe();
        var (events, clock) = (_events, Clock);
        var settings = new CoordinatorSettings(NodeAddress.Parse("127.0.0.1:0"), TimeSpan.FromSeconds(60));
        _coordinator = Start(Props.Create(() =>
            new CoordinatorActor(settings, one => events.Ref.Tell(one), clock, null, new Remembered(), null)),
                "coordinator");
    }

    [Fact]
    public void A_root_that_comes_back_under_another_name_is_one_copy_in_its_run()
    {
        var (origin, a, b) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        Register(a, Samples.Destination("a", identity: "root"));
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(2, startWith: 1, waitIsOver: true)), origin);
        var plan = Hear<PrepareReplica>(a, _ => true, Bound).Plan;
        _coordinator.Tell(new DeliveryReport(plan.Run, plan.Epoch, [], default, Samples.Seal), origin);
        Stored(plan, "a", a);
        Hear<RunReport>(origin, report => Copies(report) == 1, Bound);
        _coordinator.Tell(new Leave(NodeRole.Destination, Samples.Node("a", identity: "root")), a);

        Register(b,
            Samples.Destination("b", identity: "root", incarnation: 2,
                held: new HeldSnapshot(Samples.Origin, plan.Snapshot, 3, Digest: Samples.Seal.Digest)));
        Hear<PrepareReplica>(b, _ => true, Bound);
        Stored(plan, "b", b);

        var said = Hear<RunReport>(origin, report =>
            report.Members.Any(member => member.Name.ToString() == "b"), Bound);
        Assert.Equal(("b", 1), (Assert.Single(said.Members).Name.ToString(), Copies(said)));
        Assert.True(Assert.Single(Status().Snapshots) is { Copies: 1, IsProtected: false, Holders.Count: 1 });
        Assert.DoesNotContain(HearAll(_events, TimeSpan.FromSeconds(1)),
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
        Clock.Advance(TimeSpan.FromSeconds(3));
        Register(a, Samples.Destination("a", identity: "root"));

        var answer = Register(copy, Samples.Destination("copy", identity: "root", incarnation: 2));

        Assert.Contains("a:/copies", answer.Warning?.ToString(), StringComparison.Ordinal);
        Assert.Contains("copy:/copies", answer.Warning?.ToString(), StringComparison.Ordinal);
        Assert.Equal((1, answer.Warning), (Status().Connected, Assert.Single(Status().Warnings!)));
        Clock.Advance(TimeSpan.FromSeconds(4));
        Register(copy, Samples.Destination("copy", identity: "root", incarnation: 2));
        Register(a, Samples.Destination("a", identity: "root"));
        Hear<Warned>(_events, one => one.Message == answer.Warning, Bound);
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
        Hear<Warned>(_events,
            one => one.Message.ToString().Contains("another folder or disk", StringComparison.Ordinal),
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

        var plan = Hear<PrepareReplica>(a, _ => true, Bound).Plan;
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

        Assert.Equal("20261122T163305Z", Hear<PrepareReplica>(a, _ => true, Bound).Plan.Snapshot.ToString());
    }

    [Fact]
    public void Whoever_knows_the_word_hears_at_once_what_the_origin_sealed_and_again_until_it_is_stored()
    {
        var (origin, a, old, late) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        Register(a, Samples.Destination("a") with { Edition = Editions.Newest });
        Register(old, Samples.Destination("old"));
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(2)), origin);
        var prepare = Hear<PrepareReplica>(a, _ => true, Bound);
        Assert.Null(prepare.Seal);

        _coordinator.Tell(new DeliveryReport(prepare.Run, prepare.Plan.Epoch, [], default, Samples.Seal), origin);

        for (var i = 0; i < 2; i++)
            Assert.Equal(new TreeSealed(prepare.Run, Samples.Seal.Digest),
                Hear<TreeSealed>(a, _ => true, Bound));
        Register(late, Samples.Destination("late") with { Edition = Editions.Newest });
        Assert.Equal(Samples.Seal.Digest, Hear<PrepareReplica>(late, _ => true, Bound).Seal);
        Stored(prepare.Plan, "a", a);
        Hear<ReplicaHeard>(a, _ => true, Bound);
        Assert.DoesNotContain(HearAll(a, TimeSpan.FromSeconds(2)), one => one is TreeSealed);
        Assert.DoesNotContain(HearAll(old, TimeSpan.FromSeconds(1)), one => one is TreeSealed);
    }

    private static int Copies(RunReport report) =>
        report.Members.Count(member => member.Standing == MemberStanding.Stored);

    private void Stored(DeliveryPlan plan, string name, TestProbe probe) =>
        _coordinator.Tell(new ReplicaReport(plan.Run, plan.Epoch, NodeName.Parse(name), ReplicaPhase.Stored,
            Samples.Seal.Digest, Reason.None, []), probe);

    private DestinationRegistered Register(TestProbe node, DestinationRegistration registration)
    {
        _coordinator.Tell(new RegisterDestination(registration), node);
        return Hear<DestinationRegistered>(node, one => one.Node == registration.Node, Bound);
    }

    private ClusterStatus Status()
    {
        var asker = CreateTestProbe();
        _coordinator.Tell(new AskStatus(), asker);
        return Next<StatusAnswer>(asker, Bound).Status;
    }
}
