using Akka.Actor;
using Akka.TestKit;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Actors.Tests.Coordination.Fixtures;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Actors.Tests.Coordination;

/// <summary>What destinations find when they read their replicas again, at the coordinator.</summary>
public sealed class VerifiedReplicasTests : TimedKit
{
    private static readonly Verification.Damaged Damage = new(DateTimeOffset.UnixEpoch, 3, "a/b");
    private static readonly Verification.Sound Sound = new(DateTimeOffset.UnixEpoch.AddDays(1));

    private readonly HandJournal _journal = new();
    private readonly TestProbe _events;
    private readonly IActorRef _coordinator;

    public VerifiedReplicasTests()
    {
        _events = CreateTestProbe();
        _journal.Answer(null);
        var (events, clock, journal) = (_events, Clock, _journal);
        var settings = new CoordinatorSettings(NodeAddress.Parse("127.0.0.1:0"), TimeSpan.FromSeconds(60));
        _coordinator = Start(Props.Create(() =>
            new CoordinatorActor(settings, one => events.Ref.Tell(one), clock, journal, new Remembered())),
                "coordinator");
    }

    [Fact]
    public void A_damaged_replica_is_no_copy_until_it_was_found_sound_and_each_is_said_once()
    {
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(2) with { Holds = true }), CreateTestProbe());
        var (a, b) = (CreateTestProbe(), CreateTestProbe());
        Says(a, "a", null);
        Says(b, "b", null);
        Assert.True(Snapshot() is { Copies: 2, IsProtected: true });

        for (var times = 0; times < 3; times++) Says(a, "a", Damage);
        Assert.True(Snapshot() is { Copies: 1, Damaged: 1, IsProtected: false });
        Assert.Equal(Damage, Status().Nodes.Single(node => node.Name.ToString() == "a").Verified);

        // It stays damaged while it is away, and when it is back.
        _coordinator.Tell(new Leave(NodeRole.Destination, Samples.Node("a")), a);
        Soon(() => Assert.True(Snapshot() is { Copies: 1, Offline: 0 }), Bound);
        Says(CreateTestProbe(), "a", Damage, incarnation: 2);
        Says(CreateTestProbe(), "a", Sound, incarnation: 3);
        Assert.True(Snapshot() is { Copies: 2, Damaged: 0, IsProtected: true });

        var said = new List<NodeEvent>();
        Says(CreateTestProbe(), "last", null);
        Hear<NodeEvent>(_events, one =>
        {
            said.Add(one);
            return one is NodeJoined { Name: var name } && name.ToString() == "last";
        }, Bound);
        Assert.Equal([new ReplicaDamaged(Samples.Origin, Samples.Snapshot, Damage, NodeName.Parse("a")),
            new ReplicaVerified(Samples.Origin, Samples.Snapshot, Sound, NodeName.Parse("a"))],
            said.Where(one => one is ReplicaDamaged or ReplicaVerified));
        Assert.Contains(_journal.Noted.OfType<DestinationSeen>(),
            seen => seen.Registration.Newest.Single().Verified == Damage);
    }

    [Fact]
    public void What_was_stored_in_a_run_and_is_damaged_counts_in_it_no_more()
    {
        var (origin, a, b) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        Registers(a, Samples.Destination("a"));
        Registers(b, Samples.Destination("b"));
        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(2)), origin);
        var plan = Hear<PrepareReplica>(a, _ => true, Bound).Plan;
        _coordinator.Tell(new DeliveryReport(plan.Run, plan.Epoch, [], default, Samples.Seal), origin);
        Stored("a", a);
        Hear<RunReport>(origin, report => Copies(report) == 1, Bound);

        Registers(a, Samples.Destination("a", held: new HeldSnapshot(Samples.Origin, plan.Snapshot, Verified: Damage)));
        Hear<RunReport>(origin, report => Copies(report) == 0, Bound);
        Stored("a", a);
        Stored("b", b);

        Assert.Equal(1, Copies(Hear<RunReport>(origin, report => Copies(report) > 0, Bound)));
        Assert.Equal(MemberStanding.Failed,
            Hear<RunReport>(origin, _ => true,
                Bound).Members.Single(member => member.Name.ToString() == "a").Standing);

        void Stored(string name, TestProbe probe) =>
            _coordinator.Tell(new ReplicaReport(plan.Run, plan.Epoch, NodeName.Parse(name), ReplicaPhase.Stored,
                Samples.Seal.Digest, Reason.None, []), probe);
    }

    [Fact]
    public void A_run_that_is_taken_up_does_not_believe_a_damaged_replica()
    {
        var (origin, a) = (CreateTestProbe(), CreateTestProbe());
        var run = new RunInProgress(RunId.New(), Samples.Snapshot, new Epoch(3), Samples.Seal);
        Registers(a,
            Samples.Destination("a", held: new HeldSnapshot(Samples.Origin, Samples.Snapshot, Verified: Damage)));

        _coordinator.Tell(new RegisterOrigin(Samples.OriginOf(1, run: run)), origin);
        _coordinator.Tell(new ReplicaReport(run.Run, new Epoch(3), NodeName.Parse("a"), ReplicaPhase.Stored,
            Samples.Seal.Digest, Reason.None, []), a);

        Assert.Equal(MemberStanding.Failed,
            Hear<RunReport>(origin, report => report.Members.Count == 1
                && report.Members[0].Standing != MemberStanding.Preparing, Bound).Members[0].Standing);
        Assert.Equal(0, Snapshot().Copies);
    }

    private static int Copies(RunReport report) =>
        report.Members.Count(member => member.Standing == MemberStanding.Stored);

    private void Says(TestProbe node, string name, Verification? verified, long incarnation = 1) =>
        Registers(node,
            Samples.Destination(name, incarnation: incarnation,
                held: new HeldSnapshot(Samples.Origin, Samples.Snapshot, 3, Digest: Samples.Seal.Digest,
                    Verified: verified)));

    private void Registers(TestProbe node, DestinationRegistration registration)
    {
        _coordinator.Tell(new RegisterDestination(registration), node);
        Hear<DestinationRegistered>(node, one => one.Node == registration.Node, Bound);
    }

    private SnapshotStatus Snapshot() => Assert.Single(Status().Snapshots);

    private ClusterStatus Status()
    {
        var asker = CreateTestProbe();
        _coordinator.Tell(new AskStatus(), asker);
        return Next<StatusAnswer>(asker, Bound).Status;
    }
}
