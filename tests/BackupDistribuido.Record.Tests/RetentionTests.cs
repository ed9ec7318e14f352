using static BackupDistribuido.Record.Tests.Samples;

namespace BackupDistribuido.Record.Tests;

public abstract class RetentionTests
{
    private readonly HandClock _clock = new();

    /// <summary>Where the test keeps its record.</summary>
    protected abstract RecordPlace Place { get; }

    [SkippableFact]
    public async Task Old_events_go()
    {
        var retention = new Retention(TimeSpan.FromDays(2), 1000);
        await using (var journal = Open(Place, retention, _clock))
        {
            await journal.WriteAsync(Warning(1, Noon - TimeSpan.FromDays(3)));
            await journal.WriteAsync(Warning(2, Noon - TimeSpan.FromDays(1)));
            await journal.WriteAsync(Begun(Run, First) with { Time = Noon - TimeSpan.FromDays(3) });
        }

        await using var next = Open(Place, retention, _clock);

        Assert.Equal(["warning 2"], Lines(await next.EventsAsync(10)));
        Assert.Single(await next.RunsAsync(null, 10));
    }

    [SkippableFact]
    public async Task Of_too_many_the_newest_stay_also_in_one_that_is_kept_for_long()
    {
        await using var journal = Open(Place, new Retention(TimeSpan.FromDays(2), 10), _clock);
        for (var number = 1; number <= 30; number++) await journal.WriteAsync(Warning(number));
        Assert.Equal(30, (await journal.EventsAsync(100)).Count);

        _clock.Advance(TimeSpan.FromHours(2));
        await journal.WriteAsync(Warning(31));
        await journal.WriteAsync(Warning(32));

        Assert.InRange((await journal.EventsAsync(100)).Count, 10, 11);
    }

    private sealed class HandClock : TimeProvider
    {
        private DateTimeOffset _now = Noon;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _now.UtcTicks;

        public void Advance(TimeSpan by) => _now += by;
    }
}
