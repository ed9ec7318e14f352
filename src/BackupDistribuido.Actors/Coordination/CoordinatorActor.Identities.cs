using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Coordination;

/// <content>Who is who, and which snapshot is which: a destination counts once by its identity, and what can't be right
/// is said.</content>
public sealed partial class CoordinatorActor
{
    /// <summary>How often all that is held is looked over for doubts: soon after something changed, and seldom without
    /// that, for a clock goes on.</summary>
    private static readonly TimeSpan DoubtsPeriod = TimeSpan.FromSeconds(5), QuietPeriod = TimeSpan.FromSeconds(60);

    private readonly TwinWatch _twins = new(Lease);
    private HashSet<Reason> _doubts = [];
    private TimeSpan _doubted;
    private bool _hasNews;

    /// <summary>What is the newer of two snapshots now.</summary>
    private SnapshotOrder Order => new(_clock.GetUtcNow());

    /// <summary>Whether another one with its identity is connected, and goes on counting: it is answered, and nothing
    /// else happens. Where it took the place of that one, that one is forgotten.</summary>
    private bool IsTwin(DestinationRegistration said)
    {
        const NodeRole role = NodeRole.Destination;
        var live = _destinations.TryFind(said.Node.Identity, out var other) ? other : null;
        switch (_twins.Hear(said, live?.Registration, Uptime))
        {
            case IdentityVerdict.TakesOver:
                Forget(role, live!.Node, live.Ref, MemberReason.Renamed(said.Node.Name));
                return false;
            case IdentityVerdict.Waits:
                _hasNews = true;
                _log.Debug("Destination {0} has the identity of {1}, which is connected", said.Node.Name,
                    live!.Node.Name);
                Sender.Tell(new DestinationRegistered(said.Node, _twins.Of(said.Node)?.Why));
                return true;
            default:
                return false;
        }
    }

    private void SayReplaced(AbsentDestination replaced)
    {
        _log.Warning("Destination {0} has another identity than before: what it had then counts no more",
            replaced.Name);
        if (replaced.Newest.Count == 0) return;
        _report(new Warned(MemberReason.OtherFolder(replaced.Name)));
    }

    /// <summary>The id of an origin's next snapshot: above all that is known of it, wherever that is, and no other
    /// run's. Without a mark, where somebody who may take part reads none.</summary>
    private SnapshotId NextSnapshot(LiveNode<OriginRegistration> origin, RunId run)
    {
        var id = SnapshotId.After(NewestKnown(origin.Node.Name), _clock.GetUtcNow());
        return origin.Registration.Edition >= Editions.Marks
            && _destinations.Entries.All(live => live.Registration.Edition >= Editions.Marks) ? run.Mark(id) : id;
    }

    /// <summary>The newest of an origin's snapshots that is known of, whoever has it, connected or not; null where none
    /// is.</summary>
    private SnapshotId? NewestKnown(NodeName origin)
    {
        var held = NewestHeld.All(_destinations.Entries.Select(live => live.Registration), _remembered.Absent)
            .Where(one => one.Held.Origin == origin).Select(one => one.Held.Snapshot);
        SnapshotId?[] known = [_remembered.Highest(origin), _remembered.Origin(origin)?.Protected];
        return Order.Newest(held.Concat(known.OfType<SnapshotId>()));
    }

    private IReadOnlyList<Reason> CurrentDoubts() =>
        Doubts.Of([.. NewestHeld.All(_destinations.Entries.Select(live => live.Registration), _remembered.Absent)],
            _twins.Certain, Order);

    /// <summary>Each once, and again when it was gone in between.</summary>
    private void SayDoubts()
    {
        if (Uptime < Settling || Uptime - _doubted < (_hasNews ? DoubtsPeriod : QuietPeriod)) return;
        (_doubted, _hasNews) = (Uptime, false);
        var now = CurrentDoubts();
        foreach (var doubt in now.Where(doubt => !_doubts.Contains(doubt)))
        {
            _log.Warning("{0}", doubt);
            _report(new Warned(doubt));
        }
        _doubts = [.. now];
    }
}
