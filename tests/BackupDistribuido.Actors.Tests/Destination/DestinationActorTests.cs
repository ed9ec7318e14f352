using System.Collections.Concurrent;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Delivery;
using BackupDistribuido.Actors.Destination;
using BackupDistribuido.Actors.Destination.Holding;
using BackupDistribuido.Actors.Destination.Writing;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Actors.Tests.Coordination.Fixtures;
using BackupDistribuido.Actors.Tests.Destination.Fixtures;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Actors.Tests.Destination;

public sealed class DestinationActorTests : NodeKit
{
    private static readonly NodeAddress Data = NodeAddress.Parse("127.0.0.1:4054");
    private static readonly RunId Run = RunId.New();

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<NodeEvent> _told = new();
    private readonly ConcurrentQueue<NodeException> _refused = new();
    private readonly HandCoordinator _coordinator;
    private readonly DestinationRoot _root;
    private readonly DestinationWork _work;
    private readonly IActorRef _destination;

    public DestinationActorTests()
    {
        _coordinator = new HandCoordinator(this);
        _coordinator.Start();
        _root = DestinationRoot.Open(_folder["root"], new RootOptions());
        var name = NodeName.Parse("a");
        var (held, refused, data) = (new HeldSnapshots(_root), _refused, Data);
        var work = _work = new DestinationWork(name, _root, new ExpectedLinks(name), null, new LinkDeadlines(),
            _told.Enqueue, held.Add)
        { Clock = Clock };
        var node = Samples.Node("a");
        _destination = Sys.ActorOf(Props.Create(() =>
            new DestinationActor(work, node, data, held, HandCoordinator.Path, data, refused.Enqueue)));
        _coordinator.HearNow<RegisterDestination>();
    }

    [Fact]
    public void It_registers_each_second_whether_or_not_it_is_answered()
    {
        for (var i = 0; i < 3; i++)
        {
            var registration = _coordinator.Hear<RegisterDestination>().Registration;
            Assert.Equal((Samples.Node("a"), Data, Epoch.None),
                (registration.Node, registration.Data, registration.HighestEpoch));
        }
    }

