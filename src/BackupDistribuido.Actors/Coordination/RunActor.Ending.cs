using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Runs;

namespace BackupDistribuido.Actors.Coordination;

/// <content>How a run ends.</content>
internal sealed partial class RunActor
{
    /// <summary>Most of those who are waited for that are named.</summary>
    private const int MostNamed = 20;

    private long _waitBegan;

    private void OnQuiet()
    {
        if (_state.IsProtected || IsCatchUp) End("");
        else if (_registration.IsComplete) End("fewer replicas than required, and nobody else can come");
        else if (_state.IsPaused && !_originIsAway) Timers.Cancel(nameof(RejoinWaitOver));
        else if (!Timers.IsTimerActive(nameof(RejoinWaitOver))) WaitForReturn();
    }

    private void WaitForReturn()
    {
        _waitBegan = System.Diagnostics.Stopwatch.GetTimestamp();
        Timers.StartSingleTimer(nameof(RejoinWaitOver), new RejoinWaitOver(), _rejoinWait);
    }

    /// <summary>What it waits for at this moment; null: for nobody.</summary>
    private RunWait? Wait()
    {
        if (_end is not null || !Timers.IsTimerActive(nameof(RejoinWaitOver))) return null;
        var left = Math.Max(0, (_rejoinWait - System.Diagnostics.Stopwatch.GetElapsedTime(_waitBegan)).TotalSeconds);
        return new RunWait(_originIsAway
            ? [_state.Origin]
            : [.. _state.Members.Values.Where(member => member.Standing == MemberStanding.Away)
                .Select(member => member.Name).Take(MostNamed)], left);
    }

    private void End(string reason)
    {
        if (_end is not null) return;
        ForgetFlows();
        var end = _state.Summarize(System.Diagnostics.Stopwatch.GetElapsedTime(_begun).TotalSeconds, reason,
            _registration.Disk);
        _end = end with
        {
            Destinations = [.. end.Destinations.Select(one =>
            one with { Sent = _sent.GetValueOrDefault(one.Name) + _received.GetValueOrDefault(one.Name) })]
        };
        _log.Info("Run {0} ends {1} with {2} of {3} copies", _state.Run, _end.Outcome, _end.Copies, _end.Required);
        _report(new RunFinished(_state.Origin, _end, IsCatchUp));
        foreach (var (name, destination) in _destinations)
            destination.Tell(new RunOver(_state.Run, _state.KeepAt(name, _registration.Keep),
                _registration.MaxShrinkPercent is null));
        Timers.StartSingleTimer(nameof(EndForgotten), new EndForgotten(), EndKept);
        SendReport();
        PublishStatus();
        if (_originIsAway) Context.Stop(Self);
    }
}
