using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Tests.Delivery.Needs;

/// <summary>A child that holds a file must not lose it because another one can't be sent it.</summary>
public sealed class BranchNeedsSpoiledTests
{
    [Fact]
    public void That_a_file_is_spoiled_is_for_those_who_need_it()
    {
        var needs = new BranchNeeds(firstPage: 0);
        needs.Wants(new PageFrame(0, 0, 10, 0));
        needs.Give(0, NeedSet.Of([new(3, 0), new(5, 70)]));

        Assert.True(needs.Wants(new SpoiledFrame(3)));
        Assert.True(needs.Wants(new SpoiledFrame(5)));
        Assert.False(needs.Wants(new SpoiledFrame(4)));
        Assert.False(needs.Wants(new SpoiledFrame(12)));
    }

    [Fact]
    public void That_a_file_announced_anew_is_spoiled_is_for_all_who_heard_so()
    {
        var needs = new BranchNeeds(firstPage: 0);
        needs.Wants(new PageFrame(0, 0, 10, 0));
        needs.Wants(new AgainFrame(4, 0));

        Assert.True(needs.Wants(new SpoiledFrame(4)));
    }
}
