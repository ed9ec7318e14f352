using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Actors.Coordination;

/// <content>A replica that was stored in this run and found damaged when it was read again.</content>
internal sealed partial class RunActor
{
    private void ReceiveDamage() => Receive<MemberDamaged>(damaged =>
    {
        // Whoever has lost it, and is being sent it anew, has nothing that could count.
        if (damaged.IsGone && _state.Member(damaged.Name) is not { Standing: MemberStanding.Stored }) return;
        Become(_state.Damaged(damaged.Name, damaged.IsGone ? "its replica is gone from its disk" : "its replica was read again and is damaged"), replan: false);
    });

    /// <summary>Coordinator to run: a destination has the run's snapshot, and it is damaged, or gone.</summary>
    internal sealed record MemberDamaged(NodeName Name, bool IsGone = false);
}
