using System.Diagnostics;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Destination.Writing;

/// <summary>Reports to this destination's owner which run it receives, its progress and its speed. The run uses the
/// destination's own report of the same bytes. For one thread.</summary>
internal sealed class ReceptionNews(Action<NodeEvent> report)
{
    private readonly Throughput _rate = new();
    private readonly long _begun = Stopwatch.GetTimestamp();
    private bool _isTold;

    /// <summary>The size of the tree; null: not known.</summary>
    public TreeTotals? Tree { get; set; }

    /// <summary>The reception of that plan's snapshot begins.</summary>
    public void Begin(DeliveryPlan plan)
    {
        _isTold = true;
        report(new ReceptionStarted(plan.Origin, plan.Snapshot, plan.Run, Tree));
    }

    /// <summary>So many bytes of it are here.</summary>
    public void Say(DeliveryPlan plan, long done, bool isPublishing)
    {
        if (!_isTold) return;
        var now = Stopwatch.GetElapsedTime(_begun);
        _rate.Sample(now, done);
        var standing = isPublishing ? MemberStanding.Publishing : MemberStanding.Copying;
        // Without the tree's size there is a pace all the same.
        var copy = Tree is { } tree
            ? CopyProgress.Of(done, tree.Bytes, standing, _rate.At(now))
            : new CopyProgress(done, 0, standing, _rate.At(now));
        report(new ReceptionProgress(plan.Origin, plan.Snapshot, plan.Run, copy));
    }

    /// <summary>It ended; told once.</summary>
    /// <param name="problem">Why it brought no replica; null: it did.</param>
    public void End(DeliveryPlan plan, Reason? problem)
    {
        if (!_isTold) return;
        _isTold = false;
        report(new ReceptionEnded(plan.Origin, plan.Snapshot, plan.Run, problem));
    }
}
