namespace BackupDistribuido.Tests;

/// <summary>A clock that stands still until it is moved. Its timers fire on the thread that moves it, each at its
/// time.</summary>
internal sealed class HandClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<HandTimer> _timers = [];
    private long _back;
    private long _ticks = new DateTimeOffset(2026, 11, 22, 16, 33, 5, TimeSpan.Zero).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() =>
        new(Interlocked.Read(ref _ticks) - Interlocked.Read(ref _back), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Time goes on.</summary>
    public void Advance(TimeSpan by)
    {
        var end = GetTimestamp() + by.Ticks;
        while (NextUntil(end) is { } fire) fire();
        Interlocked.Exchange(ref _ticks, end);
    }

    /// <summary>Somebody sets the time of day back; time itself goes on.</summary>
    public void SetBack(TimeSpan by) => Interlocked.Add(ref _back, by.Ticks);

    private Action? NextUntil(long end)
    {
        lock (_gate)
        {
            if (_timers.MinBy(timer => timer.Due) is not { } next || next.Due > end) return null;
            if (next.Due > _ticks) Interlocked.Exchange(ref _ticks, next.Due);
            if (next.Period > TimeSpan.Zero) next.Due += next.Period.Ticks;
            else _timers.Remove(next);
            return next.Fire;
        }
    }

    private sealed class HandTimer(HandClock clock, Action fire) : ITimer
    {
        public Action Fire => fire;

        public long Due { get; set; }

        public TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                (Due, Period) = (clock._ticks + dueTime.Ticks, period);
                clock._timers.Add(this);
                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
