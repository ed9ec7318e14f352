using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;
using static BackupDistribuido.Core.Tests.Catalogue.SnapshotCatalogueTests;

namespace BackupDistribuido.Core.Tests.Catalogue;

public sealed class KnownCataloguesTests
{
    private static readonly NodeName Origin = NodeName.Parse("photos");
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly SnapshotCatalogue _a = new(1), _b = new(1);
    private KnownCatalogues _known = new();

    private static DestinationRegistration Registration(
        string name, SnapshotCatalogue? catalogue, params HeldSnapshot[] held) =>
        new(new NodeIdentity(NodeName.Parse(name), $"id-{name}", 1), NodeAddress.Parse("127.0.0.1:4054"), 1, "disk",
            "place", held, new Epoch(0))
        { Catalogue = catalogue?.Version };

    private void Take(string name, SnapshotCatalogue catalogue)
    {
        _known.Heard(Registration(name, catalogue));
        while (_known.Take($"id-{name}", catalogue.After(_known.UpTo($"id-{name}"))))
        {
        }
    }

    private (IReadOnlyList<SnapshotHistory> Snapshots, SnapshotListing Listing) List(
        CatalogueCursor? after = null, int most = 9) =>
        SnapshotListing.Of(_known, null, after, most, _ => 2);

    [Fact]
    public void All_snapshots_of_all_are_listed_the_newest_first_with_who_has_them()
    {
        for (var i = 0; i < 3; i++) _a.Put(Entry(i));
        _b.Put(Entry(1) with { Missing = 4, Verified = new Verification.Damaged(Noon, 1, "x") });
        Take("a", _a);
        Take("b", _b);

        var (all, listing) = List();

        Assert.Equal([Id(2), Id(1), Id(0)], all.Select(one => one.Snapshot));
        Assert.Equal(["a", "b"], all[1].Holders.Select(one => one.Destination.ToString()));
        Assert.Equal([0, 4], all[1].Holders.Select(one => one.Missing));
        Assert.Equal((1, false, 2), (all[1].Copies, all[1].IsProtected, all[1].Tree!.Files));
        Assert.Equal((null, 0), (listing.Next, listing.LeftOut));
        Assert.Empty(listing.OnlyNewest);
        Assert.True(_known.Heard(Registration("a", _a)));
    }

    [Fact]
    public void Parts_of_the_list_follow_each_other()
    {
        for (var i = 0; i < 5; i++) _a.Put(Entry(i));
        Take("a", _a);
        var (all, cursor) = (new List<SnapshotId>(), (CatalogueCursor?)null);
        do
        {
            var (part, listing) = List(cursor, 2);
            Assert.InRange(part.Count, 0, 2);
            all.AddRange(part.Select(one => one.Snapshot));
            cursor = listing.Next;
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(0, 5).Reverse().Select(Id), all);
        Assert.Empty(SnapshotListing.Of(_known, NodeName.Parse("else"), null, 9, _ => null).Snapshots);
    }

    [Fact]
    public void Two_trees_under_one_id_are_two_snapshots()
    {
        _a.Put(Entry(1));
        _b.Put(Entry(1, tree: "another"));
        Take("a", _a);
        Take("b", _b);

        Assert.Equal([1, 1], List().Snapshots.Select(one => one.Copies));
    }

    [Fact]
    public void Of_a_destination_without_a_catalogue_the_newest_is_known_and_that_is_said()
    {
        var held = new HeldSnapshot(Origin, Id(3), 3, 100, Entry(3).Tree.Digest, "machine:/photos");
        Assert.True(_known.Heard(Registration("old", null, held)));
        _a.Put(Entry(3));
        Take("a", _a);

        var (all, listing) = List();

        Assert.Equal(2, Assert.Single(all).Copies);
        Assert.Equal(["old"], listing.OnlyNewest.Select(one => one.ToString()));

        // Another version of it runs there from now on, and back again.
        _b.Put(Entry(4));
        Take("old", _b);
        Assert.Equal([Id(4), Id(3)], List().Snapshots.Select(one => one.Snapshot));
        _known.Heard(Registration("old", null, held));
        Assert.Equal([Id(3)], List().Snapshots.Select(one => one.Snapshot));
    }

    [Fact]
    public void Who_went_is_told_with_when_and_a_replaced_disk_has_nothing()
    {
        _a.Put(Entry(1));
        Take("a", _a);
        _known.Left("id-a", Noon);
        Assert.Equal(Noon, Assert.Single(Assert.Single(List().Snapshots).Holders).LastSeen);

        _known.Forget("id-a");
        Assert.Empty(List().Snapshots);
    }

    [Fact]
    public void What_went_from_a_catalogue_goes()
    {
        for (var i = 0; i < 2; i++) _a.Put(Entry(i));
        Take("a", _a);
        _a.Remove(Origin, Id(0));
        Assert.False(_known.Heard(Registration("a", _a)));

        Take("a", _a);

        Assert.Equal([Id(1)], List().Snapshots.Select(one => one.Snapshot));
    }

    [Fact]
    public void Beyond_what_there_is_room_for_the_oldest_are_left_out_and_counted()
    {
        _known = new KnownCatalogues(mostOfOne: 3, most: 4);
        for (var i = 0; i < 5; i++) _a.Put(Entry(i));
        for (var i = 5; i < 7; i++) _b.Put(Entry(i));

        Take("a", _a);
        Assert.Equal((3, 2), (List().Snapshots.Count, List().Listing.LeftOut));
        Take("b", _b);

        Assert.Equal([Id(6), Id(5), Id(4), Id(3)], List().Snapshots.Select(one => one.Snapshot));
        Assert.Equal(3, List().Listing.LeftOut);
    }

    [Fact]
    public void A_part_that_says_what_it_can_not_or_brings_nothing_changes_nothing()
    {
        _a.Put(Entry(1));
        Take("a", _a);
        var bad = _a.After(0) with { Entries = [Entry(2) with { Missing = -1 }] };

        Assert.False(_known.Take("id-a", bad));
        Assert.False(_known.Take("id-nobody", _a.After(0)));
        Assert.False(_known.Take("id-a", new CataloguePage(false, 2, 9, 1, [Entry(3)], [])));

        Assert.Equal([Id(1)], List().Snapshots.Select(one => one.Snapshot));
    }

    [Fact]
    public void Each_part_fits_its_message()
    {
        Assert.NotNull(new CataloguePage(true, 0, 1, 0, [], []).WhyNot);
        Assert.NotNull(new CataloguePage(true, 2, 1, 0, [], []).WhyNot);
        Assert.NotNull(new CataloguePage(true, 1, 1, 1, [Entry(1, "a\nb")], []).WhyNot);
        var many = Enumerable.Range(0, 201).Select(i => Entry(i)).ToList();
        Assert.NotNull(new CataloguePage(true, 1, 1, 1, many, []).WhyNot);
    }

    [Fact]
    public void Of_more_destinations_than_are_remembered_the_one_that_is_away_longest_is_forgotten()
    {
        var held = new HeldSnapshot(Origin, Id(3), 3, 100, Entry(3).Tree.Digest, "machine:/photos");
        for (var i = 0; i < Remembered.Most; i++)
        {
            _known.Heard(Registration($"d{i}", null, held));
            _known.Left($"id-d{i}", Noon.AddSeconds(i));
        }

        _known.Heard(Registration("one-more", null, held));

        Assert.Equal(Remembered.Most, _known.OnlyNewest.Count);
        Assert.DoesNotContain(NodeName.Parse("d0"), _known.OnlyNewest);
        Assert.Contains(NodeName.Parse("one-more"), _known.OnlyNewest);
    }
}
