using System.Globalization;
using System.Text;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Core.Tests.Catalogue;

public sealed class SnapshotCatalogueTests
{
    private static readonly NodeName Origin = NodeName.Parse("photos");

    private readonly SnapshotCatalogue _catalogue = new(1000);

    internal static SnapshotId Id(int number) =>
        SnapshotId.Parse(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(number)
            .ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));

    internal static CatalogueEntry Entry(int number, string? owner = "machine:/photos", string tree = "tree") =>
        new(Origin, Id(number), owner, new CatalogueTree(Sha256Digest.Of(Encoding.ASCII.GetBytes(tree)), 3, 2, 100), 0);

    private (List<CatalogueEntry> Entries, int Pages) All(long after)
    {
        var (all, pages) = (new List<CatalogueEntry>(), 0);
        while (true)
        {
            var page = _catalogue.After(after);
            pages++;
            Assert.Null(page.WhyNot);
            Assert.Equal(pages == 1, page.IsFirst);
            all.AddRange(page.Entries);
            if (page.UpTo == page.Version) return (all, pages);
            after = page.UpTo;
        }
    }

    [Fact]
    public void All_of_it_comes_in_parts_of_bounded_size_and_each_once()
    {
        for (var i = 0; i < 10_000; i++) _catalogue.Put(Entry(i));

        var (all, pages) = All(0);

        Assert.Equal(10_000 / SnapshotCatalogue.MostInPage, pages);
        Assert.Equal(Enumerable.Range(0, 10_000).Select(Id), all.Select(one => one.Snapshot));
    }

    [Fact]
    public void Long_identities_make_shorter_parts()
    {
        var owner = new string('x', RegistrationRules.MaxPlace);
        for (var i = 0; i < 9; i++) _catalogue.Put(Entry(i, owner));

        var page = _catalogue.After(0);

        Assert.Equal(SnapshotCatalogue.MostCharacters / RegistrationRules.MaxPlace, page.Entries.Count);
        Assert.Equal(9, All(0).Entries.Count);
    }

    [Fact]
    public void Who_knows_it_up_to_a_number_is_told_what_came_after_and_what_is_no_change_has_no_number()
    {
        for (var i = 0; i < 3; i++) _catalogue.Put(Entry(i));
        var known = _catalogue.Version;
        _catalogue.Put(Entry(1));
        Assert.Equal(known, _catalogue.Version);

        var found = new Verification.Sound(DateTimeOffset.UnixEpoch);
        _catalogue.Put(Entry(1) with { Verified = found });
        _catalogue.Remove(Origin, Id(0));
        _catalogue.Remove(Origin, Id(7));

        var page = _catalogue.After(known);
        Assert.False(page.IsFirst);
        Assert.Equal([found], page.Entries.Select(one => one.Verified));
        Assert.Equal([new RemovedSnapshot(Origin, Id(0))], page.Removed);
        Assert.Equal((known + 2, known + 2, 2), (page.UpTo, page.Version, page.Count));
        Assert.Empty(_catalogue.After(page.UpTo).Entries);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(999)]
    [InlineData(5000)]
    public void A_number_of_another_life_begins_it_anew(long number)
    {
        _catalogue.Put(Entry(1));

        Assert.True(_catalogue.After(number) is { IsFirst: true, Entries.Count: 1 });
    }

    [Fact]
    public void What_went_is_not_remembered_for_ever()
    {
        _catalogue.Put(Entry(0));
        var known = _catalogue.Version;
        for (var i = 1; i <= SnapshotCatalogue.MostRemoved + 1; i++)
        {
            _catalogue.Put(Entry(i));
            _catalogue.Remove(Origin, Id(i));
        }

        var page = _catalogue.After(known);
        Assert.True(page is { IsFirst: true, Count: 1, Removed.Count: 0 });
        Assert.Equal([Id(0)], page.Entries.Select(one => one.Snapshot));
    }
}
