using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Cli.Output;

/// <summary>
/// Carries events from a node's threads to its view, in order, through a bounded queue. A reporting thread never waits:
/// events that a slow or stalled reader of standard output can't take are dropped and counted, and the view reports the
/// number before the next event. Events with the result of a run have extra room in the queue.
/// </summary>
internal sealed class EventPump : IAsyncDisposable
{
    /// <summary>Most events that wait.</summary>
    public const int Capacity = 65_536;

    /// <summary>Additional room for events with the result of a run.</summary>
    public const int CapacityForResults = 256;

    /// <summary>How long a reader that takes nothing is waited for at the end; one that takes something gets three
    /// times as long in all.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Queue<Item> _queue = new();
    private readonly object _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IEventView _view;
    private readonly TimeProvider _clock;
    private readonly Func<long> _taken;
    private readonly TimeSpan _patience;
    private long _missed, _shown;
    private bool _isPumping, _isEnding;

    /// <param name="taken">How many bytes the reader has taken so far; null: the number of events that were shown tells
    /// it.</param>
    /// <param name="patience">See <see cref="Patience"/>.</param>
    public EventPump(IEventView view, TimeProvider clock, Func<long>? taken = null, TimeSpan? patience = null) =>
        (_view, _clock, _taken, _patience) = (view, clock, taken ?? (() => 0), patience ?? Patience);

    /// <summary>True when the reader took nothing at the end: a thread may still be writing to it.</summary>
    public bool GaveUp { get; private set; }

    /// <summary>
    /// Accepts an event, from any thread, without waiting for the reader; ignored after <see cref="DisposeAsync"/>.
    /// </summary>
    public void Report(NodeEvent happened)
    {
        if (!_view.Shows(happened)) return;
        lock (_gate)
        {
            if (_isEnding) return;
            if (_queue.Count >= (IsResult(happened) ? Capacity + CapacityForResults : Capacity))
            {
                if (!_view.MayDrop(happened)) _missed++;
                return;
            }
            _queue.Enqueue(new Item(happened, _clock.GetUtcNow(), _missed));
            _missed = 0;
            Wake();
        }
    }

    private static bool IsResult(NodeEvent happened) => happened is RunFinished or SnapshotProtected or SnapshotAtRisk;

    // A separate thread: a stalled reader must not block a thread that the node's work needs. Called under the gate.
    private void Wake()
    {
        Monitor.Pulse(_gate);
        if (_isPumping) return;
        _isPumping = true;
        new Thread(Pump) { IsBackground = true, Name = "output" }.Start();
    }

    private void Pump()
    {
        // What was shown since the last flush, and what is known to be lost.
        long unflushed = 0, lost = 0;
        while (Take() is { } item)
        {
            lost += item.MissedBefore;
            if (Try(() => Show(item, ref lost)))
            {
                if (item.Event is { } shown && !_view.MayDrop(shown)) unflushed++;
                Interlocked.Increment(ref _shown);
            }
            else
            {
                lost += unflushed + (item.Event is { } failed && !_view.MayDrop(failed) ? 1 : 0);
                unflushed = 0;
            }
            if (!IsIdle()) continue;
            if (!Try(_view.Flush)) lost += unflushed;
            unflushed = 0;
        }
        Try(() =>
        {
            if (lost > 0) _view.Missed(lost, _clock.GetUtcNow());
        });
        Try(_view.Dispose);
        _ended.TrySetResult();
    }

    private void Show(Item item, ref long lost)
    {
        if (lost > 0) _view.Missed(lost, item.Time);
        lost = 0;
        if (item.Event is { } happened) _view.Show(happened, item.Time);
    }

    private bool IsIdle()
    {
        lock (_gate) return _queue.Count == 0;
    }

    /// <summary>The next event, or one without an event that reports the last losses; null: the end.</summary>
    private Item? Take()
    {
        lock (_gate)
        {
            while (_queue.Count == 0)
            {
                if (_isEnding && _missed == 0) return null;
                if (_isEnding || _missed > 0)
                {
                    var last = new Item(null, _clock.GetUtcNow(), _missed);
                    _missed = 0;
                    return last;
                }
                Monitor.Wait(_gate);
            }
            return _queue.Dequeue();
        }
    }

    // A reader that went away or a full disk must not end a run: the node goes on unseen, and its log has everything.
    private static bool Try(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Shows the waiting events and closes the view. After a while, a slow reader gets the results first; a stalled one
    /// is given up (<see cref="GaveUp"/>).
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isEnding = true;
            Wake();
        }
        for (var waits = 0; !GaveUp && !_ended.Task.IsCompleted; waits++)
        {
            var before = Progress;
            await Task.WhenAny(_ended.Task, Task.Delay(_patience)).ConfigureAwait(false);
            if (_ended.Task.IsCompleted) return;
            GaveUp = waits == 2 || Progress == before;
            KeepResults();
        }
    }

    private long Progress => Interlocked.Read(ref _shown) + _taken();

    private void KeepResults()
    {
        lock (_gate)
        {
            var kept = _queue.Where(item => item.Event is { } happened && IsResult(happened)).ToList();
            if (kept.Count == _queue.Count) return;
            var missed = _queue.Sum(item => item.MissedBefore
                + (item.Event is { } happened && !IsResult(happened) && !_view.MayDrop(happened) ? 1 : 0));
            _queue.Clear();
            // Reported before all of them: the exact position no longer matters.
            foreach (var item in kept) _queue.Enqueue(item with { MissedBefore = item == kept[0] ? missed : 0 });
            if (kept.Count == 0) _missed += missed;
        }
    }

    /// <summary>An event that waits, and how many before it were left out.</summary>
    private sealed record Item(NodeEvent? Event, DateTimeOffset Time, long MissedBefore);
}
