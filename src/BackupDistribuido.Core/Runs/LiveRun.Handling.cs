using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Runs.Pace;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Core.Runs;

/// <content>How a run handles messages, and how it ends.</content>
public sealed partial class LiveRun
{
    private void OnJoined(DestinationRegistration registration, long? speed)
    {
        var (name, identity) = (registration.Node.Name, registration.Node.Identity);
        _late.Forget(name);
        var old = State.OtherName(name, identity)?.Name;
        // Once there are enough copies, holders bring newcomers up to date after this run: that spares the origin.
        if (State.Content.IsEnough(State) && State.Member(name) is null && old is null) return;
        if (old is { } gone) ForgetName(gone);
        _record?.Forget(name);
        _lost.Remove(name);
        _known[name] = registration;
        var next = State.Joined(name, registration.Dialled, registration.Disk, registration.Limit, speed, identity,
            Holds(registration));
        if (!_restarts.Begins(registration.Node, hasWork: !State.IsPaused))
            next = next.Failed(name, RunReason.Crashes(RestartCounter.Most));
        Become(next, replan: true);
        // No plan has to reach it any more, but it must know the run to hear its end, and which snapshots to keep.
        var hasStored = State.Member(name) is { Standing: MemberStanding.Stored };
        if (!IsOver && hasStored && _plan is { } plan) Prepare(name, plan);
    }

    /// <summary>
    /// Whether a destination that comes says that it has the very snapshot that was sealed: it looked before it came.
    /// </summary>
    private bool Holds(DestinationRegistration said) => State.Seal is { } seal && said.Newest.Any(held =>
        !held.IsDamaged && held.Origin == State.Origin && held.Snapshot == State.Snapshot && held.Digest == seal.Digest
            && (held.OriginIdentity is null || held.OriginIdentity == _registration.Node.Identity));

    /// <summary>The destination of that name goes on under another one.</summary>
    private void ForgetName(NodeName name)
    {
        Log("Destination {0} goes on under another name", name);
        _late.Forget(name);
        _record?.Forget(name);
        _lost.Remove(name);
        _known.Remove(name);
        _figures.Forget(name);
    }

    private void OnOriginBack(OriginRegistration registration)
    {
        // A new incarnation of the origin has a delivery without a plan, even if the end of the old one was not
        // noticed.
        var isNewLife = registration.Node != _registration.Node;
        (_registration, State) = (registration, State.OriginAt(registration.Data));
        // It goes on, or pauses, as its owner wants.
        Become(State with { IsPaused = registration.Pauses }, replan: true);
        if (!IsOver && registration.IsComplete && State.IsQuiet) OnQuiet();
        if (!_originIsAway && !isNewLife) return;
        if (_originIsAway) _returnUntil = null;
        _originIsAway = false;
        // The old incarnation may have ended before it reported the seal: then no plan is needed any more in which the
        // new one would report it.
        if (registration.InProgress?.Seal is { } seal) Become(State.Sealed(seal), replan: false);
        if (IsOver) Report();
        else if (State.IsQuiet) OnQuiet();
        else ScheduleReplan();
    }

    /// <summary>
    /// True if a report has to wait: it comes back when the record has the replica. Its destination repeats it
    /// meanwhile.
    /// </summary>
    private bool IsRecordedFirst(ReplicaReport report)
    {
        if (_record?.Holds(report) != true) return false;
        if (State.Member(report.Destination) is null or { Standing: MemberStanding.Stored }) return false;
        if (!_known.TryGetValue(report.Destination, out var registration)) return false;
        if (_record.Wait(report, _now)) Do(new RunEffect.PutDown(report, registration.Node));
        return true;
    }

    private void OnRecorded(ReplicaReport report, Reason? problem)
    {
        if (_record?.Release(report) != true) return;
        if (problem is not null)
        {
            var name = report.Destination;
            Warn("The record does not have the replica at {0}, which counts all the same: {1}", name, problem);
            var (origin, snapshot, why) = (State.Origin, State.Snapshot, Shown(problem));
            Say(new Warned(RecordReason.ReplicaMissing(origin, snapshot, name, why)));
        }
        OnReplica(report);
    }

    private void GoOnWithoutRecord()
    {
        var reason = RecordReason.NoAnswer(RecordGate.Patience);
        foreach (var report in _record?.Unanswered(_now) ?? []) OnRecorded(report, reason);
    }

    private void OnReplica(ReplicaReport report)
    {
        var name = report.Destination;
        HandleFlows(name, report.Epoch, report.Flows);
        if (report.Phase == ReplicaPhase.Resuming)
        {
            OnResuming(report);
            return;
        }
        _late.EndsReading(name);
        if (report.Phase == ReplicaPhase.Receiving && _late.Remove(name)
            && State.Member(name) is { Standing: not MemberStanding.Stored } back)
        {
            Become(State.Joined(name, back.Data, back.Disk, back.Limit, back.Speed, back.Identity), replan: true);
        }
        // In any epoch: what is stored is stored, and counts if the digest is right.
        var heard = report.Phase switch
        {
            ReplicaPhase.Stored when report.Digest is { } digest =>
                State.TookIn(name, report.Intake).Stored(name, digest, report.Lacking()),
            ReplicaPhase.Failed => State.Failed(name, Shown(report.Reason)),
            ReplicaPhase.Publishing => State.Publishing(name),
            _ => State.Prepared(name, report.Epoch),
        };
        _lostLinks.Handle(name, report.Epoch, report.LostLink is { } why ? Shown(why) : null, _now);
        var next = Failed(heard, name, report.Epoch, report.FailedLinks);
        var forwards = _plan?.Receiver(name) is { Children.Count: > 0 };
        Become(next, replan: next != heard || (report.Phase == ReplicaPhase.Failed && forwards));
        var isFinal = State.Member(name) is { Standing: MemberStanding.Stored or MemberStanding.Failed };
        if (report.Phase == ReplicaPhase.Receiving || !isFinal) return;
        Do(new RunEffect.Answer(name, new ReplicaHeard(State.Run)));
    }

