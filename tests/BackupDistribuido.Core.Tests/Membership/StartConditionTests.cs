using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Tests.Membership;

public sealed class StartConditionTests
{
    [Theory]
    [InlineData(2, 1, false, 1, false)]
    [InlineData(2, 1, false, 2, true)]
    [InlineData(2, 1, false, 3, true)]
    [InlineData(2, 1, true, 1, true)]
    [InlineData(2, 1, true, 0, false)]
    [InlineData(2, 0, true, 0, false)]
    [InlineData(2, 5, true, 2, true)]
    [InlineData(3, 2, true, 1, false)]
    public void It_is_met_by_the_required_or_once_the_wait_is_over_by_fewer(int required, int startWith, bool waitIsOver, int eligible, bool isMet) =>
        Assert.Equal(isMet, StartCondition.IsMet(Origin(new TreeTotals(1, 1, 100), required, startWith, waitIsOver), eligible, null));

    [Fact]
    public void Nothing_starts_before_the_tree_is_counted() => Assert.False(StartCondition.IsMet(Origin(null, 1, 1, true), 9, null));

    [Fact]
    public void Eligible_is_who_has_room_for_the_tree()
    {
        var origin = Origin(new TreeTotals(1, 1, 100), 1, 1, false);

        Assert.Null(StartCondition.WhyNotEligible(origin, Destination(100)));
        var why = StartCondition.WhyNotEligible(origin, Destination(99));
        Assert.Contains("99", why, StringComparison.Ordinal);
        Assert.Contains("100", why, StringComparison.Ordinal);
        Assert.Null(StartCondition.WhyNotEligible(origin with { Totals = null }, Destination(0)));
    }

    [Theory]
    [InlineData("m:/photos", "m:/copies", null)]
    [InlineData("m:/photos", "m:/photos/copies", "its ROOT lies in SOURCE")]
    [InlineData("m:/photos", "m:/photos", "its ROOT lies in SOURCE")]
    [InlineData("m:/", "m:/copies", "its ROOT lies in SOURCE")]
    [InlineData("m:/copies/laptop/latest", "m:/copies", "SOURCE lies in its ROOT/laptop")]
    [InlineData("m:/laptop", "m:/", "its ROOT lies in SOURCE")]
    [InlineData("m:/copies/other", "m:/copies", null)]
    [InlineData("m:/photos", "n:/photos/copies", null)]
    [InlineData("m:/photo", "m:/photos", null)]
    public void Copies_and_source_must_not_lie_in_each_other(string source, string root, string? why) =>
        Assert.Equal(why, StartCondition.WhyOverlapping(source, root, NodeName.Parse("laptop")));

    private static NodeIdentity Node => new(NodeName.Parse("n"), "id", 1);

    private static OriginRegistration Origin(TreeTotals? totals, int required, int startWith, bool waitIsOver) => new(Node, totals, required, startWith, waitIsOver, "disk", null);

    private static DestinationRegistration Destination(long free) => new(Node, NodeAddress.Parse("127.0.0.1:1"), free, "disk", "machine:/copies", [], Epoch.None);
}
