using System.Diagnostics;

namespace BackupDistribuido.Streams.Links;

/// <summary>Counts what goes over a link, and how long its writes wait for the other side. Safe from any thread.</summary>
public sealed class LinkMeter
{
    private readonly Lock _gate = new();
    private long _bytes;
    private TimeSpan _busy;
    private long? _since;

    /// <summary>A write begins; there is one at a time.</summary>
    public void Begin()
    {
        lock (_gate) _since = Stopwatch.GetTimestamp();
    }

    /// <summary>The write has ended, and so many bytes are with the system.</summary>
    public void End(long bytes)
    {
        lock (_gate)
        {
            _busy += Waiting;
            _since = null;
            _bytes += bytes;
        }
    }

    /// <summary>Bytes that have gone.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate) return _bytes;
        }
    }

    /// <summary>The time in which a write was under way, up to now.</summary>
    public TimeSpan Busy
    {
        get
        {
            lock (_gate) return _busy + Waiting;
        }
    }

    private TimeSpan Waiting => _since is { } since ? Stopwatch.GetElapsedTime(since) : TimeSpan.Zero;
}
