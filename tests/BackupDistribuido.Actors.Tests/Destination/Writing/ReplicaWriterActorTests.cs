using Akka.Actor;
using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Delivery;
using BackupDistribuido.Actors.Destination.Writing;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Transfer.Receiving;

namespace BackupDistribuido.Actors.Tests.Destination.Writing;

public sealed class ReplicaWriterActorTests() : TestKit("akka.loglevel = OFF\nakka.stdout-loglevel = OFF")
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_published_snapshot_is_stored_lacks_what_it_lacked_and_takes_the_place_of_older_ones()
    {
        using var link = new HandLink(source => File.WriteAllText(Path.Combine(source, "f"), "f"));
        Assert.True(link.Run());
        link.PublishAndCompare();
        var older = link.Published;
        link.BeginNext(record: false);
        Assert.True(link.Run());
        link.PublishAndCompare();
        // The older one lacks as much: else it would stay.
        foreach (var id in new[] { HandLink.Id, HandLink.Next })
            File.WriteAllText(
                $"{Path.GetDirectoryName(Path.GetDirectoryName(link.Published))}/manifests/{id}.shortfall",
                    "missing 1: symbolic links\n");
        var name = NodeName.Parse("a");
        var work =
            new DestinationWork(name, link.Root, new ExpectedLinks(name), null, new LinkDeadlines(), _ => { },
            _ => { });
        var root = new PlanNode(HandLink.Origin, null, [new PlanNode(name, NodeAddress.Parse("127.0.0.1:4054"), [])]);
        var prepare = new PrepareReplica(new DeliveryPlan(RunId.New(), HandLink.Origin, HandLink.Next, new Epoch(4),
            LinkSecret.New(), root), "machine:/source");
        ICanTell coordinator = TestActor;

        var writer = Sys.ActorOf(Props.Create(() => new ReplicaWriterActor(work, prepare, coordinator)));

        var report = FishForMessage<ReplicaReport>(_ => true, Bound);
        Assert.Equal((ReplicaPhase.Stored, link.Replica.Seal!.Value.Digest), (report.Phase, report.Digest!.Value));
        Assert.Equal(new ReplicaShortfall(ReplicaLimits.SymbolicLinks, 1), report.Shortfall);
        Watch(writer);
        writer.Tell(new RunOver(prepare.Run, 1));
        // It may have said again that it is stored meanwhile.
        FishForMessage<Terminated>(ended => ended.ActorRef.Equals(writer), Bound);
        await work.ClosedAsync();
        Assert.True(Directory.Exists(link.Published));
        Assert.False(Directory.Exists(older));
    }
}
