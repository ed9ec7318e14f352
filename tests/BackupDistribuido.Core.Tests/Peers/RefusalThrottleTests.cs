using BackupDistribuido.Core.Peers;

namespace BackupDistribuido.Core.Tests.Peers;

public sealed class RefusalThrottleTests
{
    private readonly RefusalThrottle _said = new();

    [Fact]
    public void The_same_of_one_address_is_said_once_a_minute_and_that_of_another_too()
    {
        Assert.True(_said.MaySay("10.0.0.1", "no key", Seconds(0)));
        Assert.False(_said.MaySay("10.0.0.1", "no key", Seconds(59)));
        Assert.True(_said.MaySay("10.0.0.1", "too late", Seconds(59)));
        Assert.True(_said.MaySay("10.0.0.2", "no key", Seconds(59)));
        Assert.True(_said.MaySay("10.0.0.1", "no key", Seconds(60)));
    }

    [Fact]
    public void Neither_one_address_with_many_reasons_nor_many_addresses_fill_a_log()
    {
        Assert.Equal(RefusalThrottle.MostOfOne,
            Enumerable.Range(0, 1000).Count(one => _said.MaySay("10.0.0.1", $"{one}", Seconds(1))));
        Assert.Equal(RefusalThrottle.MostAddresses - 1,
            Enumerable.Range(0, 1000).Count(one => _said.MaySay($"10.1.0.{one}", "no key", Seconds(2))));
        Assert.True(_said.MaySay("10.2.0.1", "no key", Seconds(62)));
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