    private void HandleFlows(NodeName parent, Epoch epoch, IReadOnlyList<LinkFlow>? flows)
    {
        if (flows is not null && epoch == State.Epoch && _plan is { } plan)
            _pace.HandleFlows(plan, parent, flows, _now);
    }

    /// <summary>The others go on without it. It is asked on, and taken in when it says that it is ready.</summary>
    private void OnResuming(ReplicaReport report)
    {
        if (!_late.HasAdvanced(report.Destination, report.Verified, _now)) return;
        var next = State.Resuming(report.Destination);
        if (_late.Add(report.Destination) | next != State) Become(next, replan: true);
    }

    private void OnDelivery(DeliveryReport report)
    {
        if (report.Problem is { } problem && report.Epoch == State.Epoch && State.Content.Holder is { } holder)
        {
            GiveUpRoot(holder, Shown(problem), report.IsDamaged);
            return;
        }
        HandleFlows(State.Root, report.Epoch, report.Flows);
        _pace.HandleRoot(report.Sent, report.Flows?.FirstOrDefault(flow => flow.To == State.Root), _now);
        var next = report.Seal is { } seal ? State.Sealed(seal) : State;
        if (report.Epoch == State.Epoch) _delivering = report.Epoch;
        next = Failed(next, State.Root, report.Epoch, report.FailedLinks);
        Become(next, replan: (!next.IsPrepared && State.IsPrepared) || next.Relay != State.Relay);
        Publish();
    }

    /// <summary>The holder can't read its snapshot: no receiver is to blame, and it is no longer used as a source of
    /// this snapshot.</summary>
    private void GiveUpRoot(NodeName holder, Reason problem, bool isDamaged)
    {
        Warn("Destination {0} can't deliver snapshot {1} of {2}: {3}", holder, State.Snapshot, State.Origin, problem);
        Say(new Warned(RunReason.HolderFailed(holder, State.Snapshot, State.Origin, problem)));
        Inform(new RunNews.Failed(holder, State.Snapshot));
        _lost.Add(holder);
        // Before its own next word of it: this run's end must not count it.
        if (isDamaged) Become(State.Damaged(holder, problem), replan: false);
        if (!IsOver) TakeAnotherRoot();
    }

    private void TakeAnotherRoot()
    {
        // One that can be dialled rather than another: it reaches everyone.
        var holder = State.Members.Values
            .Where(member => member.Standing == MemberStanding.Stored && !_lost.Contains(member.Name))
            .MinBy(member => member.Data is null);
        if (holder is null)
        {
            EndUnheard(RunReason.NoHolder);
            return;
        }
        (State, _delivering) = (State.RootedAt(holder.Name, holder.Data), Epoch.None);
        Do(new RunEffect.MoveRoot(holder.Name));
        ScheduleReplan();
    }

    private void OnQuiet()
    {
        if (IsEmptyYet && !_originIsAway) return;
        if (State.IsProtected || !State.Content.WaitsForReturns) End(Reason.None);
        else if (_registration.IsComplete) End(RunReason.NobodyToCome);
        else if (State.IsPaused && !_originIsAway) _returnUntil = null;
        else if (_returnUntil is null) WaitForReturn();
    }

    private void WaitForReturn() => _returnUntil = _now + _waits.Return;

    private void OnRejoinTimeout()
    {
        _returnUntil = null;
        End(_originIsAway ? RunReason.OriginAway : RunReason.NobodyReturned);
    }

    /// <summary>Its current wait; null: none.</summary>
    private RunWait? Wait()
    {
        if (IsOver || _returnUntil is not { } until) return null;
        var away = State.Members.Values.Where(member => member.Standing == MemberStanding.Away).Take(MostNamed);
        IReadOnlyList<NodeName> whom = _originIsAway ? [State.Origin] : [.. away.Select(member => member.Name)];
        return new RunWait(whom, Math.Max(0, (until - _now).TotalSeconds));
    }

    private void End(Reason reason)
    {
        if (IsOver) return;
        EndPlan();
        var end = State.Summarize(_now.TotalSeconds, reason, _registration.Disk);
        var results = end.Destinations.Select(one => one with { Sent = _figures.SentTo(one.Name) });
        _end = end with { Destinations = [.. results] };
        Log("Run {0} ends {1} with {2} of {3} copies", State.Run, _end.Outcome, _end.Copies, _end.Required);
        Say(new RunFinished(State.Origin, _end, State.Content.Holder));
        foreach (var name in _known.Keys)
        {
            var keep = State.KeepAt(name, _registration.Keep);
            Tell(name, new RunOver(State.Run, keep, _registration.MaxShrinkPercent is null));
        }
        (_returnUntil, _forgottenAt) = (null, _now + EndKept);
        Report();
        Publish();
        if (_originIsAway) Do(new RunEffect.Stop());
    }

    /// <summary>It ends, and no one is left to hear of it.</summary>
    private void EndUnheard(Reason reason)
    {
        End(reason);
        Do(new RunEffect.Stop());
    }

    // A destination may have the name of the origin that is at the plan's root.
    private LinkProfile RootSpeaks =>
        (State.Content.Holder is { } holder ? _known.GetValueOrDefault(holder)?.Links : _registration.Links)
            ?? LinkProfile.First;

    // The relay is this program's.
    private LinkProfile Speaks(PlanNode node) =>
        (node.Stores ? _known.GetValueOrDefault(node.Name)?.Links : LinkProfile.Newest) ?? LinkProfile.First;
}
