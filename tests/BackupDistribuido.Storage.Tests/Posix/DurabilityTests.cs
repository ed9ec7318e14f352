using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Tests.Posix;

public sealed class DurabilityTests
{
    [Theory]
    [InlineData("4.18", false)]
    [InlineData("5.7.19", false)]
    [InlineData("5.8", true)]
    [InlineData("6.18.1", true)]
    public void Syncfs_is_trusted_only_where_the_kernel_reports_what_failed(string kernel, bool trusted) =>
        Assert.Equal(trusted, Durability.ReportsFailures(Version.Parse(kernel)));
}
