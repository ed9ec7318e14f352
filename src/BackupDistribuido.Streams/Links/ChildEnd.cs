using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Framing;

namespace BackupDistribuido.Streams.Links;

/// <summary>
/// The child's end of a link: parcels come down through <see cref="Down"/>, needs go up through <see cref="Send"/>, and
/// ALIVE by itself. Neither direction waits for the other. Safe from any thread.
/// </summary>
public sealed class ChildEnd : IChildEnd
{
    private readonly UpwardFrames _upward;
    private volatile bool _isSealed;
    private volatile bool _isDone;
    private readonly SharedKillSwitch _abort = KillSwitches.Shared("child-end");
    private readonly CancellationTokenSource _aborted = new();
    private readonly TaskCompletionSource _down = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _interrupted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildEnd(PeerConnection connection, LinkProfile profile, BufferPool pool, LinkDeadlines deadlines,
        Func<bool>? owed, WireLimit? limit, CancellationToken cancel)
    {
        Profile = profile;
        _upward = new UpwardFrames(connection, deadlines);
        var silence = profile.Version < 2
            ? new SilenceDeadline(deadlines.Progress, owed ?? (() => false)) : new SilenceDeadline(deadlines.Silence);
        Down = Source.FromGraph(new ParcelSourceStage(connection, Direction.Down, pool, silence, limit, profile))
            .MapMaterializedValue(Follow)
            .Select(NoteSeal)
            .Via(_abort.Flow<Parcel>());
        Completion = LinkLife.RunAsync(connection, _down.Task, _upward.RunAsync(_aborted.Token), _interrupted.Task,
            _down.Task, Abort, deadlines, cancel, lingers: () =>
                profile.Version >= 2 && _isSealed ? deadlines.Progress : null);
    }

    /// <inheritdoc/>
    public LinkProfile Profile { get; }

    /// <summary>What the parent sends, to be materialised once. It completes after SEAL, in version 1 after the
    /// parent's half-close; a consumer that cancels it fails the link.</summary>
    public Source<Parcel, NotUsed> Down { get; }

    /// <summary>
    /// Completes when DONE is sent, <see cref="Down"/> has completed and the connection is closed; otherwise it fails
    /// with a <see cref="LinkException"/>, a <see cref="ProtocolException"/>, or what <see cref="Fail"/> was given,
    /// after the parent was told.
    /// </summary>
    public Task Completion { get; }

    /// <summary>Answers an admitted parent with WELCOME and begins the conversation.</summary>
    /// <param name="link">The link; this end owns it from now on.</param>
    /// <param name="welcome">The answer.</param>
    /// <param name="pool">Where buffers come from.</param>
    /// <param name="deadlines">How long the ends wait for each other.</param>
    /// <param name="owed">In version 1: does the parent owe anything just now? While it does, its silence has the
    /// progress deadline. Null: never.</param>
    /// <param name="cancel">Cuts the link.</param>
    /// <param name="limit">How fast all links of this node together may be read; null: as fast as they can.</param>
    /// <exception cref="LinkException">The parent is gone or takes nothing.</exception>
    public static async Task<ChildEnd> OpenAsync(
        AcceptedLink link, WelcomeFrame welcome, BufferPool pool, LinkDeadlines deadlines, Func<bool>? owed,
            CancellationToken cancel, WireLimit? limit = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(deadlines.Progress);
        try
        {
            await link.Connection.WriteAsync(welcome, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            link.Connection.Dispose();
            cancel.ThrowIfCancellationRequested();
            throw new LinkException(ErrorCode.Truncated, LinkReason.Lost(link.Connection.Remote, Reason.Of(e)), e);
        }
        return new ChildEnd(link.Connection, link.Hello.Profile.With(welcome.Profile), pool, deadlines, owed, limit,
            cancel);
    }

    /// <summary>Turns an admitted parent away after all: one ERROR line, and the connection is closed. Never
    /// fails.</summary>
    public static Task RefuseAsync(AcceptedLink link, ErrorCode code, Reason reason) =>
        LastLine.SayAsync(link.Connection, FrameWriter.Header(new ErrorFrame(code, reason)));

    /// <summary>
    /// Queues a frame for the parent and returns at once. <paramref name="payload"/> must not change until it is sent.
    /// DONE is the last; after it, or when the link is over, frames are dropped.
    /// </summary>
    /// <exception cref="LinkException">The parent asked for more answers than it takes: the queue is full.</exception>
    public void Send(Frame frame, ReadOnlyMemory<byte> payload = default)
    {
        _isDone |= frame is DoneFrame;
        _upward.Send(frame, payload);
    }

    /// <summary>Ends the link for a reason of this node's; the parent is told with an ERROR line.</summary>
    public void Fail(ErrorCode code, Reason reason) => _interrupted.TrySetException(new LinkException(code, reason));

    private Parcel NoteSeal(Parcel parcel)
    {
        _isSealed |= parcel.Frames.Any(slice => slice.Frame is SealFrame);
        return parcel;
    }

    private NotUsed Follow(Task<Done> received)
    {
        received.ContinueWith(
            task =>
            {
                // All is said with DONE, also where whoever read has stopped meanwhile.
                if (task.IsCompletedSuccessfully || (_isDone && _isSealed && Profile.Version >= 2))
                    _down.TrySetResult();
                else _down.TrySetException(task.Exception!.InnerException!);
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return NotUsed.Instance;
    }

    private void Abort(Exception cause)
    {
        _aborted.Cancel();
        _abort.Abort(cause);
        _down.TrySetException(cause);
    }
}
