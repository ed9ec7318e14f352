using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Transfer.Links.InProcess;

/// <summary>The parent's end of a link within one process. There is no wire: a limit of one does not hold here.
/// </summary>
internal sealed class ProcessParent(ProcessLink link, WelcomeFrame welcome) : IChildLink
{
    /// <inheritdoc/>
    public WelcomeFrame Welcome => welcome;

    /// <inheritdoc/>
    public WireUse Sent => link.Parcels.Use;

    /// <summary>Waits for the child's answer.</summary>
    /// <exception cref="LinkException">It gives none in time, or refuses.</exception>
    public static async Task<IChildLink> AnsweredAsync(ProcessLink link, TimeSpan patience, CancellationToken cancel)
    {
        var (hello, who) = (link.Hello, link.Hello.To);
        try
        {
            var welcome = await link.Welcome.Task.WaitAsync(patience, cancel).ConfigureAwait(false);
            if (welcome.Run != hello.Run || welcome.Epoch != hello.Epoch || welcome.Node != who)
            {
                throw new LinkException(ErrorCode.Order,
                    Reason.Text($"'{welcome.Node}' welcomes to epoch {welcome.Epoch} of run {welcome.Run}"));
            }
            return new ProcessParent(link, welcome);
        }
        catch (TimeoutException e)
        {
            var silent = LinkReason.ChildSilent(who, patience);
            throw link.FailByParent(new LinkException(ErrorCode.Silence, silent, e));
        }
        catch (Exception e)
        {
            link.FailByParent(e);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task RunAsync(Source<Parcel, NotUsed> branch, Action<Frame, ReadOnlyMemory<byte>> heard,
        LinkTerms terms, IMaterializer materializer, CancellationToken cancel, Action? alive = null)
    {
        using var over = new CancellationTokenSource();
        var down = branch.ToMaterialized(Sink.FromGraph(new HandOverSink(link.Parcels)), Keep.Right).Run(materializer);
        var up = HearAsync(heard, alive, terms.Deadlines.AlivePeriod, over.Token);
        try
        {
            var first = await Task.WhenAny(down, up, link.ParentFailed).WaitAsync(cancel).ConfigureAwait(false);
            await first.ConfigureAwait(false);
            if (first == up) await TakenAsync(down, terms.Deadlines, cancel).ConfigureAwait(false);
            else
            {
                var last = await Task.WhenAny(up, link.ParentFailed).WaitAsync(cancel).ConfigureAwait(false);
                await last.ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            var cause = link.FailByParent(e);
            if (ReferenceEquals(cause, e)) throw;
            throw cause;
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Cut(ErrorFrame? why = null) =>
        link.FailByParent(new OperationCanceledException("the link was cut"));

    private static async Task TakenAsync(Task down, LinkDeadlines deadlines, CancellationToken cancel)
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

    /// <summary>Hands on what the child says, until DONE. That the child lives is certain; what it owes is asked for
    /// now and again.</summary>
    private async Task HearAsync(Action<Frame, ReadOnlyMemory<byte>> heard, Action? alive, TimeSpan period,
        CancellationToken over)
    {
        using var timer = new PeriodicTimer(period);
        var tick = timer.WaitForNextTickAsync(over).AsTask();
        var reader = link.Upward.Reader;
        for (var more = reader.WaitToReadAsync(over).AsTask(); ;)
        {
            await Task.WhenAny(tick, more).ConfigureAwait(false);
            if (tick.IsCompleted)
            {
                await tick.ConfigureAwait(false);
                alive?.Invoke();
                tick = timer.WaitForNextTickAsync(over).AsTask();
            }
            if (!more.IsCompleted) continue;
            if (!await more.ConfigureAwait(false)) throw new ProtocolException(ErrorCode.Truncated, "no DONE came");
            while (reader.TryRead(out var next))
            {
                heard(next.Frame, next.Payload);
                if (next.Frame is DoneFrame) return;
            }
            more = reader.WaitToReadAsync(over).AsTask();
        }
    }
}
