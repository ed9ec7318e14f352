using System.Net;
using BackupDistribuido.Web.Access;

namespace BackupDistribuido.Web.Tests.Access;

public sealed class PasswordThrottleTests
{
    private static readonly IPAddress Owner = IPAddress.Parse("192.168.1.2"), Guesser = IPAddress.Parse("192.168.1.66");

    private readonly Clock _clock = new();
    private readonly PasswordThrottle _guesses;

    public PasswordThrottleTests() => _guesses = new PasswordThrottle(_clock);

    [Fact]
    public void Who_guesses_waits_longer_and_longer_and_nobody_else_does()
    {
        var pauses = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            var may = _guesses.TryBegin(Guesser, out var wait);
            pauses.Add(wait.TotalSeconds);
            _clock.Now += wait;
            Assert.True(may || _guesses.TryBegin(Guesser, out _));
            _guesses.End(Guesser, wasRight: false);
            Assert.True(_guesses.TryBegin(Owner, out _));
            _guesses.End(Owner, wasRight: true);
        }
        Assert.Equal(0, pauses[0]);
        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal(PasswordThrottle.LongestPause.TotalSeconds, pauses[^1]);
    }

    [Fact]
    public void An_address_guesses_one_at_a_time()
    {
        Assert.True(_guesses.TryBegin(Guesser, out _));
        Assert.False(_guesses.TryBegin(Guesser, out var wait));
        Assert.Equal(1, wait.TotalSeconds);
        Assert.True(_guesses.TryBegin(Owner, out _));
    }

    [Fact]
    public void The_right_one_and_time_make_it_forgotten()
    {
        for (var i = 0; i <= PasswordThrottle.Free; i++)
        {
            Assert.True(_guesses.TryBegin(Guesser, out _));
            _guesses.End(Guesser, wasRight: false);
        }
        Assert.False(_guesses.TryBegin(Guesser, out _));
        _clock.Now += 2 * PasswordThrottle.LongestPause;
        Assert.True(_guesses.TryBegin(Guesser, out _));
        _guesses.End(Guesser, wasRight: false);
        Assert.True(_guesses.TryBegin(Guesser, out _));
        _guesses.End(Guesser, wasRight: true);
        Assert.True(_guesses.TryBegin(Guesser, out _));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch + TimeSpan.FromDays(20_000);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
