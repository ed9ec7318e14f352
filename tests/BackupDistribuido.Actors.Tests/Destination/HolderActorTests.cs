using System.Collections.Concurrent;
using Akka.Actor;
using Akka.TestKit.Xunit2;
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
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Manifests.Findings;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Actors.Tests.Destination;

/// <summary>A destination that gives one of two snapshots, which share files, to another one: what it finds wrong with
/// what it reads is its own damage.</summary>
public sealed class HolderActorTests : TestKit
{
    private static readonly NodeName Holder = NodeName.Parse("a");
    private static readonly NodeAddress Data = NodeAddress.Parse("127.0.0.1:4054");

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<NodeEvent> _told = new();
    private readonly CancellationTokenSource _end = new();
    private readonly RunId _run = RunId.New();
    private readonly HandLink _link;
    private readonly HandDestination _late;
    private readonly HandCoordinator _coordinator;
    private readonly Task _marking;
    private readonly IActorRef _destination;

    public HolderActorTests() : base(HandRun.Config)
    {
        _link = new HandLink(source =>
        {
            File.WriteAllBytes(Path.Combine(source, "f"), SampleFiles.Content(300_000, 1));
            File.WriteAllText(Path.Combine(source, "g"), "g");
            _folder.Do(
                $"mkdir '{source}/d'; echo h > '{source}/d/h'; touch -d 2020-01-01 '{source}/f' '{source}/g' "
                + $"'{source}/d/h'");
        });
        Assert.True(_link.Run());
        _link.PublishAndCompare();
        _link.BeginNext(record: false);
        Assert.True(_link.Run());
        _link.PublishAndCompare();
        _coordinator = new HandCoordinator(this);
        _coordinator.Start();
        var (held, data) = (new HeldSnapshots(_link.Root), Data);
        var damage = new DamageReports(_link.Root, held, _told.Enqueue, TimeProvider.System);
        _marking = damage.RunAsync(_end.Token);
        var work = new DestinationWork(Holder, _link.Root, new ExpectedLinks(Holder), null, new LinkDeadlines(),
            _told.Enqueue, held.Add)
        { Damage = damage };
        var node = Samples.Node("a");
        Action<NodeException> refused = _ => { };
        _destination = Sys.ActorOf(Props.Create(() =>
            new DestinationActor(work, node, data, held, HandCoordinator.Path, data, refused)));
        _late = new HandDestination(this, "late", _folder["late"], new LinkDeadlines());
    }

    [Theory]
    // It is as long as it was, and as old.
    [InlineData(
        "printf X | dd of=snapshots/$id/f bs=1 seek=200000 conv=notrunc status=none; touch -d 2020-01-01 "
        + "snapshots/$id/f", "f", 2)]
    [InlineData("printf X >> snapshots/$id/f", "f", 2)]
    [InlineData("truncate -s 100 snapshots/$id/f", "f", 2)]
    // What one of them has lost the other has.
    [InlineData("rm snapshots/$id/f", "f", 1)]
    [InlineData("rm snapshots/$id/f; mkdir snapshots/$id/f", "f", 1)]
    [InlineData("rm -r snapshots/$id/d", "d/h", 1)]
    [InlineData("rm -r snapshots/$id/d; ln -s ../../elsewhere snapshots/$id/d", "d/h", 1)]
    [InlineData("sed -i s/h$/H/ manifests/$id.manifest", "manifests/20261123T163305Z.manifest", 1)]
    [InlineData("rm manifests/$id.manifest", "manifests/20261123T163305Z.manifest", 1)]
    public void What_it_cannot_give_as_it_was_is_its_own_damage_and_no_receiver_is_blamed(string loss, string named,
        int snapshots)
    {
        _folder.Do($"cd {Origin}; id={HandLink.Next}; {loss}");

        var plan = Deliver();

        var said =
            _coordinator.Hear<DeliveryReport>(report => report.Problem is not null || report.FailedLinks.Count > 0);
        Assert.Equal((plan.Epoch, 0), (said.Epoch, said.FailedLinks.Count));
        Assert.Equal(!loss.Contains("rm manifests", StringComparison.Ordinal), said.IsDamaged);
        Assert.Contains(named, said.Problem?.ToString(), StringComparison.Ordinal);
        var registered = _coordinator.Hear<RegisterDestination>(one => one.Registration.Newest[0].IsDamaged
            && (one.Registration.Older?.Count ?? 0) == snapshots - 1).Registration;
        Assert.Equal(named, ((Verification.Damaged)registered.Newest[0].Verified!).First);
        Assert.Equal(snapshots == 2,
            registered.Older?.Any(one => one is { Verified: Verification.Damaged, Snapshot: var id }
                && id == HandLink.Id) == true);
        Assert.Equal(snapshots, _told.OfType<ReplicaDamaged>().Count());
        Assert.Equal(named, KeptVerification.Of(_link.Root.RealPath, HandLink.Origin, HandLink.Next)!.First[0].Path);
        // Also where its word was not heard.
        _destination.Tell(new Deliver(plan), _coordinator.Heard);
        Assert.NotNull(_coordinator.Hear<DeliveryReport>().Problem);
    }

    [Fact]
    public void What_has_another_time_and_the_right_content_is_given_and_is_no_damage()
    {
        _folder.Do(
            $"cd {Origin}; touch -d 2021-01-01 snapshots/{HandLink.Next}/f; ln snapshots/{HandLink.Next}/g elsewhere; "
            + $"rm -r snapshots/{HandLink.Id}");

        Deliver();

        var seal = _coordinator.Hear<DeliveryReport>(report => report.Seal is not null).Seal!;
        _late.Writer.Tell(new TreeSealed(_run, seal.Digest));
        Assert.Equal(seal.Digest, _late.Stored().Digest);
        _folder.Do($"diff -r {Origin}/snapshots/{HandLink.Next} late/{HandLink.Origin}/snapshots/{HandLink.Next}");
        Assert.Empty(_told.OfType<ReplicaDamaged>());
    }

    [Fact]
    public void One_that_is_gone_as_a_whole_can_be_sent_again()
    {
        _folder.Do($"rm -r {Origin}/snapshots/{HandLink.Next}");

        Deliver();

        Assert.NotNull(_coordinator.Hear<DeliveryReport>().Problem);
        Assert.True(_coordinator.Hear<RegisterDestination>(one =>
            one.Registration.Newest[0].IsDamaged).Registration.Newest[0].IsGone);
    }

    private string Origin => Path.GetFullPath(Path.Combine(_link.Published, "../.."));

    /// <summary>The late one is ready, and the holder is told to deliver.</summary>
    private DeliveryPlan Deliver()
    {
        var plan = new DeliveryPlan(_run, HandLink.Origin, HandLink.Next, new Epoch(1), LinkSecret.New(),
            new PlanNode(Holder, Data, [_late.Node()]).Speaking(LinkProfile.Newest, _ => LinkProfile.Newest));
        _late.Prepare(plan);
        _late.Report(report => report.Phase == ReplicaPhase.Receiving);
        _destination.Tell(new Deliver(plan), _coordinator.Heard);
        return plan;
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _end.Cancel();
        _marking.Wait(HandCoordinator.Bound);
        _end.Dispose();
        _late.Dispose();
        _link.Dispose();
        _folder.Dispose();
    }
}
