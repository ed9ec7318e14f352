using Akka;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Transfer.Links.InProcess;

/// <summary>The child's end of a link within one process. A parent that says nothing for long reads from a slow disk:
/// there is no line that could be dead.</summary>
internal sealed class ProcessChild(ProcessLink link) : IParentLink, IChildEnd
{
    private readonly TaskCompletionSource _down = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public HelloFrame Hello => link.Hello;

    /// <inheritdoc/>
    public LinkProfile Profile => link.Hello.Profile;

    /// <inheritdoc/>
    public string From => "this process";

    /// <inheritdoc/>
    public bool IsProven => true;

    /// <inheritdoc/>
    public Source<Parcel, NotUsed> Down =>
        Source.FromGraph(new HandOverSource(link.Parcels)).MapMaterializedValue(Follow);

    /// <inheritdoc/>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <inheritdoc/>
    public Task<IChildEnd> OpenAsync(WelcomeFrame welcome, LinkTerms terms, Func<bool>? owed, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (!link.Welcome.TrySetResult(welcome))
            throw new LinkException(ErrorCode.Truncated, LinkReason.NotWaiting(link.Hello.From));
        Completion = RunAsync(terms.Deadlines, cancel);
        return Task.FromResult<IChildEnd>(this);
    }

    /// <inheritdoc/>
    public Task RefuseAsync(ErrorCode code, Reason reason)
    {
        link.FailByChild(new LinkException(code, reason));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Send(Frame frame, ReadOnlyMemory<byte> payload = default)
    {
        if (payload.Length != frame.PayloadLength)
            throw new ArgumentException($"The frame announces {frame.PayloadLength} bytes, not {payload.Length}.",
                nameof(payload));
        if (link.Upward.Writer.TryWrite((frame, payload)))
        {
            if (frame is not DoneFrame) return;
            link.Upward.Writer.TryComplete();
            _up.TrySetResult();
        }
        else if (link.IsCrowded)
            throw new LinkException(ErrorCode.Silence, LinkReason.ParentAskedTooMuch(link.Hello.From));
    }

    /// <inheritdoc/>
    public void Fail(ErrorCode code, Reason reason) => link.FailByChild(new LinkException(code, reason));

    private async Task RunAsync(LinkDeadlines deadlines, CancellationToken cancel)
    {
        try
        {
            var first = await Task.WhenAny(_down.Task, _up.Task, link.ChildFailed).WaitAsync(cancel)
                .ConfigureAwait(false);
            await first.ConfigureAwait(false);
            if (first == _up.Task) await _down.Task.WaitAsync(deadlines.Progress, cancel).ConfigureAwait(false);
            var last = await Task.WhenAny(_up.Task, link.ChildFailed).WaitAsync(cancel).ConfigureAwait(false);
            await last.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var cause = link.FailByChild(
                e is TimeoutException ? new ProtocolException(ErrorCode.Order, "DONE before all was sent") : e);
            if (ReferenceEquals(cause, e)) throw;
            throw cause;
        }
    }

    private NotUsed Follow(Task<Done> taken)
    {
        taken.ContinueWith(
            task =>
            {
                if (task.IsCompletedSuccessfully) _down.TrySetResult();
                else _down.TrySetException(task.Exception!.InnerException!);
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return NotUsed.Instance;
    }
}
