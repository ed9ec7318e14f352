using System.Diagnostics;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Transfer.Receiving;

namespace BackupDistribuido.Actors.Destination.Writing;

/// <content>Reports to this destination's owner which run it receives, its progress and its speed. The run uses this
/// destination's own report of the same bytes.</content>
internal sealed partial class ReplicaWriterActor
{
    private readonly Throughput _rate = new();
    private readonly long _begun = Stopwatch.GetTimestamp();
    private TreeTotals? _tree;
    private bool _isTold;

    private void BeginProgress()
    {
        _isTold = true;
        _work.Report(new ReceptionStarted(_plan.Origin, _plan.Snapshot, _plan.Run, _tree));
    }

    private void SayProgress()
    {
        if (!_isTold || _files is null) return;
        var (now, done) = (Stopwatch.GetElapsedTime(_begun), _files.Replica.Done);
        _rate.Sample(now, done);
        var standing = _publishing ? MemberStanding.Publishing : MemberStanding.Copying;
        // Without the tree's size there is a pace all the same.
        var copy = _tree is { } tree
            ? CopyProgress.Of(done, tree.Bytes, standing, _rate.At(now))
            : new CopyProgress(done, 0, standing, _rate.At(now));
        _work.Report(new ReceptionProgress(_plan.Origin, _plan.Snapshot, _plan.Run, copy));
    }

    private void EndProgress(Reason? problem)
    {
        if (!_isTold) return;
        _isTold = false;
        _work.Report(new ReceptionEnded(_plan.Origin, _plan.Snapshot, _plan.Run, problem));
    }
}
