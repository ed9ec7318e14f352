using BackupDistribuido.Core.Coordination;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Tests.Coordination;

public sealed class ShrinkGuardTests
{
    private static readonly NodeName Laptop = NodeName.Parse("laptop");
    private static readonly SnapshotId Id = SnapshotId.Parse("20261122T163305Z");

    [Theory]
    // As much as the share, or more. The root is an entry of its own.
    [InlineData(301, 101, 50, true)]
    [InlineData(301, 201, 50, false)]
    [InlineData(301, 151, 50, true)]
    [InlineData(301, 152, 50, false)]
    // A small tree too, but not one of a few entries.
    [InlineData(11, 6, 50, true)]
    [InlineData(11, 8, 50, false)]
    [InlineData(5, 3, 50, true)]
    [InlineData(4, 2, 50, false)]
    [InlineData(103, 102, 0, true)]
    [InlineData(103, 103, 0, false)]
    // An empty tree, which is its root alone, is stopped whatever the share.
    [InlineData(2, 1, 50, true)]
    [InlineData(10_000, 1, 100, true)]
    [InlineData(10_000, 2, 100, false)]
    [InlineData(1, 1, 50, false)]
    // It grew, or stayed.
    [InlineData(301, 301, 0, false)]
    [InlineData(301, 5000, 0, false)]
    // Whatever a destination claims.
    [InlineData(long.MaxValue, 500, 50, true)]
    public void A_tree_that_lost_too_much_is_stopped(long before, long now, int maxPercent, bool isStopped)
    {
        var tree = new TreeTotals(now, 0, 0);
        var why = ShrinkGuard.WhyStopped(tree, maxPercent, new HeldSnapshot(Laptop, Id, before));

        Assert.Equal(isStopped, why is not null);
        Assert.Null(ShrinkGuard.WhyStopped(tree, null, new HeldSnapshot(Laptop, Id, before)));
        if (why is null) return;
        Assert.Contains(Id.ToString(), why.ToString(), StringComparison.Ordinal);
        Assert.Contains(before.ToString(System.Globalization.CultureInfo.InvariantCulture), why.ToString(),
            StringComparison.Ordinal);
        Assert.Contains("--allow-shrink", why.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tree_without_anything_to_protect_is_stopped_the_first_time_too()
    {
        var empty = new TreeContents(new TreeTotals(3, 0, 0), Directories: 3, Omitted: 0);
        Assert.Contains("SOURCE is empty", ShrinkGuard.WhyStopped(empty, 50, null, null)?.ToString(),
            StringComparison.Ordinal);
        Assert.Contains("has 60 entries",
            ShrinkGuard.WhyStopped(empty, 100, new HeldSnapshot(Laptop, Id, 60), null)?.ToString(),
            StringComparison.Ordinal);
        Assert.NotNull(ShrinkGuard.WhyStopped(empty with { Directories = 1, Omitted = 2 }, 50, null, null));
        Assert.Null(ShrinkGuard.WhyStopped(empty, null, null, null));
        Assert.True(ShrinkGuard.HasShrunk(empty, null, null));
        // A link, or a pipe, is something.
        Assert.Null(ShrinkGuard.WhyStopped(empty with { Directories = 2 }, 50, null, null));
        Assert.False(ShrinkGuard.HasShrunk(empty with { Directories = 2 }, null, null));
    }

    [Fact]
    public void What_can_not_be_read_any_more_is_lost_and_what_never_could_is_not()
    {
        var tree = new TreeContents(new TreeTotals(11, 5, 5), Directories: 1, Omitted: 5);
        var newest = new HeldSnapshot(Laptop, Id, 11);
        Assert.NotNull(ShrinkGuard.WhyStopped(tree, 50, newest, new TreeLoss(10, tree.Held, 0, default, default)));
        Assert.Null(ShrinkGuard.WhyStopped(tree, 50, newest, new TreeLoss(5, tree.Held, 0, default, default)));
        Assert.Null(ShrinkGuard.WhyStopped(tree, 50, newest, null));
    }

    [Fact]
    public void A_tree_whose_files_have_all_become_empty_is_stopped()
    {
        var tree = new TreeContents(new TreeTotals(11, 10, 0), 1, 0);
        Assert.NotNull(ShrinkGuard.WhyStopped(tree, 50, new HeldSnapshot(Laptop, Id, 11, Bytes: 1), null));
        Assert.Null(ShrinkGuard.WhyStopped(tree, 50, new HeldSnapshot(Laptop, Id, 11, Bytes: 0), null));
    }

    [Theory]
    // 40 % were on a disk that is not mounted any more; so were 10 %, and 9 %.
    [InlineData(100, 60, 0, 0, 40, "was mounted")]
    [InlineData(100, 90, 0, 0, 10, "was mounted")]
    [InlineData(100, 91, 0, 0, 9, null)]
    // It was moved from there to where it is now.
    [InlineData(100, 100, 0, 0, 40, null)]
    // A folder that is there has lost all of its entries, a quarter of the tree.
    [InlineData(100, 75, 0, 25, 0, "is empty or can't be read")]
    [InlineData(100, 76, 0, 24, 0, null)]
    // They were moved to another one.
    [InlineData(100, 100, 0, 60, 0, null)]
    // A third was deleted; half was.
    [InlineData(100, 67, 0, 0, 0, null)]
    [InlineData(100, 50, 0, 0, 0, "50 % or more are missing")]
    // All are there, and half of them have no content.
    [InlineData(100, 100, 50, 0, 0, "files without their content")]
    [InlineData(100, 100, 49, 0, 0, null)]
    // Of a few entries all but one may go.
    [InlineData(3, 1, 0, 2, 0, null)]
    public void What_a_tree_lacks_beside_its_last_run_stops_it(long before, long now, long hollow, long emptied,
        long unmounted, string? why)
    {
        var tree = new TreeContents(new TreeTotals(now + 1, now, now), 1, 0);
        var loss = new TreeLoss(before, now, hollow, new LostEntries(emptied, TreePath.FromBytes("d"u8), emptied),
            new LostEntries(unmounted, TreePath.FromBytes("m"u8), unmounted));

        var said = ShrinkGuard.WhyStopped(tree, 50, null, loss);

        if (why is null) Assert.Null(said);
        else Assert.Contains(why, said?.ToString(), StringComparison.Ordinal);
        Assert.Null(ShrinkGuard.WhyStopped(tree, null, null, loss));
        Assert.Equal(why is not null, ShrinkGuard.HasShrunk(tree, null, loss));
    }

    [Fact]
    public void Nothing_is_stopped_without_a_snapshot_of_known_size()
    {
        Assert.Null(ShrinkGuard.WhyStopped(new TreeTotals(1, 0, 0), 50, null));
        Assert.Null(ShrinkGuard.WhyStopped(new TreeTotals(1, 0, 0), 50, new HeldSnapshot(Laptop, Id)));
    }

    private static readonly SnapshotOrder Order = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void The_newest_snapshot_whose_size_anyone_knows_is_the_measure()
    {
        var (older, newer) = (SnapshotId.Parse("20261121T000000Z"), SnapshotId.Parse("20261123T000000Z"));

        Assert.Null(ShrinkGuard.Newest(Laptop, [], Order));
        Assert.Null(ShrinkGuard.Newest(Laptop,
            [Destination(new HeldSnapshot(NodeName.Parse("desk"), newer, 9), new HeldSnapshot(Laptop, newer))], Order));
        Assert.Equal(new HeldSnapshot(Laptop, Id, 7), ShrinkGuard.Newest(Laptop,
        [
            Destination(new HeldSnapshot(Laptop, older, 99)), Destination(new HeldSnapshot(Laptop, Id, 7)),
                Destination(new HeldSnapshot(Laptop, Id)),
            Destination(new HeldSnapshot(Laptop, newer), new HeldSnapshot(NodeName.Parse("desk"), newer, 9)),
                Destination(),
        ], Order));
        // Whoever claims to have a larger one from the future stops nobody.
        var liar = Destination(new HeldSnapshot(Laptop, SnapshotId.Parse("99991231T235959Z"), 1_000_000));
        Assert.Equal(7,
            ShrinkGuard.Newest(Laptop, [liar, Destination(new HeldSnapshot(Laptop, Id, 7))], Order)!.Entries);
    }

    [Fact]
    public void The_condition_of_a_start_is_not_met_by_a_tree_that_is_stopped()
    {
        var origin = new OriginRegistration(new NodeIdentity(Laptop, "id", 1), new TreeTotals(100, 1, 1), 1, 1, true,
            "disk", null)
        { MaxShrinkPercent = 50 };

        Assert.False(StartCondition.IsMet(origin, 3, new HeldSnapshot(Laptop, Id, 1000)));
        Assert.True(StartCondition.IsMet(origin, 3, new HeldSnapshot(Laptop, Id, 150)));
        Assert.True(StartCondition.IsMet(origin with { MaxShrinkPercent = null }, 3,
            new HeldSnapshot(Laptop, Id, 1000)));
    }

    [Fact]
    public void A_registration_with_sizes_that_cannot_be_is_not_taken()
    {
        Assert.Null(RegistrationRules.WhyNot(Destination(new HeldSnapshot(Laptop, Id, 1),
            new HeldSnapshot(Laptop, Id))));
        Assert.NotNull(RegistrationRules.WhyNot(Destination(new HeldSnapshot(Laptop, Id, 0))));
        var origin = new OriginRegistration(new NodeIdentity(Laptop, "id", 1), null, 1, 1, true, "disk", null)
        { MaxShrinkPercent = 100 };
        Assert.Null(RegistrationRules.WhyNot(origin));
        Assert.NotNull(RegistrationRules.WhyNot(origin with { MaxShrinkPercent = 101 }));
        Assert.NotNull(RegistrationRules.WhyNot(origin with { MaxShrinkPercent = -1 }));
    }

    private static DestinationRegistration Destination(params HeldSnapshot[] held) =>
        new(new NodeIdentity(NodeName.Parse("a"), "id", 1), NodeAddress.Parse("127.0.0.1:4054"), 1000, "disk",
            "a:/copies", held, Epoch.None);
}
