using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Actors.Destination.Holding;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Transfer.Receiving;

namespace BackupDistribuido.Actors.Destination.Writing;

/// <content>Publishes only what the coordinator says that the origin sealed: any peer with a link to here could send
/// another tree, with a seal that fits it. Begins again if that is necessary, fails, and leaves.</content>
internal sealed partial class ReplicaWriterActor
{
    private void ReceiveSeal()
    {
        Receive<TreeSealed>(told => HandleSeal(told.Digest));
        Receive<CoordinatorAnswered>(_ => WaitForSeal());
    }

    private void OnReceived()
    {
        _state = _state with { IsLinkOpen = false, HasAll = true };
        Report();
        // A link that waited for the end of this one is told that nothing is missing.
        Stash.UnstashAll();
        PublishSealed();
        FinishLeaving();
    }

    private void HandleSeal(Sha256Digest digest)
    {
        _state = _state.WithSeal(digest);
        PublishSealed();
    }

    private void PublishSealed()
    {
        if (!_state.IsWaitingForSeal || _state.Seal is not { } seal) return;
        if (seal == _files!.Replica.Seal!.Value.Digest) Publish();
        else Fail(ReplicaReason.OtherTree);
    }

    private void Publish()
    {
        _state = _state with { IsPublishing = true };
        var (sink, seal, origin, id, since) =
            (_files!.Sink, _files.Replica.Seal!.Value, _plan.Origin, _plan.Snapshot, _opening.DamageSince);
        var publication = Task.Factory.StartNew(() =>
        {
            sink.Publish(seal);
            return _work.Damage?.OfNew(origin, id, since);
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _publication = publication;
        publication.PipeTo(Self, success: damaged => new Published(seal, damaged),
            failure: problem => new DiskFailed(problem));
    }

    private void OnPublished(Published published)
    {
        var stored = HeldSnapshots.Of(_plan.Origin, _plan.Snapshot, published.Seal, _opening.OriginIdentity,
            _opening.Required, published.Damaged,
                DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()),
                    _files!.Staged.Shortfall.Missing);
        if (published.Damaged is not null)
        {
            _work.Stored(stored);
            Fail(ReplicaReason.DamagedHere(_files!.Folder.SnapshotPath(_plan.Snapshot)));
            return;
        }
        _state = _state.Stored(published.Seal);
        (_shortfall, _intake) = (_files!.Staged.Shortfall, _files.Staged.Intake);
        _work.ExpectedLinks.Forget(_plan.Run);
        NotePause();
        SendVerified();
        _log.Info("Snapshot {0} of {1} is stored durably", _plan.Snapshot, _plan.Origin);
        _news.End(_plan, null);
        _work.Report(new ReplicaPublished(_plan.Origin, _plan.Snapshot, _files.Staged.Draft.Totals,
            _files.Folder.SnapshotPath(_plan.Snapshot)));
        _work.Stored(stored);
        // A question for all snapshots at the end of the run includes this one.
        Context.Parent.Tell(new NodeActor.BeatTick());
        Report();
        ReportDone();
        FinishLeaving();
    }

    private void WaitForSeal()
    {
        _state = _state.Answered(out var isUnknown);
        if (isUnknown) Fail(ReplicaReason.SealUnknown(TimeSpan.FromSeconds(WritingState.MostSealBeats)));
    }

    private void ReportDone()
    {
        // Once the run is over, whoever is below is stored too or has failed, whether its DONE has come or not.
        if (_state.Published is { } seal && _reception is { } reception
            && (_state.MayEnd || reception.Forwarded.Values.All(task => task.IsCompleted)))
            reception.Done(seal.Digest);
    }

    private void Fail(Reason reason)
    {
        _state = _state.Failed(reason);
        _log.Error("The replica of snapshot {0} of {1} failed: {2}", _plan.Snapshot, _plan.Origin, reason);
        _news.End(_plan, reason);
        _work.Report(new Warned(ReplicaReason.Failed(_plan.Origin, _plan.Snapshot, reason)));
        _work.ExpectedLinks.Forget(_plan.Run);
        NotePause();
        _reception?.Fail(ErrorCode.Storage, reason);
        Report();
        FinishLeaving();
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
        _calls.Cancel();
        _state = _state.Reopened();
        (_files, _openingBeats, _stashed, _verified) = (null, 0, 0, new VerifiedFiles());
        _opening = _opening.Again();
        _opening.Begin().PipeTo(Self, failure: problem => new DiskFailed(problem));
        Become(Opening);
        return true;
    }

    /// <summary>
    /// The run is over. Unfinished staging stays for the origin's next run; once it is not written any more, the rules
    /// of staging apply to it.
    /// </summary>
    private void Leave(RunOver over)
    {
        _state = _state with { IsLeaving = true };
        _keep = over.Keep is { } keep ? new KeepRule(keep, over.MayShrink) : null;
        _work.ExpectedLinks.Forget(_plan.Run);
        _calls.Cancel();
        if (_state.Published is null) _link.Cancel();
        FinishLeaving();
    }

    private void FinishLeaving()
    {
        if (!_state.MayEnd) return;
        ReportDone();
        Context.Stop(Self);
    }

    protected override void PostStop()
    {
        _work.ExpectedLinks.Forget(_plan.Run);
        _work.Calls.Forget(_plan.Run);
        _work.Paused.TryRemove(_plan.Run, out _);
        _news.End(_plan, RunReason.Over);
        _calls.Cancel();
        // The link of a published replica ends on its own.
        if (_state.Published is null) _link.Cancel();
        // The streams were this actor's children and have stopped before it, some without a word: only a publication
        // may still write. A process or an ActorSystem that ends in the middle of a run comes back to it.
        _work.Closing(_opening.CloseAsync(_publication, isOver: _state.IsOver,
            _state.Published is null ? null : _keep));
    }

    /// <summary>Destination to its writers, each second: the coordinator is there.</summary>
    internal sealed record CoordinatorAnswered
    {
        public static readonly CoordinatorAnswered Instance = new();
    }
}
