namespace BackupDistribuido.Tests;

/// <summary>
/// A clock that stands still until it is moved; <paramref name="moved"/> is told of each step, as a scheduler that goes
/// by it.
/// </summary>
internal sealed class HandClock(Action<TimeSpan>? moved = null) : TimeProvider
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private long _back;
    private long _ticks = new DateTimeOffset(2026, 11, 22, 16, 33, 5, TimeSpan.Zero).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() =>
        new(Interlocked.Read(ref _ticks) - Interlocked.Read(ref _back), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    /// <summary>Time goes on, in small steps where somebody is told of it: each timer fires at about its
    /// time.</summary>
    public void Advance(TimeSpan by)
    {
        if (moved is null)
        {
            Interlocked.Add(ref _ticks, by.Ticks);
            return;
        }
        for (var left = by; left > TimeSpan.Zero; left -= Step)
        {
            var step = left < Step ? left : Step;
            Interlocked.Add(ref _ticks, step.Ticks);
            moved(step);
        }
    }

    /// <summary>Somebody sets the time of day back; time itself goes on.</summary>
    public void SetBack(TimeSpan by) => Interlocked.Add(ref _back, by.Ticks);
}
