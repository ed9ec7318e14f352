using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Actors.Destination.Holding;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Transfer.Receiving;

namespace BackupDistribuido.Actors.Destination.Writing;

/// <content>Publishes only what the coordinator says that the origin sealed: any peer with a link to here could send
/// another tree, with a seal that fits it.</content>
internal sealed partial class ReplicaWriterActor
{
    /// <summary>
    /// Number of the coordinator's answers, one per second, without the seal, until the wait ends. While the
    /// coordinator does not answer, that is reported as everywhere, and it may come back.
    /// </summary>
    private const int MostSealBeats = 60;

    private Sha256Digest? _seal;
    private int _sealBeats;
    private bool _hasAll;

    private void ReceiveSeal()
    {
        Receive<TreeSealed>(told => HearSeal(told.Digest));
        Receive<CoordinatorAnswered>(_ => WaitForSeal());
    }

    private void OnReceived()
    {
        (_linkOpen, _hasAll) = (false, true);
        Report();
        // A link that waited for the end of this one is told that nothing is missing.
        Stash.UnstashAll();
        PublishWhatIsSealed();
        FinishLeaving();
    }

    private void HearSeal(Sha256Digest digest)
    {
        _seal ??= digest;
        PublishWhatIsSealed();
    }

    private void PublishWhatIsSealed()
    {
        if (!IsWaitingForSeal || _seal is not { } seal) return;
        if (seal == _files!.Replica.Seal!.Value.Digest) Publish();
        else Fail(ReplicaReason.OtherTree);
    }

    private void Publish()
    {
        _publishing = true;
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
        (_publishing, _published, _shortfall, _intake) =
            (false, published.Seal, _files!.Staged.Shortfall, _files.Staged.Intake);
        _work.ExpectedLinks.Forget(_plan.Run);
        NotePause();
        SendVerified();
        _log.Info("Snapshot {0} of {1} is stored durably", _plan.Snapshot, _plan.Origin);
        EndProgress(null);
        _work.Report(new ReplicaPublished(_plan.Origin, _plan.Snapshot, _files.Staged.Draft.Totals,
            _files.Folder.SnapshotPath(_plan.Snapshot)));
        _work.Stored(stored);
        // A question for all snapshots at the end of the run includes this one.
        Context.Parent.Tell(new NodeActor.BeatTick());
        Report();
        SayDone();
        FinishLeaving();
    }

    private bool IsWaitingForSeal => _hasAll && !_publishing && !_leaving && _published is null && _failure is null;

    private void WaitForSeal()
    {
        if (!IsWaitingForSeal || ++_sealBeats < MostSealBeats) return;
        _failure = ReplicaReason.SealUnknown(TimeSpan.FromSeconds(MostSealBeats));
        Fail(_failure);
    }

    /// <summary>Destination to its writers, each second: the coordinator is there.</summary>
    internal sealed record CoordinatorAnswered
    {
        public static readonly CoordinatorAnswered Instance = new();
    }
}
