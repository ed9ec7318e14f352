using System.Threading.Channels;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Framing;

namespace BackupDistribuido.Streams.Links;

/// <summary>
/// What a child says: its frames in the order they were given, and ALIVE whenever a period has passed. A bounded queue
/// stands between, so that whoever reads the other direction never waits for this one.
/// </summary>
internal sealed class UpwardFrames(PeerConnection connection, LinkDeadlines deadlines)
{
    /// <summary>A page's needs each for all pages ahead, and as many again on their way.</summary>
    private const int MostWaiting = 2 * WireLimits.PagesAhead;

    private readonly Channel<(Frame Frame, ReadOnlyMemory<byte> Payload)> _waiting =
        Channel.CreateBounded<(Frame, ReadOnlyMemory<byte>)>(
            new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    /// <summary>Queues a frame. DONE is the last; what comes behind it is not sent.</summary>
    /// <exception cref="LinkException">The other side takes too little of what it asked for.</exception>
    public void Send(Frame frame, ReadOnlyMemory<byte> payload)
    {
        if (payload.Length != frame.PayloadLength)
            throw new ArgumentException($"The frame announces {frame.PayloadLength} bytes, not {payload.Length}.",
                nameof(payload));
        if (_waiting.Writer.TryWrite((frame, payload)))
        {
            if (frame is DoneFrame) _waiting.Writer.Complete();
        }
        else if (!_waiting.Reader.Completion.IsCompleted && _waiting.Reader.Count >= MostWaiting)
        {
            throw new LinkException(ErrorCode.Silence, LinkReason.AskedTooMuch(connection.Remote));
        }
    }

    /// <summary>Sends until DONE is out and the sending half closed.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(deadlines.AlivePeriod);
        var tick = timer.WaitForNextTickAsync(cancel).AsTask();
        var more = _waiting.Reader.WaitToReadAsync(cancel).AsTask();
        while (true)
        {
            await Task.WhenAny(tick, more).ConfigureAwait(false);
            if (tick.IsCompleted)
            {
                await tick.ConfigureAwait(false);
                await WriteAsync(AliveFrame.Instance, default, cancel).ConfigureAwait(false);
                tick = timer.WaitForNextTickAsync(cancel).AsTask();
            }
            if (!more.IsCompleted) continue;
            await more.ConfigureAwait(false);
            while (_waiting.Reader.TryRead(out var next))
            {
                await WriteAsync(next.Frame, next.Payload, cancel).ConfigureAwait(false);
                // However long that took: an ALIVE behind it would break the protocol.
                if (next.Frame is not DoneFrame) continue;
                await WithinDeadline(connection.CloseWritingAsync, cancel).ConfigureAwait(false);
                return;
            }
            more = _waiting.Reader.WaitToReadAsync(cancel).AsTask();
        }
    }

    // In one piece: a link that is given up between header and payload could not say why.
    private Task WriteAsync(Frame frame, ReadOnlyMemory<byte> payload, CancellationToken cancel)
    {
        var header = FrameWriter.Header(frame);
        ReadOnlyMemory<byte> whole = payload.IsEmpty ? header : (byte[])[.. header, .. payload.Span];
        return WithinDeadline(limit => connection.WriteAsync([whole], null, limit).AsTask(), cancel);
    }

    private async Task WithinDeadline(Func<CancellationToken, Task> operation, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(deadlines.Progress);
        try
        {
            await operation(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new LinkException(ErrorCode.Silence, LinkReason.TookNothing(connection.Remote, deadlines.Progress));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new LinkException(ErrorCode.Truncated, LinkReason.Lost(connection.Remote, Reason.Of(e)), e);
        }
    }
}
