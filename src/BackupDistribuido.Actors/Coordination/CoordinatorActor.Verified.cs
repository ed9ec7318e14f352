using Akka.Actor;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Coordination;

/// <content>Hears what destinations found when they read replicas again. A damaged one counts nowhere: not in the
/// status, not as a source, not in a run that is under way.</content>
public sealed partial class CoordinatorActor
{
    /// <summary>A destination spoke; <paramref name="before"/> is what it said last, in this life or the one before;
    /// null where it was not there.</summary>
    private void HearVerifications(DestinationRegistration said, DestinationRegistration? before)
    {
        var known = before?.Newest ?? _remembered.Find(said.Node)?.Newest ?? [];
        HearOlder(said, before);
        if (said.Newest.SequenceEqual(known)) return;
        foreach (var held in said.Newest)
        {
            var was = known.FirstOrDefault(one => one.Origin == held.Origin && one.Snapshot == held.Snapshot)?.Verified;
            if (held.Verified is Verification.Damaged damaged && damaged != was)
                _report(new ReplicaDamaged(held.Origin, held.Snapshot, damaged, said.Node.Name));
            if (held.Verified is Verification.Sound sound && was is Verification.Damaged)
                _report(new ReplicaVerified(held.Origin, held.Snapshot, sound, said.Node.Name));
        }
        foreach (var run in _runs.Values) TellDamage(run.Ref, run.Status, said);
    }

    /// <summary>Of snapshots that are not the newest, what has changed since it spoke last: what it says in its first
    /// words is in the record, or is old.</summary>
    private void HearOlder(DestinationRegistration said, DestinationRegistration? before)
    {
        if (before is null || said.Older is not { Count: > 0 } older || older.SequenceEqual(before.Older ?? [])) return;
        var known = new Dictionary<(NodeName, SnapshotId), Verification>();
        // One that was the newest until now was heard of as that.
        foreach (var was in before.Newest.Where(one => one.Verified is not null))
            known[(was.Origin, was.Snapshot)] = was.Verified!;
        foreach (var was in before.Older ?? []) known[(was.Origin, was.Snapshot)] = was.Verified;
        foreach (var one in older)
        {
            var was = known.GetValueOrDefault((one.Origin, one.Snapshot));
            if (one.Verified is Verification.Damaged damaged && damaged != was)
                _report(new ReplicaDamaged(one.Origin, one.Snapshot, damaged, said.Node.Name));
            if (one.Verified is Verification.Sound sound && was is Verification.Damaged)
                _report(new ReplicaVerified(one.Origin, one.Snapshot, sound, said.Node.Name));
        }
        foreach (var run in _runs.Values) TellDamage(run.Ref, run.Status, said);
    }

    /// <summary>Told before the destination's own word of that run: nothing that it stored there counts.</summary>
    private static void TellDamage(IActorRef run, RunStatus status, DestinationRegistration said)
    {
        if (said.Newest.FirstOrDefault(held => held.IsDamaged && held.Origin == status.Origin
            && held.Snapshot == status.Snapshot) is { } newest)
            run.Tell(new RunActor.MemberDamaged(said.Node.Name, newest.IsGone));
        else if (said.Older?.Any(one => one.Verified is Verification.Damaged && one.Origin == status.Origin
            && one.Snapshot == status.Snapshot) == true)
            run.Tell(new RunActor.MemberDamaged(said.Node.Name));
    }
}
