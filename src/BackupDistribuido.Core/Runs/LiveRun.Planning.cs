using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Runs;

/// <content>Opens epochs: makes a plan, has its members prepared, gives it out, and reports its state.</content>
public sealed partial class LiveRun
{
    /// <summary>Changes within this time share one new epoch, if several destinations come or go at once.</summary>
    private static readonly TimeSpan ReplanDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan ReturnWait = TimeSpan.FromSeconds(2);

    private DeliveryPlan? _plan;
    private Epoch _delivering;
    private TimeSpan _preparingSince;
    private bool _isGathering;

    /// <summary>The plan that the root of the content has; null: it has not got this epoch's yet.</summary>
    private DeliveryPlan? GivenPlan => _delivering == State.Epoch ? _plan : null;

    private TreeTotals Tree => State.Content.Tree(_registration.Totals, State.Seal);

    private void BeginPlanning()
    {
        // Destinations that are connected at the beginning are told at once. After a coordinator's restart they come
        // one by one, with their links open: one plan for all of them can keep the links.
        _isGathering = _registration.InProgress is null;
        _replanAt = _now + (_isGathering ? FirstWait : ReturnWait);
    }

    private void ScheduleReplan() => _replanAt ??= _now + ReplanDelay;

    /// <summary>Whether destinations of the beginning are still on their way: no run begins without any.</summary>
    private bool IsEmptyYet => _isGathering && State.Members.IsEmpty;

    private void OpenEpoch()
    {
        // On a busy machine that may take longer than is waited for them.
        if (IsEmptyYet && !IsOver && !_originIsAway)
        {
            _replanAt = _now + FirstWait;
            return;
        }
        (_isGathering, _replanAt) = (false, null);
        if (IsOver || _originIsAway || !State.Unfinished.Any())
        {
            // A resumed run without destinations is quiet from the beginning.
            if (!IsOver && State.IsQuiet) OnQuiet();
            Publish();
            return;
        }
        EndPlan();
        (State, _preparingSince) = (State.NextEpoch(), _now);
        var wasPaused = _plan is { IsForNobody: true };
        var (root, why) = Planning.Plan(State, _registration.Topology);
        var plan = new DeliveryPlan(State.Run, State.Origin, State.Snapshot, State.Epoch, LinkSecret.New(),
            root.Speaking(RootSpeaks, Speaks), why);
        _plan = plan;
        // Before anybody else has the plan: its links are expected there.
        if (plan.Receivers().Any(node => !node.Stores)) Do(new RunEffect.TellRelay(plan));
        Log("Epoch {0} of run {1}: {2}, {3} ({4})", State.Epoch, State.Run, plan.Shape, plan.Drawn, why);
        if (!plan.IsForNobody) Say(Started(plan));
        else if (!wasPaused) Say(new RunPaused(State.Origin, State.Run, State.Snapshot));
        Publish();
        OnBeat();
    }

    private static RunStarted Started(DeliveryPlan plan) => new(
        plan.Origin, plan.Run, plan.Snapshot, plan.Epoch, plan.Shape,
        [.. plan.Destinations().Select(node => node.Name)]);

    private void EndPlan()
    {
        if (_pace.EndPlan(_plan) is { Count: > 0 } speeds) Inform(new RunNews.Speeds(speeds));
    }

    private void SendPlan()
    {
        if (_plan?.Epoch == State.Epoch && State.Unfinished.Any()) Do(new RunEffect.TellRoot(new Deliver(_plan)));
    }

    /// <summary>
    /// Whether a node that should forward in this plan turns out to have everything already, as after a coordinator's
    /// restart: it takes no link of the plan, and the nodes behind it would wait for ever.
    /// </summary>
    private bool IsPastPlan(RunState before) => _plan is { } plan && plan.Epoch == State.Epoch
        && State.Members.Values.Any(member => member.Standing is MemberStanding.Publishing or MemberStanding.Stored
            && before.Member(member.Name)?.Standing == MemberStanding.Preparing
            && plan.Receiver(member.Name) is { Children.Count: > 0 });

