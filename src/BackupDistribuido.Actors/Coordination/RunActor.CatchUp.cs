using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Actors.Coordination;

/// <content>A run whose content comes from a destination that holds the snapshot. It waits for nobody: what is left,
/// the coordinator begins anew.</content>
internal sealed partial class RunActor
{
    // Where the origin itself takes no part nobody has said what it wants.
    private int? Required => IsCatchUp ? null : _registration.Required;

    private bool IsCatchUp => _state.IsCatchUp;

    /// <summary>Who should deliver can't read what it has: no receiver is to blame, and nobody is sent to it for this
    /// snapshot again.</summary>
    private void GiveRootUp(string problem, bool isDamaged)
    {
        _log.Warning("Destination {0} can't deliver snapshot {1} of {2}: {3}", _state.Root, _state.Snapshot,
            _state.Origin, problem);
        _report(new Warned($"{_state.Root} can't give its snapshot {_state.Snapshot} of {_state.Origin} to others: {problem}"));
        Context.Parent.Tell(new MemberFailed(_state.Root, _state.Snapshot));
        _lost.Add(_state.Root);
        // Before its own next word of it: this run's end must not count it.
        if (isDamaged) Become(_state.Damaged(_state.Root, problem), replan: false);
        if (_end is null) TakeAnotherRoot();
    }

    private void TakeAnotherRoot()
    {
        // One that can be dialled rather than another: it reaches everyone.
        if (_state.Members.Values.Where(member => member.Standing == MemberStanding.Stored
            && !_lost.Contains(member.Name)).MinBy(member => member.Data is null) is not { } holder)
        {
            End("nobody who has the snapshot is there any more");
            // Nobody is left to hear of it.
            Context.Stop(Self);
            return;
        }
        (_state, _origin, _delivering) =
            (_state.RootedAt(holder.Name, holder.Data), _destinations[holder.Name], Epoch.None);
        ScheduleReplan();
    }
}
