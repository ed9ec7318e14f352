using System.Threading.Channels;
using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Cli.Output;

/// <summary>
/// Carries events from a node's threads to its view, in order, through a bounded queue. An event that the view may drop is dropped when the
/// queue is full; any other makes its reporter wait, so that a slow reader of standard output slows the node instead of filling its memory.
/// </summary>
internal sealed class EventPump : IAsyncDisposable
{
    private const int Capacity = 4096;

    private readonly Channel<(NodeEvent Event, DateTimeOffset Time)> _queue =
        Channel.CreateBounded<(NodeEvent, DateTimeOffset)>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly IEventView _view;
    private readonly TimeProvider _clock;
    private readonly Task _pumping;

    public EventPump(IEventView view, TimeProvider clock)
    {
        (_view, _clock) = (view, clock);
        _pumping = Task.Run(Pump);
    }

    /// <summary>Takes an event; after <see cref="DisposeAsync"/> it is ignored.</summary>
    public void Report(NodeEvent happened)
    {
        if (!_view.Shows(happened)) return;
        var item = (happened, _clock.GetUtcNow());
        while (!_queue.Writer.TryWrite(item))
        {
            if (_view.MayDrop(happened) || !_queue.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult()) return;
        }
    }

    private async Task Pump()
    {
        var readable = true;
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (_queue.Reader.TryRead(out var item))
            {
                if (readable) readable = Try(() => _view.Show(item.Event, item.Time));
            }
            if (readable) readable = Try(_view.Flush);
        }
        Try(_view.Dispose);
    }

    // A closed terminal or a reader that went away must not end a run: the node goes on unseen, its log says all.
    private static bool Try(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Shows what is still waiting and closes the view.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _pumping;
    }
}
