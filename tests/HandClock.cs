namespace BackupDistribuido.Tests;

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class HandClock : TimeProvider
{
    private long _back;
    private long _ticks = new DateTimeOffset(2026, 11, 22, 16, 33, 5, TimeSpan.Zero).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() =>
        new(Interlocked.Read(ref _ticks) - Interlocked.Read(ref _back), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    /// <summary>Somebody sets the time of day back; time itself goes on.</summary>
    public void SetBack(TimeSpan by) => Interlocked.Add(ref _back, by.Ticks);
}