    [SkippableFact]
    public void It_says_the_room_of_an_origin_whose_folder_is_another_disk()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "only root mounts file systems");
        Assert.Null(_coordinator.Hear<RegisterDestination>().Registration.Rooms);
        _folder.MakeDirectory($"root/{Samples.Origin}");
        Skip.IfNot(_folder.Run($"mount -t tmpfs -o size=1m none root/{Samples.Origin}").Exit == 0,
            "it can't be mounted here");
        try
        {
            _work.Rooms.Look();

            var said = _coordinator.Hear<RegisterDestination>(one => one.Registration.Rooms is not null).Registration;
            Assert.Equal((Samples.Origin, (long?)1 << 20),
                (Assert.Single(said.Rooms!).Origin, said.Rooms![0].FreeBytes));
            Assert.NotEqual(said.FreeBytes, said.Rooms[0].FreeBytes);
        }
        finally
        {
            _folder.Do($"umount root/{Samples.Origin}");
        }
        _work.Rooms.Look();
        _coordinator.Hear<RegisterDestination>(one => one.Registration.Rooms is null);
    }

    [Fact]
    public async Task A_coordinator_that_is_gone_and_back_hears_the_highest_epoch()
    {
        _destination.Tell(new DestinationRegistered(Samples.Node("a")));
        Prepare(4);
        _coordinator.HearNow<ReplicaReport>();
        _coordinator.Stop();
        Sys.EventStream.Publish(new CoordinatorUnreachable(Reason.Text("connection refused"), false));
        Soon(() => _told.OfType<Disconnected>().Any());
        Assert.Equal("connection refused", Assert.Single(_told.OfType<Disconnected>()).Reason.ToString());
        while (_coordinator.Heard.HasMessages) _coordinator.Heard.ReceiveOne(TimeSpan.Zero);

        _coordinator.Start();

        Assert.Equal(new Epoch(4), _coordinator.Hear<RegisterDestination>().Registration.HighestEpoch);
        _destination.Tell(new DestinationRegistered(Samples.Node("a")));
        await Until.TrueAsync(() => _told.OfType<Connected>().Count() == 2);
    }

    [Fact]
    public async Task A_name_in_use_is_told()
    {
        _destination.Tell(new RegistrationRefused(Samples.Node("a"), Reason.Text("the name is in use")));

        await Until.TrueAsync(() => !_refused.IsEmpty);
        var why = Assert.Single(_refused);
        Assert.Equal((ExitCode.Busy, "the name is in use"), (why.Code, why.Message));
    }

    [Fact]
    public void A_plan_is_answered_as_often_as_it_is_told_and_an_older_one_never()
    {
        const int told = 9;
        var (said, repeats, registrations) = (0L, 0, 0);
        for (var i = 0; i < told; i++) Prepare(4);
        Prepare(3);
        for (var i = 0; i < told; i++) Answered(4);
        // What was said last is said again each second, as registrations are.
        _coordinator.Hear<object>(message =>
        {
            if (message is ReplicaReport report && report.Epoch == new Epoch(4)) repeats++;
            return message is RegisterDestination && ++registrations == 2;
        });
        Assert.InRange(repeats, 0, 3);
        Prepare(5);
        Answered(5);
        Prepare(4);
        Assert.Equal(new Epoch(5),
            _coordinator.Hear<RegisterDestination>(one =>
                one.Registration.HighestEpoch.Number > 4).Registration.HighestEpoch);
        Prepare(6);
        Answered(6);
        Assert.Single(Staged(Samples.Origin));

        void Answered(long epoch)
        {
            var report =
                _coordinator.HearNow<ReplicaReport>(one => one.Epoch.Number == epoch || one.Epoch.Number != said);
            Assert.Equal((Run, new Epoch(epoch), ReplicaPhase.Receiving), (report.Run, report.Epoch, report.Phase));
            said = epoch;
        }
    }

    [Fact]
    public void A_run_that_is_over_is_none_of_its_any_more_and_what_it_staged_stays()
    {
        Prepare(4);
        _coordinator.HearNow<ReplicaReport>();

        _destination.Tell(new RunOver(Run, null));
        _destination.Tell(new RunOver(Run, null));
        _destination.Tell(new ReplicaHeard(Run));

        _coordinator.Hear<RegisterDestination>(one => one.Registration.HighestEpoch == Epoch.None);
        Assert.Single(Staged(Samples.Origin));
        Prepare(5);
        Assert.Equal(new Epoch(5), _coordinator.HearNow<ReplicaReport>().Epoch);
    }

    [Fact]
    public void Words_of_a_run_that_it_does_not_know_are_nothing()
    {
        _destination.Tell(new RunOver(Run, null));
        _destination.Tell(new ReplicaHeard(Run));

        Prepare(4);

        Assert.Equal(new Epoch(4), _coordinator.HearNow<ReplicaReport>().Epoch);
    }

    [Fact]
    public void A_newer_run_of_an_origin_ends_the_older_one_and_is_taken_when_it_is_told_again()
    {
        Prepare(4);
        Assert.Equal(Run, _coordinator.HearNow<ReplicaReport>().Run);
        var newer = Plan(1, "20261123T000000Z") with { Run = RunId.New() };

        _coordinator.Hear<object>(message =>
        {
            // As a run does: once a second, until it is answered.
            if (message is RegisterDestination)
                _destination.Tell(new PrepareReplica(newer, HandRun.OriginIdentity));
            return message is ReplicaReport report && report.Run == newer.Run;
        });

        // What the older one has staged is for the newer one to take from.
        Assert.Equal(["20261122T163305Z", "20261123T000000Z"], Staged(Samples.Origin).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Runs_of_different_origins_stand_side_by_side()
    {
        var other = Plan(7) with { Run = RunId.New(), Origin = NodeName.Parse("server") };
        Prepare(4);
        _destination.Tell(new PrepareReplica(other, "machine:/other"));

        _coordinator.Hear<RegisterDestination>(one => one.Registration.HighestEpoch == new Epoch(7));
        Prepare(5);

        _coordinator.HearNow<ReplicaReport>(report => report.Run == Run && report.Epoch == new Epoch(5));
        Assert.Single(Staged(Samples.Origin));
        Assert.Single(Staged(other.Origin));
    }

    [Fact]
    public async Task A_pause_is_known_until_the_run_goes_on_or_is_over()
    {
        Prepare(4);
        _coordinator.HearNow<ReplicaReport>();
        Assert.Empty(_work.Paused);

        PrepareNobody(5);
        await Until.TrueAsync(() => _work.Paused.ContainsKey(Run));
        Assert.Equal((Samples.Origin, Samples.Snapshot), _work.Paused[Run]);
        // What is late says nothing new.
        Prepare(4);
        _coordinator.HearNow<ReplicaReport>(report => report.Epoch == new Epoch(5));
        Assert.Single(_work.Paused);
        Prepare(6);
        await Until.TrueAsync(() => _work.Paused.IsEmpty);

        PrepareNobody(7);
        await Until.TrueAsync(() => !_work.Paused.IsEmpty);
        _destination.Tell(new RunOver(Run, null));
        await Until.TrueAsync(() => _work.Paused.IsEmpty);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_has_the_snapshot_or_has_given_it_up_is_not_paused(bool hasIt)
    {
        if (hasIt) Publish();
        else OriginReplicas.Open(_root, Samples.Origin, "machine:/another").Dispose();

        // That the run goes on, only those are told who lack something: it would say "paused" for as long as the run
        // lasts.
        for (var epoch = 5; epoch < 7; epoch++)
        {
            PrepareNobody(epoch);
            Assert.Equal(hasIt ? ReplicaPhase.Stored : ReplicaPhase.Failed,
                _coordinator.HearNow<ReplicaReport>(report => report.Epoch.Number == epoch).Phase);
            Assert.Empty(_work.Paused);
        }
    }

    private void Publish()
    {
        using var link = new HandLink(source => File.WriteAllText(Path.Combine(source, "f"), "f"));
        Assert.True(link.Run());
        link.PublishAndCompare();
        _folder.Do($"cp -a '{link.Root.RealPath}/{HandLink.Origin}' '{_root.RealPath}/'");
    }

    private void PrepareNobody(long epoch) =>
        _destination.Tell(new PrepareReplica(Plan(epoch) with { Root = new PlanNode(Samples.Origin, null, []) },
            HandRun.OriginIdentity));

    [Fact]
    public void A_folder_of_another_origin_is_a_failure_that_is_said_until_it_is_heard()
    {
        OriginReplicas.Open(_root, Samples.Origin, "machine:/another").Dispose();

        Prepare(4);
        for (var i = 0; i < 3; i++)
        {
            var report = i == 0 ? _coordinator.HearNow<ReplicaReport>() : _coordinator.Hear<ReplicaReport>();
            Assert.Equal(ReplicaPhase.Failed, report.Phase);
            Assert.Contains("machine:/another", report.Reason.ToString(), StringComparison.Ordinal);
        }
        _destination.Tell(new ReplicaHeard(Run));

        // Two registrations without a report between them: each comes once a second, as the reports did.
        var quiet = 0;
        _coordinator.Hear<object>(message => (quiet = message is RegisterDestination ? quiet + 1 : 0) == 3);
    }

    [Fact]
    public void Who_leaves_says_so_and_registers_no_more()
    {
        Watch(_destination);
        _destination.Tell(new NodeLeaves(), TestActor);

        Assert.Equal(new Leave(NodeRole.Destination, Samples.Node("a")), _coordinator.Hear<Leave>());
        FishForMessage<NodeLeaves>(_ => true, HandCoordinator.Bound);
        ExpectTerminated(_destination, HandCoordinator.Bound);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _work.ClosedAsync().Wait(HandCoordinator.Bound);
        _root.Dispose();
        _folder.Dispose();
    }

    private void Prepare(long epoch) => _destination.Tell(new PrepareReplica(Plan(epoch), HandRun.OriginIdentity));

    private static DeliveryPlan Plan(long epoch, string? snapshot = null) =>
        new(Run, Samples.Origin, snapshot is null ? Samples.Snapshot : SnapshotId.Parse(snapshot), new Epoch(epoch),
            LinkSecret.New(),
            new PlanNode(Samples.Origin, null, [new PlanNode(NodeName.Parse("a"), Data, [])]));

    private string[] Staged(NodeName origin) =>
        Directory.GetDirectories(Path.Combine(_root.RealPath, origin.ToString(), "staging"));
}
