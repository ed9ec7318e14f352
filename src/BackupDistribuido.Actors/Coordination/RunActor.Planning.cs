using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Runs;

namespace BackupDistribuido.Actors.Coordination;

/// <content>Opens epochs: makes a plan, has those in it prepared, and gives it out.</content>
internal sealed partial class RunActor
{
    private readonly HashSet<NodeName> _heedful = [];
    private bool _isGathering;

    private void BeginPlanning()
    {
        // Those who are there at the beginning are told at once. After a coordinator's new start they come one by one,
        // with their links open: one plan for all of them can leave those as they are.
        _isGathering = _registration.InProgress is null;
        Timers.StartSingleTimer(nameof(Replan), new Replan(),
            _isGathering ? TimeSpan.FromMilliseconds(10) : ReturnWait);
    }

    private void ScheduleReplan()
    {
        if (!Timers.IsTimerActive(nameof(Replan))) Timers.StartSingleTimer(nameof(Replan), new Replan(), ReplanDelay);
    }

    private void OpenEpoch()
    {
        _isGathering = false;
        if (_end is not null || _originIsAway || !_state.Unfinished.Any())
        {
            // A run that was taken up again and that nobody comes to is quiet from the beginning.
            if (_end is null && _state.IsQuiet) OnQuiet();
            PublishStatus();
            return;
        }
        ForgetFlows();
        _state = _state.NextEpoch();
        _preparingSince = System.Diagnostics.Stopwatch.GetTimestamp();
        _log = Logger(_state.Epoch);
        var wasPaused = _plan is { IsForNobody: true };
        var (root, why) = Planning.Plan(_state, _registration.Topology);
        _plan = new DeliveryPlan(_state.Run, _state.Origin, _state.Snapshot, _state.Epoch, LinkSecret.New(), root, why);
        PrepareRelay(_plan);
        _log.Info("Epoch {0} of run {1}: {2}, {3} ({4})", _state.Epoch, _state.Run, _plan.Shape, _plan.Drawn, why);
        if (!_plan.IsForNobody)
            _report(new RunStarted(_state.Origin, _state.Run, _state.Snapshot, _state.Epoch, _plan.Shape,
                [.. _plan.Destinations().Select(node => node.Name)]));
        else if (!wasPaused) _report(new RunPaused(_state.Origin, _state.Run, _state.Snapshot));
        PublishStatus();
        OnBeat();
    }

    private void GiveOutPlan()
    {
        if (_plan?.Epoch == _state.Epoch && _state.Unfinished.Any()) _origin.Tell(new Deliver(_plan));
    }

    /// <summary>
    /// Whether somebody who was to forward by this plan turns out to have all of it already, as after a coordinator's
    /// new start: he takes no link of it, and those behind him would wait for ever.
    /// </summary>
    private bool IsPastPlan(RunState before) =>
        _plan is { } plan && plan.Epoch == _state.Epoch && _state.Members.Values.Any(member =>
        member.Standing is MemberStanding.Publishing or MemberStanding.Stored
            && before.Member(member.Name)?.Standing == MemberStanding.Preparing
        && plan.Receiver(member.Name) is { Children.Count: > 0 });

    private PrepareReplica Prepare(DeliveryPlan plan) =>
        new(plan, _registration.Node.Identity, _registration.Checksum, Required, Tree, _state.Seal?.Digest);

    /// <summary>Who has it all publishes what the origin sealed and nothing else, and learns that from here. One that
    /// knows no such word publishes what its link says, and is judged when it says that it has stored it.</summary>
    private void TellSeal()
    {
        if (_end is not null || _state.Seal is not { } seal) return;
        foreach (var member in _state.Members.Values.Where(member =>
            member.Standing is not (MemberStanding.Stored or MemberStanding.Failed or MemberStanding.Away)
                && _heedful.Contains(member.Name)))
        {
            _destinations[member.Name].Tell(new TreeSealed(_state.Run, seal.Digest));
        }
    }

    /// <summary>Whoever does not get ready must not keep the others waiting. It is asked on, and taken in when it
    /// answers.</summary>
    private void LeaveOutTheLate()
    {
        foreach (var name in _resuming.Stalled(_prepareWait))
        {
            SayLate(name);
            Become(_state.Lost(name, $"it read nothing more of what it had staged for {_prepareWait.TotalSeconds:0.#} s"), replan: false);
        }
        if (_end is not null || _originIsAway || _state.IsPrepared || Timers.IsTimerActive(nameof(Replan))) return;
        if (System.Diagnostics.Stopwatch.GetElapsedTime(_preparingSince) < _prepareWait) return;
        var late = _state.Members.Values.Where(member => member.Standing == MemberStanding.Preparing)
            .Select(member => member.Name).ToList();
        _late.UnionWith(late);
        late.ForEach(SayLate);
        Become(late.Aggregate(_state, (state, name) => state.Lost(name, $"it did not get ready within {_prepareWait.TotalSeconds:0.#} s")), replan: true);
    }

    /// <summary>A catch-up ends without it, and another one would begin at once.</summary>
    private void SayLate(NodeName name)
    {
        if (IsCatchUp) Context.Parent.Tell(new MemberLate(name));
    }
}
