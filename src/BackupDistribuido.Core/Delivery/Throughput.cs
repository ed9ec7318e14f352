namespace BackupDistribuido.Core.Delivery;

/// <summary>
/// How fast a counter has grown over its last ten seconds. What can't be told is null, never 0: before a second has passed, and while nothing moves. No clock: times are given, from one that only
/// goes forward. Not thread-safe.
/// </summary>
public sealed class Throughput
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10), Step = TimeSpan.FromMilliseconds(200), Least = TimeSpan.FromSeconds(1);

    private readonly Queue<(TimeSpan At, long Count)> _samples = new();
    private (TimeSpan At, long Count) _last;

    /// <summary>It stood there at that time. Less than before: it has begun again.</summary>
    public void Sample(TimeSpan at, long count)
    {
        if (_samples.Count > 0 && count < _last.Count) _samples.Clear();
        if (_samples.Count > 0 && at - _last.At < Step) return;
        _last = (at, count);
        _samples.Enqueue(_last);
        while (at - _samples.Peek().At > Window) _samples.Dequeue();
    }

    /// <summary>How much it grows a second as of <paramref name="now"/>; null where that can't be told, or nothing grows.</summary>
    public double? At(TimeSpan now)
    {
        if (!_samples.TryPeek(out var first)) return null;
        // A standstill counts: the time runs to now, not to the last sample.
        var (grown, passed) = (_last.Count - first.Count, now - first.At);
        return grown <= 0 || passed < Least || now - _last.At > Window ? null : grown / passed.TotalSeconds;
    }
}
