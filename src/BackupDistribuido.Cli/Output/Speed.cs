namespace BackupDistribuido.Cli.Output;

/// <summary>Bytes a second over the last ten seconds.</summary>
internal sealed class Speed
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    private readonly Queue<(DateTimeOffset Time, long Bytes)> _samples = new();
    private (DateTimeOffset Time, long Bytes) _last;

    /// <summary>At <paramref name="time"/> so many bytes were done in all. Fewer than before: it has begun anew.</summary>
    public void Sample(DateTimeOffset time, long bytes)
    {
        if (_samples.Count > 0 && time - _last.Time < Step) return;
        if (bytes < _last.Bytes) _samples.Clear();
        _last = (time, bytes);
        _samples.Enqueue(_last);
        while (time - _samples.Peek().Time > Window) _samples.Dequeue();
    }

    /// <summary>Bytes a second as of <paramref name="now"/>; 0 while there is nothing to tell from.</summary>
    public double At(DateTimeOffset now)
    {
        if (_samples.Count < 2) return 0;
        var (time, bytes) = _samples.Peek();
        // A standstill counts: the time runs to now, not to the last sample.
        return (_last.Bytes - bytes) / Math.Max((now - time).TotalSeconds, Step.TotalSeconds);
    }
}
