using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Transfer.Sending;

/// <summary>
/// The needs of a page whose files can't be opened just now: another program has a lease on the file, which the kernel
/// asks back, or this machine is short of something for a moment. Each is tried again, until it has had its time. For
/// one thread.
/// </summary>
/// <param name="clock">Measures the time.</param>
/// <param name="leaseBreakTime">How long a program may keep a lease that is asked back.</param>
internal sealed class RetriedFiles(TimeProvider clock, TimeSpan leaseBreakTime)
{
    /// <summary>Silence that no receiver takes amiss; it gives up after 15 s.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    /// <summary>How long is waited where the receivers can't be told that it goes on.</summary>
    private static readonly TimeSpan InSilence = TimeSpan.FromSeconds(10);

    /// <summary>When the kernel takes the lease away at the end of the time, the next try still has to come.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeasePause = TimeSpan.FromMilliseconds(100);

    private readonly Queue<Waiting> _waiting = new();
    private readonly Dictionary<long, (long Since, int Tries)> _known = [];
    private long _said = clock.GetTimestamp();

    /// <summary>How many wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>The one that is tried next.</summary>
    public Need Next => _waiting.Peek().Need;

    /// <summary>How long it is still to wait; null: it can be tried.</summary>
    public TimeSpan? Pause =>
        _waiting.Peek().At - clock.GetElapsedTime(0) is var left && left > TimeSpan.Zero ? left : null;

    /// <summary>Whether the receivers should hear of it.</summary>
    public bool IsToBeSaid => clock.GetElapsedTime(_said) >= Silence;

    /// <summary>They do, by the announcement of the one that is tried next; gives its number. What is announced once
    /// more is void at the receivers, and comes from its beginning.</summary>
    public long Said()
    {
        _said = clock.GetTimestamp();
        var first = _waiting.Dequeue();
        _waiting.Enqueue(first with { Need = first.Need with { Ranges = ByteRanges.Whole } });
        return first.Need.Entry;
    }

    /// <summary>A file could not be opened; false where it has had its time. <paramref name="mayAnnounce"/>: the
    /// receivers can be told that it goes on.</summary>
    public bool Add(Need need, bool isShortage, bool mayAnnounce)
    {
        var now = clock.GetTimestamp();
        if (_known.Count == 0) _said = now;
        var known = _known.TryGetValue(need.Entry, out var before)
            ? before with { Tries = before.Tries + 1 } : (Since: now, Tries: 1);
        var patience = mayAnnounce ? leaseBreakTime + Grace : InSilence;
        if (isShortage ? known.Tries > Shortage.Tries : clock.GetElapsedTime(known.Since, now) > patience) return false;
        _known[need.Entry] = known;
        _waiting.Enqueue(new Waiting(need,
            clock.GetElapsedTime(0, now) + (isShortage ? Shortage.Pause(known.Tries) : LeasePause)));
        return true;
    }

    /// <summary>Takes the one that is tried next.</summary>
    public Need Take() => _waiting.Dequeue().Need;

    /// <summary>It need not be waited for any more; gives how long it was.</summary>
    public TimeSpan Over(long entry) =>
        _known.Remove(entry, out var known) ? clock.GetElapsedTime(known.Since) : TimeSpan.Zero;

    private readonly record struct Waiting(Need Need, TimeSpan At);
}
