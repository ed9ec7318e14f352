using BackupDistribuido.Storage.Kernel;

namespace BackupDistribuido.Storage.Tests.Kernel;

public sealed class BlockDeviceTests
{
    [Theory]
    [InlineData("    4096      120   300000     1500    98765      400  1200000    90000        0    30000    91500\n",
        98765)]
    [InlineData("1 2 3", 0)]
    [InlineData("a b c d e f", 0)]
    public void Writes_are_the_fifth_field(string stat, long writes) =>
        Assert.Equal(writes, BlockDevice.WritesIn(stat));

    [Fact]
    public void What_is_no_disk_has_done_none() => Assert.Equal(0, BlockDevice.Writes(0));
}
