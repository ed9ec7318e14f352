using BackupDistribuido.Core.Delivery;

namespace BackupDistribuido.Actors.Coordination;

/// <content>A run whose content comes from a destination that holds the snapshot. It waits for nobody: what is left, the coordinator begins anew.</content>
internal sealed partial class RunActor
{
    private bool IsCatchUp => _state.Root != _state.Origin;

    private void TakeAnotherRoot()
    {
        // One that can be dialled rather than another: it reaches everyone.
        if (_state.Members.Values.Where(member => member.Standing == MemberStanding.Stored && !_lost.Contains(member.Name)).MinBy(member => member.Data is null) is not { } holder)
        {
            End("nobody who has the snapshot is there any more");
            return;
        }
        (_state, _origin, _delivering) = (_state.RootedAt(holder.Name, holder.Data), _destinations[holder.Name], Epoch.None);
        ScheduleReplan();
    }
}