    private void Prepare(NodeName name, DeliveryPlan plan) => Tell(name, new PrepareReplica(
        plan, _registration.Node.Identity, _registration.Checksum, State.Content.RequiredFor(_registration.Required),
            Tree,
        State.Seal?.Digest));

    /// <summary>
    /// A destination that has everything publishes only what the origin sealed, and learns the seal from here. An older
    /// one without this rule publishes what its link says, and is judged when it reports that it has stored it.
    /// </summary>
    private void TellSeal()
    {
        if (IsOver || State.Seal is not { } seal) return;
        var done = new[] { MemberStanding.Stored, MemberStanding.Failed, MemberStanding.Away };
        foreach (var member in State.Members.Values.Where(member => !done.Contains(member.Standing)))
        {
            if (!_known.TryGetValue(member.Name, out var one) || one.Edition < Editions.Seals) continue;
            Tell(member.Name, new TreeSealed(State.Run, seal.Digest));
        }
    }

    /// <summary>A destination that does not get ready must not keep the others waiting. It is asked again, and taken in
    /// when it answers.</summary>
    private void LeaveOutLate()
    {
        var seconds = _waits.Prepare.TotalSeconds;
        foreach (var name in _late.Stalled(_waits.Prepare, _now))
        {
            ReportLate(name);
            Become(State.Lost(name, MemberReason.NotResuming(TimeSpan.FromSeconds(seconds))), replan: false);
        }
        if (IsOver || _originIsAway || State.IsPrepared || _replanAt is not null) return;
        if (_now - _preparingSince < _waits.Prepare) return;
        var next = State;
        foreach (var member in State.Members.Values.Where(member => member.Standing == MemberStanding.Preparing))
        {
            _late.Add(member.Name);
            ReportLate(member.Name);
            next = next.Lost(member.Name, MemberReason.NotReady(TimeSpan.FromSeconds(seconds)));
        }
        Become(next, replan: true);
    }

    private void ReportLate(NodeName name)
    {
        if (State.Content.TellsLate) Inform(new RunNews.Late(name));
    }

    private void JudgePace()
    {
        if (IsOver || State.IsPaused)
        {
            _pace.Rest();
            return;
        }
        _pace.Note(State, _figures, _now);
        Take(_pace.FailUnpublished(State, _now));
        if (State.Content.IsEnough(State))
        {
            Take(_pace.LeaveOutStalled(State, _now));
            return;
        }
        if (GivenPlan is { } given) Take(_pace.DropSilent(State, given, _now));
        Take(_pace.FailStalled(State, _figures, _now));
    }

    private void SetApartSlow()
    {
        if (!IsOver && GivenPlan is { } given) Take(_pace.SetApartSlow(State, given));
    }

    private void Take(RunStep? step)
    {
        if (step is null) return;
        if (step.Warning is { } warning) Warn("{0}", warning);
        Become(step.Next, step.Replan);
    }

    /// <summary>Says again whatever has not been answered.</summary>
    private void OnBeat()
    {
        if (_beatAt <= _now) _beatAt = _now + Beat;
        GoOnWithoutRecord();
        LeaveOutLate();
        JudgePace();
        SetApartSlow();
        // Before the plan is given out no node can have a link of it.
        if (GivenPlan is { } given) Become(_lostLinks.Judge(State, given, _now), replan: true);
        else _lostLinks.Clear();
        if (!IsOver && _plan is { } plan && plan.Epoch == State.Epoch)
        {
            foreach (var member in State.Members.Values.Where(member => member.Standing == MemberStanding.Preparing))
            {
                Prepare(member.Name, plan);
            }
            foreach (var name in _late.Names) Prepare(name, plan);
            if (State.IsPrepared && _delivering != State.Epoch && _replanAt is null) SendPlan();
            ReportProgress();
        }
        TellSeal();
        Report();
    }

