using BackupDistribuido.Core.Coordination;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Tests.Coordination;

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
    public void It_is_met_by_the_required_or_once_the_wait_is_over_by_fewer(int required, int startWith,
        bool waitIsOver, int eligible, bool isMet) =>
        Assert.Equal(isMet,
            StartCondition.IsMet(Origin(new TreeTotals(1, 1, 100), required, startWith, waitIsOver), eligible, null));

    [Fact]
    public void Nothing_starts_before_the_tree_is_counted() =>
        Assert.False(StartCondition.IsMet(Origin(null, 1, 1, true), 9, null));

    [Fact]
    public void Holes_need_no_room()
    {
        var sparse = Origin(new TreeTotals(1, 1, 1L << 40), 1, 1, false) with { Room = 100 };

        Assert.Null(StartCondition.WhyNotEligible(sparse, Destination(100)));
        Assert.NotNull(StartCondition.WhyNotEligible(sparse, Destination(99)));
    }

    [Theory]
    [InlineData(1000, 1000, 1000, 0)]
    [InlineData(1000, 1300, 1300, 300)]
    [InlineData(1000, 900, 900, 0)]
    // Sixteen of a hundred bytes are no holes: a tree of the same length takes nothing more, one that has grown no more
    // than it has grown, nor than it takes.
    [InlineData(100, 100, 16, 0)]
    [InlineData(100, 110, 16, 10)]
    [InlineData(100, 190, 16, 16)]
    public void What_the_last_snapshot_has_is_linked_from_there(long held, long bytes, long room, long needed)
    {
        var origin = Origin(new TreeTotals(1, 1, bytes), 1, 1, false) with { Room = room };
        var destination = Destination(needed) with
        {
            Newest = [new HeldSnapshot(Node.Name,
            SnapshotId.Parse("20261122T163305Z"), 1, held)]
        };

        Assert.Null(StartCondition.WhyNotEligible(origin, destination));
        if (needed > 0)
            Assert.NotNull(StartCondition.WhyNotEligible(origin, destination with { FreeBytes = needed - 1 }));
        // Where there are no hard links, or what is there can't look as the origin wants it, all of it is copied.
        foreach (var limit in new[] { ReplicaLimits.HardLinks, ReplicaLimits.Modes, ReplicaLimits.Owners,
            ReplicaLimits.Times, ReplicaLimits.HardLinks | ReplicaLimits.Times })
        {
            Assert.Equal(room == needed,
                StartCondition.WhyNotEligible(origin, destination with { Lacks = limit }) is null);
            Assert.Null(StartCondition.WhyNotEligible(origin, destination with { Lacks = limit, FreeBytes = room }));
        }
        Assert.Null(StartCondition.WhyNotEligible(origin,
            destination with
            {
                Lacks = ReplicaLimits.SymbolicLinks | ReplicaLimits.SpecialFiles | ReplicaLimits.Attributes
            }));
    }

    [Fact]
    public void Eligible_is_who_can_hold_the_largest_file()
    {
        var origin = Origin(new TreeTotals(1, 1, 100), 1, 1, false) with { LargestFile = 5L << 30 };
        var vfat = Destination(100) with { MaxFileBytes = (4L << 30) - 1 };

        Assert.Equal("its file system holds files of up to 4.0 GiB, the tree has one of 5.0 GiB",
            StartCondition.WhyNotEligible(origin, vfat)?.ToString());
        Assert.Null(StartCondition.WhyNotEligible(origin with { LargestFile = vfat.MaxFileBytes }, vfat));
        Assert.Null(StartCondition.WhyNotEligible(origin with { LargestFile = null }, vfat));
        Assert.Null(StartCondition.WhyNotEligible(origin, Destination(100)));
    }

    [Fact]
    public void Eligible_is_who_has_room_for_the_tree()
    {
        var origin = Origin(new TreeTotals(1, 1, 100), 1, 1, false);

        Assert.Null(StartCondition.WhyNotEligible(origin, Destination(100)));
        var why = StartCondition.WhyNotEligible(origin, Destination(99));
        Assert.Contains("99", why?.ToString(), StringComparison.Ordinal);
        Assert.Contains("100", why?.ToString(), StringComparison.Ordinal);
        Assert.Null(StartCondition.WhyNotEligible(origin with { Totals = null }, Destination(0)));
    }

    [Fact]
    public void Room_is_counted_in_inodes_too_where_the_file_system_counts_them()
    {
        var origin = Origin(new TreeTotals(50_000, 1, 3L << 30), 1, 1, false);

        Assert.Equal("1.0 MiB free, 3.0 GiB needed",
            StartCondition.WhyNotEligible(origin, Destination(1 << 20))?.ToString());
        Assert.Equal("3,221,225,471 bytes free, 3,221,225,472 needed",
            StartCondition.WhyNotEligible(origin, Destination((3L << 30) - 1))?.ToString());
        Assert.Null(StartCondition.WhyNotEligible(origin, Destination(0) with { FreeBytes = null }));
        Assert.Equal("12,000 inodes free, 50,000 needed",
            StartCondition.WhyNotEligible(origin, Destination(1L << 40) with { FreeInodes = 12_000 })?.ToString());
        Assert.Null(StartCondition.WhyNotEligible(origin, Destination(1L << 40) with { FreeInodes = 50_000 }));
        Assert.Null(StartCondition.WhyNotEligible(origin, Destination(1L << 40)));
    }

    [Fact]
    public void Where_another_disk_is_mounted_for_the_origin_its_room_counts_and_not_that_of_the_root()
    {
        var origin = Origin(new TreeTotals(100, 1, 1000), 1, 1, false);
        var (root, other) =
            (Destination(1L << 40) with { FreeInodes = 1L << 20 }, new OriginRoom(NodeName.Parse("other"), 0, 0));

        Assert.Equal("999 B free, 1000 B needed",
            StartCondition.WhyNotEligible(origin, root with { Rooms = [other, new OriginRoom(Node.Name, 999, 100)] })
                ?.ToString());
        Assert.Equal("99 inodes free, 100 needed",
            StartCondition.WhyNotEligible(origin, root with { Rooms = [new OriginRoom(Node.Name, 1000, 99)] })
                ?.ToString());
        Assert.Null(StartCondition.WhyNotEligible(origin, root with { Rooms = [other] }));
        // What it does not say is unknown, whatever the root has.
        Assert.Null(StartCondition.WhyNotEligible(origin,
            Destination(0) with { FreeInodes = 0, Rooms = [new OriginRoom(Node.Name, null, null)] }));
        Assert.Null(StartCondition.WhyNotEligible(origin,
            Destination(0) with { FreeInodes = 0, Rooms = [new OriginRoom(Node.Name, 1000, 100)] }));
    }

    [Fact]
    public void What_is_staged_of_the_origin_is_room_to_it_and_to_no_other()
    {
        var origin = Origin(new TreeTotals(100, 1, 1000), 1, 1, false);
        var destination = Destination(400) with
        {
            FreeInodes = 40,
            Leftovers = [new StagedBefore(NodeName.Parse("other"), 5000, 5000), new StagedBefore(Node.Name, 600, 60)]
        };

        Assert.Null(StartCondition.WhyNotEligible(origin, destination));
        Assert.NotNull(StartCondition.WhyNotEligible(origin,
            destination with { Leftovers = [new StagedBefore(NodeName.Parse("other"), 5000, 5000)] }));
        Assert.Equal("99 inodes free, 100 needed",
            StartCondition.WhyNotEligible(origin, destination with { FreeInodes = 39 })?.ToString());
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
        Assert.Equal(why, StartCondition.WhyOverlapping(source, root, NodeName.Parse("laptop"))?.ToString());

    private static NodeIdentity Node => new(NodeName.Parse("n"), "id", 1);

    private static OriginRegistration Origin(TreeTotals? totals, int required, int startWith, bool waitIsOver) =>
        new(Node, totals, required, startWith, waitIsOver, "disk", null);

    private static DestinationRegistration Destination(long free) =>
        new(Node, NodeAddress.Parse("127.0.0.1:1"), free, "disk", "machine:/copies", [], Epoch.None);
}
