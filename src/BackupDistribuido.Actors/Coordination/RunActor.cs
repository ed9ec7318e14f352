using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Actors.Relay;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Record;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>
/// One run: brings one snapshot of one origin to its required copies. It makes the plan, has every receiver prepared
/// for it, gives it to the origin, hears the replicas, plans anew under the next epoch when someone is lost or comes,
/// and ends. The rules are <see cref="RunState"/>'s.
/// </summary>
internal sealed partial class RunActor : ReceiveActor, IWithTimers
{
    /// <summary>Replans are held together for so long: several destinations that come or go at once are one new
    /// epoch.</summary>
    private static readonly TimeSpan ReplanDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ReturnWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndKept = TimeSpan.FromSeconds(30);

    /// <summary>Most characters of a reason that are kept: the reasons of all members go in one message, and onto
    /// terminals.</summary>
    private const int MaxReason = 300;

    private readonly TimeProvider _clock;
    private readonly TimeSpan _rejoinWait;
    private readonly TimeSpan _prepareWait;
    private readonly HashSet<NodeName> _late = [];
    private readonly HashSet<NodeName> _lost = [];
    private readonly ResumptionWatch _resuming = new();
    private readonly Orphans _orphans = new();
    private readonly Action<NodeEvent> _report;
    private readonly Dictionary<NodeName, IActorRef> _destinations = [];
    private readonly long _begun = System.Diagnostics.Stopwatch.GetTimestamp();
    private ILoggingAdapter _log;
    private OriginRegistration _registration;
    private IActorRef _origin;
    private RunState _state;
    private DeliveryPlan? _plan;
    private Epoch _delivering;
    private bool _originIsAway;
    private long _preparingSince;
    private RunSummary? _end;

