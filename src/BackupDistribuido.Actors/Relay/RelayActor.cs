using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using BackupDistribuido.Actors.Delivery;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Transfer.Forwarding;
using BackupDistribuido.Transfer.Links;

namespace BackupDistribuido.Actors.Relay;

/// <summary>
/// Forwards one run's content at the coordinator, through all its epochs, and stores nothing: takes the link of each
/// epoch's plan, makes those to the children, and tells its run which of them failed.
/// </summary>
internal sealed class RelayActor : ReceiveActor
{
    private static readonly BufferPool Buffers = new();

    private readonly RelayPort _port;
    private readonly LinkDeadlines _deadlines = new();
    private readonly IMaterializer _materializer = Context.Materializer();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private DeliveryPlan _plan;
    private List<FailedLink> _failed = [];
    private CancellationTokenSource _link = new();

    /// <summary>A relay for the run of <paramref name="plan"/>.</summary>
    public RelayActor(RelayPort port, DeliveryPlan plan)
    {
        (_port, _plan) = (port, plan);
        Receive<DeliveryPlan>(OnPlan);
        Receive<IParentLink>(OnLink);
        Receive<ChildrenDialed>(OnChildren);
        Receive<Begun>(OnBegun);
        Receive<ChildEnded>(OnChildEnded);
        Receive<LinkEnded>(ended => _log.Info("The relayed link ended early: {0}", ended.Problem.Message));
    }

    private void OnPlan(DeliveryPlan plan)
    {
        // As at a destination: a link that stands in both plans stays open.
        if (plan.Receiver(RelayPort.Name) is not { } now || !now.IsLeftOf(_plan.Receiver(RelayPort.Name)))
            _link.Cancel();
        (_plan, _failed) = (plan, []);
    }

    private void OnLink(IParentLink link)
    {
        if (link.Hello.Epoch != _plan.Epoch)
        {
            _ = link.RefuseAsync(ErrorCode.Epoch, LinkReason.EpochOpen(_plan.Epoch));
            return;
        }
        // The parent starts again. Content of an older link belongs to none of the new ones.
        _link.Cancel();
        _link = new CancellationTokenSource();
        ChildDialer.DialAsync(_plan, RelayPort.Name, _port.Calls, _port.Links, null, _deadlines, Buffers,
            _link.Token)
            .PipeTo(Self, success: children => new ChildrenDialed(link, children, _link));
    }

    private void OnChildren(ChildrenDialed dialed)
    {
        if (!dialed.Cut.IsCancellationRequested) Failed([.. dialed.Children.Failed.Select(FailedLinks.Of)]);
        if (dialed.Children.Branches.Count == 0)
        {
            _ = dialed.Link.RefuseAsync(ErrorCode.Stopping, LinkReason.NobodyReached);
            return;
        }
        Relaying.BeginAsync(dialed.Link, RelayPort.Name, dialed.Children.Branches, Buffers, _deadlines, _materializer,
            dialed.Cut.Token)
            .PipeTo(Self, success: relaying => new Begun(relaying), failure: problem => new LinkEnded(problem));
    }

    private void OnBegun(Begun begun)
    {
        begun.Relaying.Over.PipeTo(Self, failure: problem => new LinkEnded(problem));
        foreach (var (child, ended) in begun.Relaying.Forwarded)
            ended.PipeTo(Self, failure: problem => new ChildEnded(child, problem));
    }

    private void OnChildEnded(ChildEnded ended)
    {
        if (ended.Problem is OperationCanceledException || _plan.ParentOf(ended.Child)?.Name != RelayPort.Name) return;
        Failed([FailedLinks.Of(ended.Child, ended.Problem)]);
    }

    private void Failed(IReadOnlyList<FailedLink> links)
    {
        if (links.Count == 0) return;
        _failed.AddRange(links);
        Context.Parent.Tell(new LinksFailed(_plan.Epoch, [.. _failed]));
    }

    protected override void PostStop()
    {
        _port.Forget(_plan.Run);
        _link.Cancel();
    }

    /// <summary>Relay to run: links to its children that failed in an epoch.</summary>
    internal sealed record LinksFailed(Epoch Epoch, IReadOnlyList<FailedLink> Links);

    private sealed record ChildrenDialed(IParentLink Link, DialedChildren Children, CancellationTokenSource Cut);

    private sealed record Begun(Relaying Relaying);

    private sealed record ChildEnded(NodeName Child, Exception Problem);

    private sealed record LinkEnded(Exception Problem);
}
