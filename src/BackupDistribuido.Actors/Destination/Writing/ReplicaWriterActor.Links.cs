using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Transfer.Links;

namespace BackupDistribuido.Actors.Destination.Writing;

/// <content>Dials its parent where the plan says so, is dialled by children, and leaves.</content>
internal sealed partial class ReplicaWriterActor
{
    private CancellationTokenSource _call = new();
    private Task _calling = Task.CompletedTask;
    private Epoch _called;
    private bool _hasBegunAgain;

    /// <summary>
    /// If the plan says that this node dials its parent, and there is no link yet, goes on calling until there is one.
    /// </summary>
    private void CallParent()
    {
        _work.Calls.Expect(_plan);
        if (_called != _plan.Epoch) _call.Cancel();
        else if (!_calling.IsCompleted) return;
        if (_linkOpen || _hasAll || _leaving || _failure is not null || _published is not null
            || _plan.Receiver(_work.Name) is not { Calls: true }) return;
        (_call, _called) = (new CancellationTokenSource(), _plan.Epoch);
        var log = _log;
        var calling = ParentCaller.CallAsync(_plan, _work.Name, _work.Security,
            why => log.Info("The parent does not take the link yet: {0}", why), _call.Token);
        _calling = calling;
        calling.PipeTo(Self, failure: problem => new CallOver(problem));
    }

    /// <summary>
    /// A page was damaged where no digest could tell, or the parent's manifest has changed: all pages are received
    /// again, once, and files that are here are reused. It is as if this node had restarted, and the run waits for it
    /// as it would then.
    /// </summary>
    private bool BeginsAgain(Reason why)
    {
        if (_hasBegunAgain)
        {
            Fail(ReplicaReason.ManifestWrongAgain(why));
            return false;
        }
        _hasBegunAgain = true;
        _work.Report(new Warned(ReplicaReason.ManifestBeginsAgain(_plan.Origin, _plan.Snapshot, why)));
        _work.ExpectedLinks.Forget(_plan.Run);
        _call.Cancel();
        (_files, _openingBeats, _stashed, _verified) = (null, 0, 0, new VerifiedFiles());
        _opening = _opening.Again();
        _opening.Begin().PipeTo(Self, failure: problem => new DiskFailed(problem));
        Become(Opening);
        return true;
    }

    /// <summary>What may still come of a link when all begins again.</summary>
    private void ReceiveOfLinksBefore()
    {
        Receive<IParentLink>(link => _ = link.RefuseAsync(ErrorCode.Epoch, ReplicaReason.ReadAgain));
        Receive<CallOver>(_ => { });
        Receive<ChildEnded>(OnChildEnded);
    }

    /// <summary>
    /// The run is over. Unfinished staging stays for the origin's next run; once it is not written any more, the rules
    /// of staging apply to it.
    /// </summary>
    private void Leave(RunOver over)
    {
        (_leaving, _keep) = (true, over.Keep is { } keep ? new KeptHere(keep, over.MayShrink) : null);
        _work.ExpectedLinks.Forget(_plan.Run);
        _call.Cancel();
        if (_published is null) _link.Cancel();
        FinishLeaving();
    }

    private void FinishLeaving()
    {
        if (_leaving && !_publishing && !_linkOpen) Context.Stop(Self);
    }

    protected override void PostStop()
    {
        _work.ExpectedLinks.Forget(_plan.Run);
        _work.Calls.Forget(_plan.Run);
        _work.Paused.TryRemove(_plan.Run, out _);
        EndProgress(RunReason.Over);
        _call.Cancel();
        // The link of a published replica ends on its own.
        if (_published is null) _link.Cancel();
        // The streams were this actor's children and have stopped before it, some without a word: only a publication
        // may still write. A process or an ActorSystem that ends in the middle of a run comes back to it.
        _work.Closing(_opening.CloseAsync(_publication, isOver: _failure is not null || _published is not null,
            _published is null ? null : _keep));
    }

    /// <summary>A call was given up: it is no longer wanted.</summary>
    private sealed record CallOver(Exception Problem);
}
