using System.Threading.Channels;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Framing;

namespace BackupDistribuido.Transfer.Links.InProcess;

/// <summary>What both ends of a link within one process share. Safe from any thread.</summary>
internal sealed class ProcessLink(HelloFrame hello)
{
    /// <summary>A page's needs each for all pages ahead, and as many again on their way.</summary>
    private const int MostWaiting = 2 * WireLimits.PagesAhead;

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _parent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _child = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isOver;

    /// <summary>The parent's greeting.</summary>
    public HelloFrame Hello => hello;

    /// <summary>The child's answer, or why it gives none.</summary>
    public TaskCompletionSource<WelcomeFrame> Welcome { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What goes down.</summary>
    public HandOver Parcels { get; } = new();

    /// <summary>What goes up; completed behind DONE.</summary>
    public Channel<(Frame Frame, ReadOnlyMemory<byte> Payload)> Upward { get; } =
        Channel.CreateBounded<(Frame, ReadOnlyMemory<byte>)>(
            new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    /// <summary>Whether the child has said more than the parent has room for.</summary>
    public bool IsCrowded => !Upward.Reader.Completion.IsCompleted && Upward.Reader.Count >= MostWaiting;

    /// <summary>Fails, at the parent, when the link has failed there or here; never completes.</summary>
    public Task ParentFailed => _parent.Task;

    /// <summary>The same for the child.</summary>
    public Task ChildFailed => _child.Task;

    /// <summary>The parent ends the link; the child is told why. Gives what the parent is to fail with: where the link
    /// had failed before, that is what it had failed with.</summary>
    public Exception FailByParent(Exception cause) => Fail(cause, AsLinkException(cause), cause);

    /// <summary>The child ends it.</summary>
    public Exception FailByChild(Exception cause) => Fail(AsLinkException(cause), cause, cause);

    private Exception Fail(Exception atParent, Exception atChild, Exception cause)
    {
        lock (_gate)
        {
            if (!_isOver)
            {
                _isOver = true;
                _parent.TrySetException(atParent);
                _child.TrySetException(atChild);
                Welcome.TrySetException(atParent);
            }
        }
        Upward.Writer.TryComplete();
        Parcels.Break(_parent.Task.Exception!.InnerException!, _child.Task.Exception!.InnerException!);
        var known = ReferenceEquals(cause, atParent) ? _parent : _child;
        return known.Task.Exception!.InnerException!;
    }

    /// <summary>What the other side hears of a failure.</summary>
    private static LinkException AsLinkException(Exception cause) => cause switch
    {
        OperationCanceledException => new LinkException(ErrorCode.Truncated, LinkReason.Cut),
        ProtocolException protocol => new LinkException(new ErrorFrame(protocol.Code, protocol.Reason)),
        LinkException link => new LinkException(new ErrorFrame(link.Code, link.Reason)),
        _ => new LinkException(new ErrorFrame(ErrorCode.Stopping, Reason.Of(cause))),
    };
}
