using BackupDistribuido.Web.Access;

namespace BackupDistribuido.Web.Tests.Access;

public sealed class SessionsTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void One_goes_on_while_it_is_used()
    {
        var sessions = new Sessions(_clock);
        var cookie = sessions.Begin();

        for (var i = 0; i < 3; i++)
        {
            _clock.Now += Sessions.Idle;
            Assert.True(sessions.Has(cookie));
        }
        _clock.Now += Sessions.Idle + TimeSpan.FromSeconds(1);
        Assert.False(sessions.Has(cookie));
        Assert.False(sessions.Has(cookie));
    }

    [Fact]
    public void There_are_only_so_many()
    {
        var sessions = new Sessions(_clock);
        var first = sessions.Begin();
        _clock.Now += TimeSpan.FromSeconds(1);
        var others = Enumerable.Range(0, Sessions.Most).Select(_ => sessions.Begin()).ToList();

        Assert.False(sessions.Has(first));
        Assert.All(others, one => Assert.True(sessions.Has(one)));
    }

    [Fact]
    public void Nobody_guesses()
    {
        var sessions = new Sessions(_clock);

        Assert.False(sessions.Has(null));
        Assert.False(sessions.Has(""));
        Assert.False(sessions.Has(sessions.Token));
        Assert.False(sessions.IsToken(""));
        Assert.False(sessions.IsToken(new Sessions(_clock).Token));
        Assert.True(sessions.IsToken(sessions.Token));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
