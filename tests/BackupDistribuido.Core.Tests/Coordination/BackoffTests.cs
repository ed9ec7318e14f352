using BackupDistribuido.Core.Coordination;

namespace BackupDistribuido.Core.Tests.Coordination;

public sealed class BackoffTests
{
    private readonly Backoff<string> _backoff = new(Seconds(5), Seconds(30), 3);

    [Fact]
    public void Each_failure_after_a_pause_makes_the_next_one_longer_up_to_a_bound()
    {
        var now = Seconds(100);
        foreach (var pause in new[] { 5, 10, 20, 30, 30 })
        {
            Assert.Equal(Seconds(pause), _backoff.Failed("a", now));
            // One failure may be told twice.
            Assert.Equal(Seconds(pause - 1), _backoff.Failed("a", now + Seconds(1)));
            Assert.True(_backoff.Holds("a", now + Seconds(pause - 1)));
            now += Seconds(pause);
            Assert.False(_backoff.Holds("a", now));
        }
        Assert.Equal(Seconds(5), _backoff.Failed("a", now + Seconds(30)));
    }

    [Fact]
    public void What_worked_begins_again_and_others_are_others()
    {
        _backoff.Failed("a", Seconds(0));
        _backoff.Failed("a", Seconds(5));
        Assert.False(_backoff.Holds("b", Seconds(6)));

        _backoff.Succeeded("a");

        Assert.False(_backoff.Holds("a", Seconds(6)));
        Assert.Equal(Seconds(5), _backoff.Failed("a", Seconds(6)));
    }

    [Fact]
    public void It_remembers_no_more_than_so_many()
    {
        foreach (var (key, at) in new[] { ("a", 0), ("b", 1), ("c", 2), ("d", 3) }) _backoff.Failed(key, Seconds(at));

        Assert.Equal([false, true, true, true],
            new[] { "a", "b", "c", "d" }.Select(key => _backoff.Holds(key, Seconds(4))));
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
