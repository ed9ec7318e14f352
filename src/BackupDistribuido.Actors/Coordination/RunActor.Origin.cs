using Akka.Actor;
using BackupDistribuido.Core.Delivery;

namespace BackupDistribuido.Actors.Coordination;

/// <content>The run's origin comes and goes. Only a run whose content it has hears of that: who brings others to a
/// snapshot that it holds does so without the origin.</content>
internal sealed partial class RunActor
{
    private void ReceiveOfOrigin()
    {
        Receive<OriginBack>(OnOriginBack, _ => !IsCatchUp);
        Receive<OriginAway>(_ => OnOriginAway(), _ => !IsCatchUp);
        Receive<OriginGone>(gone => OnOriginGone(gone.Reason), _ => !IsCatchUp);
        Receive<Preempted>(_ => OnPreempted(), _ => IsCatchUp);
    }

    private void OnOriginBack(OriginBack back)
    {
        // A new life of the origin has a delivery that knows of no plan, though nobody saw the old one go.
        var isNewLife = back.Registration.Node != _registration.Node;
        (_registration, _origin, _state) = (back.Registration, back.Ref, _state.OriginAt(back.Registration.Data));
        Pause();
        if (_end is null && _registration.IsComplete && _state.IsQuiet) OnQuiet();
        if (!_originIsAway && !isNewLife) return;
        if (_originIsAway) Timers.Cancel(nameof(RejoinWaitOver));
        _originIsAway = false;
        // Its old life may have ended before it told the seal: no plan is needed any more then, by which the new one
        // would.
        if (back.Registration.InProgress?.Seal is { } seal) Become(_state.Sealed(seal), replan: false);
        if (_end is not null) SendReport();
        else if (_state.IsQuiet) OnQuiet();
        else ScheduleReplan();
    }

    /// <summary>It goes on, or stands still, as its origin's owner wants.</summary>
    private void Pause() => Become(_state with { IsPaused = _registration.Pauses }, replan: true);

    private void OnOriginAway()
    {
        _originIsAway = true;
        if (_end is not null) Context.Stop(Self);
        else WaitForReturn();
    }

    private void OnOriginGone(string reason)
    {
        _originIsAway = true;
        if (_end is not null) Context.Stop(Self);
        else End(reason);
    }

    private void OnPreempted()
    {
        End("the origin began a run of its own");
        // That run waits for this one's end, and nobody has to hear of it.
        Context.Stop(Self);
    }
}
