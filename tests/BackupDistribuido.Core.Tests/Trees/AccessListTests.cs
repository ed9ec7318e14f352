using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Tests.Trees;

/// <summary>Rights of a mode that has lost its access control list: never more than the list gave.</summary>
public sealed class AccessListTests
{
    // u::rw-, u:12345:rwx, g::r--, m::rwx, o::---
    private static readonly byte[] List = [2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 7, 0, 0x39, 0x30, 0, 0, 4,
        0, 4, 0, 255, 255, 255, 255, 16, 0, 7, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255];

    [Theory]
    [InlineData("670", "640")]
    [InlineData("4630", "4600")]
    [InlineData("644", "644")]
    public void The_group_has_what_the_list_gave_it_and_the_mask_left(string mode, string without) =>
        Assert.Equal(Convert.ToInt32(without, 8), AccessList.ModeWithout(List, Convert.ToInt32(mode, 8)));

    [Fact]
    public void A_list_that_nobody_can_read_leaves_the_group_nothing() =>
        Assert.Equal(Convert.ToInt32("604", 8), AccessList.ModeWithout([2, 0, 0, 0, 1], Convert.ToInt32("674", 8)));
}
