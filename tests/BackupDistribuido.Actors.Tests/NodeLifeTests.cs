namespace BackupDistribuido.Actors.Tests;

public sealed class NodeLifeTests
{
    [Fact]
    public void A_newer_incarnation_has_a_higher_number_whatever_the_clock_says()
    {
        var now = new DateTimeOffset(2026, 11, 22, 16, 33, 5, TimeSpan.Zero);
        var first = NodeLife.NextIncarnation(0, now);

        Assert.Equal(now.ToUnixTimeMilliseconds(), first);
        Assert.Equal(first + 1, NodeLife.NextIncarnation(first, now));
        Assert.Equal(first + 1, NodeLife.NextIncarnation(first, now.AddHours(-1)));
        Assert.Equal(first + 1000, NodeLife.NextIncarnation(first, now.AddSeconds(1)));
    }
}
