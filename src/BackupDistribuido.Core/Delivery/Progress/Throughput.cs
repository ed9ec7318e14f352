namespace BackupDistribuido.Core.Delivery.Progress;

/// <summary>
/// The growth rate of a counter: over its last ten seconds or its last three, whichever is slower, so that a leap
/// (files that are there already) promises nothing for the rest. An unknown rate is null, never 0: before a second has
/// passed, and while nothing moves. No clock: times are given, from one that only goes forward. Not thread-safe.
/// </summary>
public sealed class Throughput
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10), Step = TimeSpan.FromMilliseconds(200), Least =
        TimeSpan.FromSeconds(1), Recent = TimeSpan.FromSeconds(3);

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

    /// <summary>Its growth per second at <paramref name="now"/>; null if unknown, or if nothing grows.</summary>
    public double? At(TimeSpan now)
    {
        if (!_samples.TryPeek(out var first) || now - first.At < Least || now - _last.At > Window) return null;
        var recent = now - (now - first.At >= Recent + Least ? Recent : Least);
        var rate = Math.Min(Since(first, now), Since(_samples.Last(sample => sample.At <= recent), now));
        return rate > 0 ? rate : null;
    }

    // A standstill counts: the time runs to now, not to the last sample.
    private double Since((TimeSpan At, long Count) sample, TimeSpan now) =>
        (_last.Count - sample.Count) / (now - sample.At).TotalSeconds;
}
