using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Tests.Membership;

public sealed class ShrinkGuardTests
{
    private static readonly NodeName Laptop = NodeName.Parse("laptop");
    private static readonly SnapshotId Id = SnapshotId.Parse("20261122T163305Z");

    [Theory]
    // More than 100 entries, and more than the share.
    [InlineData(301, 101, 50, true)]
    [InlineData(301, 200, 50, false)]
    [InlineData(202, 101, 50, false)]
    [InlineData(204, 101, 50, true)]
    // At most 100 entries may always be lost.
    [InlineData(102, 2, 50, false)]
    [InlineData(103, 2, 50, true)]
    [InlineData(102, 2, 0, false)]
    [InlineData(103, 2, 0, true)]
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
        Assert.Contains(Id.ToString(), why, StringComparison.Ordinal);
        Assert.Contains(before.ToString(System.Globalization.CultureInfo.InvariantCulture), why, StringComparison.Ordinal);
        Assert.Contains("--allow-shrink", why, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_stopped_without_a_snapshot_of_known_size()
    {
        Assert.Null(ShrinkGuard.WhyStopped(new TreeTotals(1, 0, 0), 50, null));
        Assert.Null(ShrinkGuard.WhyStopped(new TreeTotals(1, 0, 0), 50, new HeldSnapshot(Laptop, Id)));
    }

    [Fact]
    public void The_newest_snapshot_whose_size_anyone_knows_is_the_measure()
    {
        var (older, newer) = (SnapshotId.Parse("20261121T000000Z"), SnapshotId.Parse("20261123T000000Z"));

        Assert.Null(ShrinkGuard.Newest(Laptop, []));
        Assert.Null(ShrinkGuard.Newest(Laptop, [Destination(new HeldSnapshot(NodeName.Parse("desk"), newer, 9), new HeldSnapshot(Laptop, newer))]));
        Assert.Equal(new HeldSnapshot(Laptop, Id, 7), ShrinkGuard.Newest(Laptop,
        [
            Destination(new HeldSnapshot(Laptop, older, 99)), Destination(new HeldSnapshot(Laptop, Id, 7)), Destination(new HeldSnapshot(Laptop, Id)),
            Destination(new HeldSnapshot(Laptop, newer), new HeldSnapshot(NodeName.Parse("desk"), newer, 9)), Destination(),
        ]));
    }

    [Fact]
    public void The_condition_of_a_start_is_not_met_by_a_tree_that_is_stopped()
    {
        var origin = new OriginRegistration(new NodeIdentity(Laptop, "id", 1), new TreeTotals(100, 1, 1), 1, 1, true, "disk", null, MaxShrinkPercent: 50);

        Assert.False(StartCondition.IsMet(origin, 3, new HeldSnapshot(Laptop, Id, 1000)));
        Assert.True(StartCondition.IsMet(origin, 3, new HeldSnapshot(Laptop, Id, 150)));
        Assert.True(StartCondition.IsMet(origin with { MaxShrinkPercent = null }, 3, new HeldSnapshot(Laptop, Id, 1000)));
    }

    [Fact]
    public void A_registration_with_sizes_that_cannot_be_is_not_taken()
    {
        Assert.Null(RegistrationRules.WhyNot(Destination(new HeldSnapshot(Laptop, Id, 1), new HeldSnapshot(Laptop, Id))));
        Assert.NotNull(RegistrationRules.WhyNot(Destination(new HeldSnapshot(Laptop, Id, 0))));
        var origin = new OriginRegistration(new NodeIdentity(Laptop, "id", 1), null, 1, 1, true, "disk", null, MaxShrinkPercent: 100);
        Assert.Null(RegistrationRules.WhyNot(origin));
        Assert.NotNull(RegistrationRules.WhyNot(origin with { MaxShrinkPercent = 101 }));
        Assert.NotNull(RegistrationRules.WhyNot(origin with { MaxShrinkPercent = -1 }));
    }

    private static DestinationRegistration Destination(params HeldSnapshot[] held) =>
        new(new NodeIdentity(NodeName.Parse("a"), "id", 1), NodeAddress.Parse("127.0.0.1:4054"), 1000, "disk", "a:/copies", held, Epoch.None);
}