    private void Become(RunState next, bool replan)
    {
        var before = State;
        if (IsOver || next == before) return;
        State = next;
        foreach (var member in next.Members.Values)
        {
            ReportChange(before.Member(member.Name) ?? before.OtherName(member.Name, member.Identity), member);
        }
        if (next.IsProtected && !before.IsProtected)
        {
            Log("Snapshot {0} of {1} is protected: {2} of {3} copies are stored",
                next.Snapshot, next.Origin, next.Copies, next.Required);
            Say(new SnapshotProtected(next.Origin, next.Snapshot, next.Copies, next.Required));
        }
        if (next.Seal != before.Seal) TellSeal();
        if (next.IsQuiet) OnQuiet();
        else
        {
            if (!_originIsAway) _returnUntil = null;
            if (replan || IsPastPlan(before)) ScheduleReplan();
            else if (next.IsPrepared && !before.IsPrepared) SendPlan();
        }
        Report();
        Publish();
    }

    private void ReportChange(RunMember? before, RunMember now)
    {
        if (before?.Standing == now.Standing) return;
        switch (now.Standing)
        {
            case MemberStanding.Stored:
                Log("Destination {0} has stored snapshot {1} of {2}", now.Name, State.Snapshot, State.Origin);
                Inform(new RunNews.Stored(now.Name, Held(now)));
                Say(new ReplicaCounted(now.Name, State.Snapshot, State.Copies, State.Required));
                break;
            case MemberStanding.Away or MemberStanding.Failed:
                Warn("Destination {0} is lost to the run: {1}", now.Name, now.Reason);
                // Whose replica was found damaged did not fail at it: it may be sent another one.
                if (now is { Standing: MemberStanding.Failed, IsDamaged: false })
                    Inform(new RunNews.Failed(now.Name, State.Snapshot));
                Say(new DestinationLost(now.Name, now.Reason));
                break;
        }
    }

    private HeldSnapshot Held(RunMember member) => new(
        State.Origin, State.Snapshot, State.Seal?.Totals.Entries, State.Seal?.Totals.Bytes, State.Seal?.Digest,
        _registration.Node.Identity, Required: State.Content.RequiredFor(_registration.Required))
    { Missing = member.Shortfall.Missing };

    private RunMeasure Measure() => _figures.Measure(State, Tree, Wait(), _now);

    private void Report()
    {
        var measure = Measure();
        var members = State.Members.Values.Select(member => Reported(member, measure.Copies[member.Name]));
        Do(new RunEffect.TellRoot(new RunReport(State.Run, State.Epoch, [.. members], _end, measure.Run)));
    }

    private static MemberReport Reported(RunMember member, CopyProgress copy) =>
        new(member.Name, member.Standing, member.Reason, member.Disk, copy.Done, copy, member.Identity,
            member.Shortfall.Limits.HasFlag(ReplicaLimits.Names));

    private void ReportProgress()
    {
        var measure = Measure();
        Say(new DeliveryProgress(State.Origin, State.Run, measure.Run, Tree, measure.Taking()));
    }

    private void Publish()
    {
        // The first plan is a moment away, and an observer sees both at once.
        if (!_isGathering || IsOver) Inform(new RunNews.Standing(Status(), _end));
    }

    private RunStatus Status()
    {
        var measure = Measure();
        var members = State.Members.Values.Take(RunStatus.MostMembers);
        return new RunStatus(State.Run, State.Origin, State.Snapshot, Phase, State.Copies, State.Required,
            measure.Run.Of(Tree.Bytes), Tree.Bytes)
        {
            Members = [.. members.Select(member => _figures.Status(member, measure.Copies[member.Name], _plan))],
            Root = State.Content.Holder,
            FilesTotal = Tree.Files,
            Progress = measure.Run,
            Plan = _plan is null ? Reason.None : PlanReason.Shape(_plan.Drawn, _plan.Why ?? Reason.None),
        };
    }

    private RunPhase Phase => State.IsProtected ? RunPhase.Protected : State.IsPaused ? RunPhase.Paused
        : State.IsQuiet ? RunPhase.Waiting : RunPhase.Copying;
}
