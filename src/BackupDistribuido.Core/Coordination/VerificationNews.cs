using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Core.Coordination;

/// <summary>What a destination's registration newly says of replicas that it has re-read.</summary>
/// <param name="HasChanged">Whether it says anything else than before: runs that are under way have to know it.</param>
/// <param name="Events">Events for the coordinator's owner.</param>
public sealed record VerificationNews(bool HasChanged, IReadOnlyList<NodeEvent> Events)
{
    /// <summary>The news in a registration.</summary>
    /// <param name="said">The registration.</param>
    /// <param name="before">The previous one, in this or the previous incarnation; null: it was not connected.</param>
    /// <param name="absent">What it had when it left; null: it was connected, or was never here.</param>
    public static VerificationNews Of(
        DestinationRegistration said, DestinationRegistration? before, IReadOnlyList<HeldSnapshot>? absent)
    {
        var events = new List<NodeEvent>();
        var hasChanged = HandleOlder(said, before, events);
        var known = before?.Newest ?? absent ?? [];
        if (said.Newest.SequenceEqual(known)) return new VerificationNews(hasChanged, events);
        foreach (var held in said.Newest)
        {
            if (held.IsSilent) continue;
            var was = known.FirstOrDefault(one => one.Origin == held.Origin && one.Snapshot == held.Snapshot);
            Say(held.Origin, held.Snapshot, held.Verified, was is { IsSilent: false } ? was.Verified : null,
                said.Node.Name, events);
        }
        return new VerificationNews(true, events);
    }

    /// <summary>Whether it says that its replica of that snapshot is gone; null: it says of no damage.</summary>
    public static bool? IsGone(DestinationRegistration said, NodeName origin, SnapshotId snapshot)
    {
        var newest = said.Newest.FirstOrDefault(held =>
            held.IsDamaged && held.Origin == origin && held.Snapshot == snapshot);
        if (newest is not null) return newest.IsGone;
        return said.Older?.Any(one => one.Verified is Verification.Damaged && one.Origin == origin
            && one.Snapshot == snapshot) == true ? false : null;
    }

    /// <summary>
    /// Changes since its last registration in snapshots that are not the newest: those in a first registration are in
    /// the record, or are old.
    /// </summary>
    private static bool HandleOlder(
        DestinationRegistration said, DestinationRegistration? before, List<NodeEvent> events)
    {
        if (before is null || said.Older is not { Count: > 0 } older) return false;
        if (older.SequenceEqual(before.Older ?? [])) return false;
        var known = new Dictionary<(NodeName, SnapshotId), Verification>();
        // One that was the newest until now was heard of as that.
        foreach (var was in before.Newest.Where(one => one.Verified is not null))
            known[(was.Origin, was.Snapshot)] = was.Verified!;
        foreach (var was in before.Older ?? []) known[(was.Origin, was.Snapshot)] = was.Verified;
        foreach (var one in older)
        {
            var was = known.GetValueOrDefault((one.Origin, one.Snapshot));
            Say(one.Origin, one.Snapshot, one.Verified, was, said.Node.Name, events);
        }
        return true;
    }

    private static void Say(NodeName origin, SnapshotId snapshot, Verification? now, Verification? was, NodeName at,
        List<NodeEvent> events)
    {
        if (now is Verification.Damaged damaged && damaged != was)
            events.Add(new ReplicaDamaged(origin, snapshot, damaged, at));
        if (now is Verification.Sound sound && was is Verification.Damaged)
            events.Add(new ReplicaVerified(origin, snapshot, sound, at));
    }
}
