using Akka.Actor;
using Akka.TestKit;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Actors.Tests.Coordination.Fixtures;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Tests.Coordination;

public sealed class CatalogueTests : TimedKit
{
    private static readonly SnapshotId Older = SnapshotId.Parse("20261121T163305Z");

    private readonly IActorRef _coordinator;

    public CatalogueTests()
    {
        var settings = new CoordinatorSettings(NodeAddress.Parse("127.0.0.1:0"), TimeSpan.FromSeconds(60));
        var (clock, events) = (Clock, CreateTestProbe());
        _coordinator = Start(Props.Create(() => new CoordinatorActor(
            settings, one => events.Ref.Tell(one), clock, null, new Remembered(), null)), "coordinator");
    }

    [Fact]
    public void A_destination_is_asked_for_its_catalogue_when_that_has_changed_and_in_parts()
    {
        var (a, catalogue) = (CreateTestProbe(), new SnapshotCatalogue(1000));
        for (var i = 0; i <= SnapshotCatalogue.MostInPage; i++)
            catalogue.Put(Entry(SnapshotId.Parse($"20260101T00{i / 60:00}{i % 60:00}Z")));
        catalogue.Put(Entry(Older));
        Say(a, catalogue);
        Answer(a, catalogue, 0);
        Answer(a, catalogue, 1000 + SnapshotCatalogue.MostInPage);
        Soon(() => Assert.Contains(Older, Listed()), Bound);

        // It says the same each second.
        Say(a, catalogue);
        a.ExpectNoMsg(TimeSpan.Zero);

        catalogue.Remove(Samples.Origin, Older);
        var known = catalogue.Version - 1;
        Say(a, catalogue);
        Answer(a, catalogue, known);
        Soon(() => Assert.DoesNotContain(Older, Listed()), Bound);
    }

    [Fact]
    public void An_answer_that_is_not_the_destinations_own_is_nothing()
    {
        var (a, liar, catalogue) = (CreateTestProbe(), CreateTestProbe(), new SnapshotCatalogue(1));
        catalogue.Put(Entry(Older));
        Say(a, catalogue);
        a.FishForMessage(message => message is AskCatalogue, Bound);

        _coordinator.Tell(new CatalogueAnswer(Samples.Node("a"), catalogue.After(0)), liar.Ref);

        Assert.DoesNotContain(Older, Listed());
    }

    [Fact]
    public void One_without_a_catalogue_is_not_asked_and_its_newest_are_listed()
    {
        var old = CreateTestProbe();
        _coordinator.Tell(new RegisterDestination(Samples.Destination("old", held: [
            new HeldSnapshot(Samples.Origin, Samples.Snapshot, 3, Digest: Samples.Seal.Digest)])), old.Ref);
        old.ExpectMsg<DestinationRegistered>(Bound);
        old.ExpectNoMsg(TimeSpan.Zero);

        Assert.Equal([Samples.Snapshot], Listed());
    }

    private static CatalogueEntry Entry(SnapshotId id) =>
        new(Samples.Origin, id, "id-laptop", new CatalogueTree(Samples.Seal.Digest, 3, 2, 100));

    private void Say(TestProbe destination, SnapshotCatalogue catalogue)
    {
        _coordinator.Tell(
            new RegisterDestination(Samples.Destination("a") with { Catalogue = catalogue.Version }), destination.Ref);
        destination.FishForMessage(message => message is DestinationRegistered, Bound);
    }

    private void Answer(TestProbe destination, SnapshotCatalogue catalogue, long after)
    {
        Assert.Equal(after, ((AskCatalogue)destination.FishForMessage(one => one is AskCatalogue, Bound)).After);
        _coordinator.Tell(new CatalogueAnswer(Samples.Node("a"), catalogue.After(after)), destination.Ref);
    }

    private IEnumerable<SnapshotId> Listed() =>
        _coordinator.Ask<SnapshotsAnswer>(new AskSnapshots(null, AskSnapshots.MostAnswered, true), Bound).Result
            .Snapshots.Select(one => one.Snapshot);
}
