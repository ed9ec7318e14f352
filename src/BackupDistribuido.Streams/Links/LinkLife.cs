using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Framing;

namespace BackupDistribuido.Streams.Links;

/// <summary>How both ends of a link end: both directions completed, or one failed and the other side is told why, or
/// cancelled.</summary>
internal static class LinkLife
{
    /// <summary>
    /// Runs until the end, which is exactly one of: completed, failed with the first cause, cancelled. The connection
    /// is closed then.
    /// </summary>
    /// <param name="connection">The link's bytes.</param>
    /// <param name="down">The direction from the parent. It must end soon after the other has.</param>
    /// <param name="up">The direction from the child, which ends with DONE.</param>
    /// <param name="interrupted">Fails when this node gives the link up for a reason of its own; null: it never
    /// does.</param>
    /// <param name="reading">The one of both that is read here: where an ERROR would come.</param>
    /// <param name="abort">Ends both with a failure.</param>
    /// <param name="deadlines">How long they wait.</param>
    /// <param name="cancel">Cancels: the connection is cut.</param>
    /// <param name="lingers">Once all is said with DONE: how long the other direction may take to end, however it does.
    /// Null: it has to end well.</param>
    public static async Task RunAsync(
        PeerConnection connection, Task down, Task up, Task? interrupted, Task reading, Action<Exception> abort,
            LinkDeadlines deadlines, CancellationToken cancel, Func<TimeSpan?>? lingers = null)
    {
        interrupted ??= new TaskCompletionSource().Task;
        try
        {
            var first = await Task.WhenAny(down, up, interrupted).WaitAsync(cancel).ConfigureAwait(false);
            await first.ConfigureAwait(false);
            if (first == up && lingers?.Invoke() is { } patience)
            {
                await Settled(down, patience).WaitAsync(cancel).ConfigureAwait(false);
                if (!down.IsCompleted) abort(new LinkException(ErrorCode.Stopping, LinkReason.Stopped));
            }
            else if (first == up) await EndDownAsync(down, deadlines, cancel).ConfigureAwait(false);
            else await (await Task.WhenAny(up, interrupted).WaitAsync(cancel).ConfigureAwait(false))
                .ConfigureAwait(false);
            connection.Dispose();
        }
        catch (OperationCanceledException e) when (cancel.IsCancellationRequested)
        {
            connection.Dispose();
            abort(e);
            throw;
        }
        catch (Exception e)
        {
            var cause = await CauseAsync(e, reading).ConfigureAwait(false);
            abort(cause);
            await Settled(Task.WhenAll(down, up), LastLine.Patience).ConfigureAwait(false);
            if (cause is LinkException { IsFromPeer: true }) connection.Dispose();
            else await LastLine.SayAsync(connection, FrameWriter.Header(Reason(cause))).ConfigureAwait(false);
            if (ReferenceEquals(cause, e)) throw;
            throw cause;
        }
    }

    private static async Task EndDownAsync(Task down, LinkDeadlines deadlines, CancellationToken cancel)
    {
        try
        {
            await down.WaitAsync(deadlines.Progress, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new ProtocolException(ErrorCode.Order, "DONE before all was sent");
        }
    }

    // A side that says ERROR closes at once: our write may fail before we have read why.
    private static async Task<Exception> CauseAsync(Exception e, Task reading)
    {
        if (e is not LinkException { Code: ErrorCode.Truncated, IsFromPeer: false }) return e;
        await Settled(reading, LastLine.Patience).ConfigureAwait(false);
        return reading.Exception?.InnerException as LinkException is { IsFromPeer: true } told ? told : e;
    }

    private static Task Settled(Task task, TimeSpan limit) => Task.WhenAny(task, Task.Delay(limit));

    private static ErrorFrame Reason(Exception e) => e switch
    {
        ProtocolException p => new ErrorFrame(p.Code, p.Reason),
        LinkException l => new ErrorFrame(l.Code, l.Reason),
        IOException => new ErrorFrame(ErrorCode.Storage, Core.Reasons.Reason.Of(e)),
        _ => new ErrorFrame(ErrorCode.Stopping, Core.Reasons.Reason.Of(e)),
    };
}
