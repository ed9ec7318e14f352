using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Actors.Coordination;

/// <content>How a run ends.</content>
internal sealed partial class RunActor
{
    private void OnQuiet()
    {
        if (_state.IsProtected || IsCatchUp) End("");
        else if (_state.IsPaused && !_originIsAway) Timers.Cancel(nameof(RejoinWaitOver));
        else if (!Timers.IsTimerActive(nameof(RejoinWaitOver))) Timers.StartSingleTimer(nameof(RejoinWaitOver), new RejoinWaitOver(), _rejoinWait);
    }

    private void End(string reason)
    {
        if (_end is not null) return;
        ForgetFlows();
        _end = _state.Summarize(System.Diagnostics.Stopwatch.GetElapsedTime(_begun).TotalSeconds, reason, _registration.Disk);
        _log.Info("Run {0} ends {1} with {2} of {3} copies", _state.Run, _end.Outcome, _end.Copies, _end.Required);
        _report(new RunFinished(_state.Origin, _end));
        foreach (var destination in _destinations.Values) destination.Tell(new RunOver(_state.Run, _state.IsProtected ? _registration.Keep : null));
        Timers.StartSingleTimer(nameof(EndForgotten), new EndForgotten(), EndKept);
        SendReport();
        PublishStatus();
        if (_originIsAway) Context.Stop(Self);
    }
}
