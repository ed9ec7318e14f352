using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Actors.Coordination;

/// <content>A replica that was stored in this run and found damaged when it was read again.</content>
internal sealed partial class RunActor
{
    private void ReceiveDamage() => Receive<MemberDamaged>(damaged => Become(_state.Damaged(damaged.Name, "its replica was read again and is damaged"), replan: false));

    /// <summary>Coordinator to run: a destination has the run's snapshot, and it is damaged.</summary>
    internal sealed record MemberDamaged(NodeName Name);
}
