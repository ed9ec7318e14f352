using System.Threading.Channels;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Hosting.Notices;

/// <summary>
/// Delivers notices to one target, one after the other, in order. A failed one is retried with growing pauses, and
/// given up after some attempts, with a warning. At most <see cref="Capacity"/> wait; more are dropped, with one
/// warning until there is room again. Adding never blocks.
/// </summary>
internal sealed class NoticeQueue : IAsyncDisposable
{
    /// <summary>Most notices that wait.</summary>
    public const int Capacity = 256;

    /// <summary>How long what still waits at the end may take.</summary>
    public static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly Channel<Notice> _queue =
        Channel.CreateBounded<Notice>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly CancellationTokenSource _hurry = new(), _end = new();
    private readonly INoticeTarget _target;
    private readonly TimeSpan _timeout, _pause;
    private readonly int _attempts;
    private readonly Action<Reason> _warn;
    private readonly Task _telling;
    private int _isFull;

    /// <param name="pause">Before the second attempt; each further one waits twice as long, at most five
    /// minutes.</param>
    /// <param name="warn">Gets failed deliveries, from any thread.</param>
    public NoticeQueue(INoticeTarget target, TimeSpan timeout, int attempts, TimeSpan pause, Action<Reason> warn)
    {
        (_target, _timeout, _attempts, _pause, _warn) = (target, timeout, attempts, pause, warn);
        _telling = Task.Run(SendAllAsync);
    }

    /// <summary>Takes a notice.</summary>
    public void Add(Notice notice)
    {
        if (_queue.Writer.TryWrite(notice)) Volatile.Write(ref _isFull, 0);
        else if (!_hurry.IsCancellationRequested && Interlocked.Exchange(ref _isFull, 1) == 0)
            _warn(NoticeReason.Overflow(_target.Name, Capacity));
    }

    private async Task SendAllAsync()
    {
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (_queue.Reader.TryRead(out var notice)) await SendAsync(notice).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(Notice notice)
    {
        var pause = _pause;
        for (var attempt = 1; ; attempt++)
        {
            var told = await TryAsync(notice).ConfigureAwait(false);
            if (told.Failure is null) return;
            if (told.IsFinal || attempt >= _attempts || _hurry.IsCancellationRequested)
            {
                _warn(NoticeReason.NotTold(_target.Name, Notice.Name(notice.Kind), told.Failure!, attempt));
                return;
            }
            await Task.WhenAny(Task.Delay(pause, _hurry.Token)).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<NoticeResult> TryAsync(Notice notice)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        limit.CancelAfter(_timeout);
        try
        {
            return await _target.SendAsync(notice, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new NoticeResult(_end.IsCancellationRequested
                ? NoticeReason.CoordinatorEnds : ControlReason.NoAnswerWithin(_timeout));
        }
        catch (Exception e)
        {
            return new NoticeResult(Reason.Of(e));
        }
    }

    /// <summary>Tells what still waits, each in one attempt, for as long as <see cref="LastWords"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await _hurry.CancelAsync().ConfigureAwait(false);
        _queue.Writer.TryComplete();
        _end.CancelAfter(LastWords);
        await _telling.ConfigureAwait(false);
        _target.Dispose();
        _hurry.Dispose();
        _end.Dispose();
    }
}
