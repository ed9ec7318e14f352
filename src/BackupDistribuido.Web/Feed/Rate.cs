namespace BackupDistribuido.Web.Feed;

/// <summary>How fast a counter grows, over its last seconds. Not thread-safe.</summary>
internal sealed class Rate
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(6), Step = TimeSpan.FromMilliseconds(200);

    private readonly Queue<(DateTimeOffset Time, long Count)> _samples = new();
    private (DateTimeOffset Time, long Count) _last;

    /// <summary>It stood there at that time. A counter that went back begins anew.</summary>
    public void Sample(DateTimeOffset time, long count)
    {
        if (_samples.Count > 0 && count < _last.Count) _samples.Clear();
        if (_samples.Count > 0 && time - _last.Time < Step) return;
        _last = (time, count);
        _samples.Enqueue(_last);
        while (time - _samples.Peek().Time > Window) _samples.Dequeue();
    }

    /// <summary>How much it grows a second as of <paramref name="now"/>; 0 while there is nothing to tell from. A
    /// standstill counts, and after a while that is all there is.</summary>
    public double At(DateTimeOffset now) => _samples.Count < 2 || now - _last.Time > Window ? 0
        : (_last.Count - _samples.Peek().Count) / Math.Max((now - _samples.Peek().Time).TotalSeconds,
            Step.TotalSeconds);
}
