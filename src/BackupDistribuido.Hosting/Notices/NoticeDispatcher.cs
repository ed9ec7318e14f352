using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Hosting.Notices;

/// <summary>All targets of a coordinator's notices, as configured.</summary>
internal sealed class NoticeDispatcher : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

    private readonly List<NoticeQueue> _queues = [];
    private readonly IReadOnlySet<NoticeKind> _kinds;
    private readonly TimeProvider _clock;

    /// <param name="warn">Gets failed deliveries. It must not call <see cref="Add"/>: a failing target would be
    /// notified of its own failure.</param>
    public NoticeDispatcher(NoticeSettings settings, TimeProvider clock, Action<Reason> warn)
    {
        (_kinds, _clock) = (settings.Kinds, clock);
        if (settings.Webhook is { } url) Open(new WebhookTarget(url));
        if (settings.Command.Count > 0) Open(new CommandTarget(settings.Command));

        void Open(INoticeTarget target) =>
            _queues.Add(new NoticeQueue(target, settings.Timeout, settings.Attempts, FirstPause, warn));
    }

    /// <summary>Something happened, now.</summary>
    public void Add(NodeEvent happened)
    {
        if (_queues.Count == 0 || Notice.Of(happened, _clock.GetUtcNow()) is not { } notice
            || !_kinds.Contains(notice.Kind)) return;
        foreach (var queue in _queues) queue.Add(notice);
    }

    /// <summary>Tells what still waits, and ends.</summary>
    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_queues.Select(queue => queue.DisposeAsync().AsTask())).ConfigureAwait(false);
}