    /// <summary>A run of the given state for the origin that registered so and is reached there.
    /// <paramref name="journal"/> null: no record is kept. <paramref name="relay"/> null: nothing is relayed.</summary>
    public RunActor(RunState state, OriginRegistration registration, IActorRef origin, TimeSpan rejoinWait,
        TimeSpan prepareWait, Action<NodeEvent> report, IJournal? journal, RelayPort? relay =
            null, TimeProvider? clock = null)
    {
        (_state, _registration, _origin, _rejoinWait, _prepareWait, _report, _journal, _relayPort) =
            (state, registration, origin, rejoinWait, prepareWait, report, journal, relay);
        _clock = clock ?? TimeProvider.System;
        _stalls = new StallWatch(_clock);
        _log = Logger(state.Epoch);
        Receive<MemberJoined>(OnJoined);
        Receive<MemberLost>(OnLost);
        ReceiveOfOrigin();
        // A node speaks for itself only: nobody stores for another, and the seal is the origin's own.
        Receive<ReplicaReport>(OnReplica, report => IsFrom(report.Destination));
        Receive<ReplicaRecorded>(OnRecorded);
        ReceiveFromRelay();
        ReceiveDamage();
        Receive<DeliveryReport>(OnDelivery, _ => IsFrom(_origin));
        Receive<FilesVerified>(verified =>
        {
            NoteProgress(verified);
            if (_state.Member(verified.Destination) is { Misses.IsEmpty: false }
                && _plan?.ParentOf(verified.Destination) is { } parent) _state = _state.Progressed(verified.Destination,
                parent.Name);
            _origin.Tell(verified);
        }, verified => IsFrom(verified.Destination) && verified.Files.Count <= FilesVerified.MaxRanges);
        Receive<AskFiles>(ask => Ask(ask));
        Receive<RunEndHeard>(_ => Context.Stop(Self), _ => _end is not null && IsFrom(_origin));
        Receive<IRunMessage>(message =>
            _log.Debug("Ignored a {0} from {1}: it is not that node's to say", message.GetType().Name,
                Sender.Path.Address));
        Receive<Replan>(_ => OpenEpoch());
        Receive<BeatTick>(_ => OnBeat());
        Receive<RejoinWaitOver>(_ => End(_originIsAway ? "the origin did not come back" : "fewer replicas than required, and nobody came back"));
        Receive<EndForgotten>(_ => Context.Stop(Self));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(BeatTick), new BeatTick(), Beat);
        OpenRelay();
    }

    private bool IsFrom(NodeName destination) => _destinations.TryGetValue(destination, out var node) && IsFrom(node);

    // Whichever of a node's actors it is: its address is a random name that only it and the coordinator know.
    private bool IsFrom(IActorRef node) => Sender.Path.Address == node.Path.Address;

    private static string Shown(string reason) =>
        PathText.Display(reason.Length > MaxReason ? reason[..MaxReason] : reason);

    private void OnLost(MemberLost lost)
    {
        _late.Remove(lost.Name);
        _resuming.Forget(lost.Name);
        _lost.Add(lost.Name);
        if (lost.Name == _state.Root && IsCatchUp) TakeAnotherRoot();
        Become(_state.Lost(lost.Name, lost.Reason), replan: true);
    }

    private void OnJoined(MemberJoined joined)
    {
        _late.Remove(joined.Registration.Node.Name);
        _resuming.Forget(joined.Registration.Node.Name);
        // Once the tree is protected, whoever comes is brought to it by those who have it, after this run: that spares
        // the origin.
        var old = _state.OtherName(joined.Registration.Node.Name, joined.Registration.Node.Identity)?.Name;
        if (_state.IsProtected && !IsCatchUp && _state.Member(joined.Registration.Node.Name) is null && old is null)
            return;
        if (old is { } name) ForgetName(name);
        _lost.Remove(joined.Registration.Node.Name);
        _destinations[joined.Registration.Node.Name] = joined.Ref;
        _nodes[joined.Registration.Node.Name] = joined.Registration.Node;
        if (joined.Registration.Edition >= Editions.Seals) _heedful.Add(joined.Registration.Node.Name);
        Become(_state.Joined(joined.Registration.Node.Name, joined.Registration.Dialled, joined.Registration.Disk,
            joined.Registration.Limit, joined.Speed, joined.Registration.Node.Identity), replan: true);
        // No plan has to reach it any more, but only who knows of the run hears its end, and which snapshots are to be
        // kept.
        if (_end is null && _plan is { } plan
            && _state.Member(joined.Registration.Node.Name) is { Standing: MemberStanding.Stored }) joined.Ref.Tell(
            Prepare(plan));
    }

    /// <summary>The destination of that name goes on under another one.</summary>
    private void ForgetName(NodeName name)
    {
        _log.Info("Destination {0} goes on under another name", name);
        _late.Remove(name);
        _resuming.Forget(name);
        _lost.Remove(name);
        _destinations.Remove(name);
        _nodes.Remove(name);
        _heedful.Remove(name);
        _received.Remove(name);
        _progress.Remove(name);
        _done.Remove(name);
    }

    private void OnReplica(ReplicaReport report)
    {
        NoteProgress(report);
        if (IsRecordedFirst(report)) return;
        HearFlows(report.Destination, report.Epoch, report.Flows);
        if (report.Phase == ReplicaPhase.Resuming)
        {
            // The others go on without it. It is asked on, and taken in when it answers.
            if (_resuming.HasAdvanced(report.Destination, report.Verified)
                && _late.Add(report.Destination) | _state.Resuming(report.Destination) != _state) Become(
                _state.Resuming(report.Destination), replan: true);
            return;
        }
        _resuming.Forget(report.Destination);
        if (report.Phase == ReplicaPhase.Receiving && _late.Remove(report.Destination)
            && _state.Member(report.Destination) is { } member)
        {
            Become(_state.Joined(member.Name, member.Data, member.Disk, member.Limit, member.Speed, member.Identity),
                replan: true);
        }
        // Whatever the epoch: what is stored is stored, and counts when the digest is right.
        var next = report.Phase switch
        {
            ReplicaPhase.Stored when report.Digest is { } digest =>
                _state.TookIn(report.Destination, report.Intake).Stored(report.Destination, digest, report.Lacking()),
            ReplicaPhase.Failed => _state.Failed(report.Destination, Shown(report.Reason)),
            ReplicaPhase.Publishing => _state.Publishing(report.Destination),
            _ => _state.Prepared(report.Destination, report.Epoch),
        };
        _orphans.Hear(report.Destination, report.Epoch, report.LostLink is { } why ? Shown(why) : null);
        var heard = next;
        foreach (var link in report.FailedLinks)
            next = next.LinkFailed(report.Destination, link.Destination, report.Epoch, Shown(link.Reason),
                link.Unreached);
        var forwards = _plan?.Receiver(report.Destination) is { Children.Count: > 0 };
        Become(next, replan: next != heard || (report.Phase == ReplicaPhase.Failed && forwards));
        if (report.Phase != ReplicaPhase.Receiving
            && _state.Member(report.Destination) is { Standing: MemberStanding.Stored or MemberStanding.Failed })
        {
            Sender.Tell(new ReplicaHeard(_state.Run));
        }
    }

    private void OnDelivery(DeliveryReport report)
    {
        if (IsCatchUp && report is { Problem: { } problem } && report.Epoch == _state.Epoch)
        {
            GiveRootUp(Shown(problem), report.IsDamaged);
            return;
        }
        HearFlows(_state.Root, report.Epoch, report.Flows);
        _stalls.NoteRoot(report.Sent, report.Flows?.FirstOrDefault(flow => flow.To == _state.Root));
        var next = report.Seal is { } seal ? _state.Sealed(seal) : _state;
        if (report.Epoch == _state.Epoch) _delivering = report.Epoch;
        foreach (var link in report.FailedLinks)
            next = next.LinkFailed(_state.Root, link.Destination, report.Epoch, Shown(link.Reason), link.Unreached);
        Become(next, replan: (!next.IsPrepared && _state.IsPrepared) || next.Relay != _state.Relay);
        PublishStatus();
    }

    private void Become(RunState next, bool replan)
    {
        var before = _state;
        if (_end is not null || next == before) return;
        _state = next;
        foreach (var member in next.Members.Values)
            SayChange(before.Member(member.Name) ?? before.OtherName(member.Name, member.Identity), member);
        if (next.IsProtected && !before.IsProtected)
        {
            _log.Info("Snapshot {0} of {1} is protected: {2} of {3} copies are stored", next.Snapshot, next.Origin,
                next.Copies, next.Required);
            _report(new SnapshotProtected(next.Origin, next.Snapshot, next.Copies, next.Required));
        }
        if (next.Seal != before.Seal) TellSeal();
        if (next.IsQuiet) OnQuiet();
        else
        {
            if (!_originIsAway) Timers.Cancel(nameof(RejoinWaitOver));
            if (replan || IsPastPlan(before)) ScheduleReplan();
            else if (next.IsPrepared && !before.IsPrepared) GiveOutPlan();
        }
        SendReport();
        PublishStatus();
    }

    private void SayChange(RunMember? before, RunMember now)
    {
        if (before?.Standing == now.Standing) return;
        switch (now.Standing)
        {
            case MemberStanding.Stored:
                _log.Info("Destination {0} has stored snapshot {1} of {2}", now.Name, _state.Snapshot, _state.Origin);
                Context.Parent.Tell(new MemberStored(now.Name,
                    new HeldSnapshot(_state.Origin, _state.Snapshot, _state.Seal?.Totals.Entries,
                        _state.Seal?.Totals.Bytes, _state.Seal?.Digest, _registration.Node.Identity,
                            Required: Required)));
                _report(new ReplicaCounted(now.Name, _state.Snapshot, _state.Copies, _state.Required));
                break;
            case MemberStanding.Away or MemberStanding.Failed:
                _log.Warning("Destination {0} is lost to the run: {1}", now.Name, now.Reason);
                // Whose replica was found damaged did not fail at it: it may be sent another one.
                if (now is { Standing: MemberStanding.Failed, IsDamaged: false })
                    Context.Parent.Tell(new MemberFailed(now.Name, _state.Snapshot));
                _report(new DestinationLost(now.Name, now.Reason));
                break;
        }
    }

    private ILoggingAdapter Logger(Epoch epoch) =>
        Context.GetLogger().WithContext("Run", _state.Run.ToString()).WithContext("Epoch", epoch.Number);

    /// <summary>Says again whatever has not been answered.</summary>
    private void OnBeat()
    {
        LeaveTheRecord();
        LeaveOutTheLate();
        LeaveTheStalled();
        SetApartTheSlow();
        // Before the plan is given out nobody can have a link of it.
        if (_delivering == _state.Epoch && _plan is { } given) Become(_orphans.Judge(_state, given), replan: true);
        else _orphans.Clear();
        if (_end is null && _plan is { } plan && plan.Epoch == _state.Epoch)
        {
            foreach (var member in _state.Members.Values.Where(member => member.Standing == MemberStanding.Preparing))
            {
                _destinations[member.Name].Tell(Prepare(plan));
            }
            foreach (var name in _late) _destinations[name].Tell(Prepare(plan));
            if (_state.IsPrepared && _delivering != _state.Epoch && !Timers.IsTimerActive(nameof(Replan)))
                GiveOutPlan();
            SayProgress();
        }
        TellSeal();
        SendReport();
    }

    private void SendReport()
    {
        var (progress, copies) = Measure();
        _origin.Tell(new RunReport(_state.Run, _state.Epoch,
            [.. _state.Members.Values.Select(member => Reported(member, copies[member.Name]))], _end, progress));
    }
}
