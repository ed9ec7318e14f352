using Akka.Actor;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Actors.Coordination;

/// <content>Hears what destinations found when they read replicas again. A damaged one counts nowhere: not in the status, not as a source, not in a run that is under way.</content>
public sealed partial class CoordinatorActor
{
    /// <summary>A destination spoke; <paramref name="before"/> is what it said last, in this life or the one before; null where it was not there.</summary>
    private void HearVerifications(DestinationRegistration said, DestinationRegistration? before)
    {
        var known = before?.Newest ?? _remembered.Find(said.Node)?.Newest ?? [];
        if (said.Newest.SequenceEqual(known)) return;
        foreach (var held in said.Newest)
        {
            var was = known.FirstOrDefault(one => one.Origin == held.Origin && one.Snapshot == held.Snapshot)?.Verified;
            if (held.Verified is Verification.Damaged damaged && damaged != was) _report(new ReplicaDamaged(held.Origin, held.Snapshot, damaged, said.Node.Name));
            if (held.Verified is Verification.Sound sound && was is Verification.Damaged) _report(new ReplicaVerified(held.Origin, held.Snapshot, sound, said.Node.Name));
        }
        foreach (var run in _runs.Values) TellDamage(run.Ref, run.Status, said);
    }

    /// <summary>Told before the destination's own word of that run: nothing that it stored there counts.</summary>
    private static void TellDamage(IActorRef run, RunStatus status, DestinationRegistration said)
    {
        if (said.Newest.Any(held => held.IsDamaged && held.Origin == status.Origin && held.Snapshot == status.Snapshot)) run.Tell(new RunActor.MemberDamaged(said.Node.Name));
    }
}
