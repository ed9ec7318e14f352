using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Relay;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Record;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>
/// Knows who is connected. Nodes register each second; one that is not heard for <see cref="Lease"/>, whose actor ends,
/// or whose connection broke and which does not register again within <see cref="Suspicion"/> is forgotten, and every
/// origin is told the new count. Starts a run when an origin's condition holds.
/// </summary>
public sealed partial class CoordinatorActor : ReceiveActor, IWithTimers
{
    /// <summary>Silence after which a node is forgotten: a frozen one, or one behind a cut cable.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);

    /// <summary>Silence after a broken connection: a killed one. A live node registers again within a second.</summary>
    public static readonly TimeSpan Suspicion = TimeSpan.FromSeconds(3);

    // no run comes near it; whoever claims a higher one must not use the numbers up
    private const long HighestCredible = Epoch.Max / 2;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500), PrepareWait = TimeSpan.FromSeconds(60);

    private readonly CoordinatorSettings _settings;
    private readonly Action<NodeEvent> _report;
    private readonly TimeProvider _clock;
    private readonly long _begun;
    private readonly RelayPort? _relay;
    private readonly Roster<LiveNode<DestinationRegistration>> _destinations = new();
    private readonly Roster<LiveNode<OriginRegistration>> _origins = new();
    private readonly Dictionary<RunId, KnownRun> _runs = [];
    private readonly HashSet<NodeIdentity> _finished = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ControlPeers _peers = ControlPeers.Of(Context.System);

    /// <summary>A coordinator that tells its owner what happens through <paramref name="report"/>, and keeps
    /// <paramref name="journal"/>; null: it keeps no record. Runs that want it are relayed through
    /// <paramref name="relay"/>; null: none.</summary>
    public CoordinatorActor(CoordinatorSettings settings, Action<NodeEvent> report, TimeProvider clock,
        IJournal? journal, Remembered remembered, RelayPort? relay = null)
    {
        (_settings, _report, _clock, _begun, _journal, _remembered, _relay) =
            (settings, report, clock, clock.GetTimestamp(), journal, remembered, relay);
        Receive<RegisterDestination>(OnRegister);
        Receive<RegisterOrigin>(OnRegister);
        Receive<Leave>(leave => Forget(leave.Role, leave.Node, null, MemberReason.Left));
        ReceiveQuestions();
        Receive<IRunMessage>(OnRunMessage);
        Receive<CarrierLost>(lost => Suspect(lost.Peer));
        Receive<NodeEnded>(ended => Forget(ended.Role, ended.Node, ended.Ref, MemberReason.Ended));
        Receive<LeaseTick>(_ =>
        {
            ForgetSilent();
            CatchUpLags();
            SayDoubts();
        });
        Receive<RunNews.Standing>(OnRunStatus);
        Receive<RunNews.Stored>(OnStored);
        Receive<RunNews.Speeds>(OnSpeeds);
        Receive<RunNews.Late>(late => Postpone(late.Name));
        Receive<RunNews.Failed>(failed => GiveUp(failed.Name, failed.Snapshot));
        Receive<RunEnded>(ended => OnRunEnded(ended.Run));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(CarrierLost));
        Timers.StartPeriodicTimer(nameof(LeaseTick), new LeaseTick(), Tick);
        Timers.StartPeriodicTimer(nameof(AliveTick), new AliveTick(), AliveNote);
    }

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    // A run is a child; it holds no state that outlives it, and its failure must not touch the roster.
    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void OnRegister(RegisterDestination message)
    {
        if (IsRefused(NodeRole.Destination, message.Registration.Node, RegistrationRules.WhyNot(message.Registration)))
            return;
        if (IsTwin(message.Registration)) return;
        _destinations.TryGet(message.Registration.Node.Name, out var before);
        var (live, change) =
            Admit(_destinations, NodeRole.Destination, message.Registration.Node, message.Registration);
        if (change == RosterChange.Refused) return;
        HearVerifications(live.Registration, before?.Registration);
        HearBrought(message.Registration);
        Remember(live.Registration, change == RosterChange.Renewed ? before?.Registration : null);
        Sender.Tell(new DestinationRegistered(live.Node));
        if (change == RosterChange.Renewed) return;
        foreach (var origin in _origins.Entries) TellCount(origin);
        OfferToRuns(live, isNewLife: change == RosterChange.Replaced);
        StartWhatCanStart();
    }

    private void OnRegister(RegisterOrigin message)
    {
        var registration = message.Registration;
        if (IsRefused(NodeRole.Origin, registration.Node, RegistrationRules.WhyNot(registration))) return;
        var (live, change) = Admit(_origins, NodeRole.Origin, registration.Node, registration);
        if (change == RosterChange.Refused) return;
        _remembered.Asks(live.Node.Name, registration.Required, registration.Topology, _clock.GetUtcNow());
        if (change == RosterChange.Joined && _remembered.Origin(live.Node.Name) is { } known)
            Note(time => new OriginSeen(time, known.Name, known.Required, known.Topology));
        NoteRefusal(registration, isNewLife: change != RosterChange.Renewed);
        TellCount(live);
        if (change != RosterChange.Renewed) TellOwnRuns(live);
        if (IsGivenUp(live)) return;
        if (registration.InProgress is { } run) Resume(live, run);
        else StartWhatCanStart();
    }

    // What deadlines are counted in: nobody sets it back or forth, as the time of day is.
    private TimeSpan Uptime => _clock.GetElapsedTime(_begun);

    private bool IsRefused(NodeRole role, NodeIdentity node, Reason? why)
    {
        why ??= _peers.PeerOf(Sender).WhyNot(role, node);
        if (why is not null) Refuse(role, node, role == NodeRole.Origin
            ? RegistrationReason.OriginRefused(node.Name, why) : RegistrationReason.DestinationRefused(node.Name, why));
        return why is not null;
    }

    private (LiveNode<T> Live, RosterChange Change) Admit<T>(Roster<LiveNode<T>> roster, NodeRole role,
        NodeIdentity node, T registration)
    {
        roster.TryGet(node.Name, out var known);
        var since = known?.Node == node ? known.Since : _clock.GetUtcNow();
        var live = new LiveNode<T>(registration, node, Sender, since, Uptime + Lease);
        var change = roster.Register(node, live);
        if (change == RosterChange.Refused) RefuseName(role, node, known!.Node);
        else Follow(role, live, known);
        if (change is RosterChange.Joined or RosterChange.Replaced) Announce(change, role, node);
        return (live, change);
    }

    private void RefuseName(NodeRole role, NodeIdentity refused, NodeIdentity owner) =>
        Refuse(role, refused, (role, refused.Identity == owner.Identity) switch
        {
            (NodeRole.Origin, true) => RegistrationReason.OriginRunning(refused.Name),
            (NodeRole.Origin, false) => RegistrationReason.OriginNameTaken(refused.Name),
            (_, true) => RegistrationReason.DestinationRunning(refused.Name),
            (_, false) => RegistrationReason.DestinationNameTaken(refused.Name),
        });

    private void Refuse(NodeRole role, NodeIdentity refused, Reason reason)
    {
        _log.Warning("Refused {0} {1}: {2}", Word(role), refused.Name, reason);
        Sender.Tell(new RegistrationRefused(refused, reason));
    }

    private static void Follow<T>(NodeRole role, LiveNode<T> now, LiveNode<T>? before)
    {
        if (now.Ref.Equals(before?.Ref) && now.Node == before?.Node) return;
        if (before is not null) Context.Unwatch(before.Ref);
        Context.WatchWith(now.Ref, new NodeEnded(role, now.Node, now.Ref));
    }

    private void Announce(RosterChange change, NodeRole role, NodeIdentity node)
    {
        _log.Info(change == RosterChange.Joined
            ? "Joined: {0} {1}; destinations connected: {2}"
            : "Started again: {0} {1}; destinations connected: {2}", Word(role), node.Name, _destinations.Count);
        _report(new NodeJoined(role, node.Name, _destinations.Count));
    }

    private void TellCount(LiveNode<OriginRegistration> origin)
    {
        var reasons = _destinations.Entries
            .Select(destination =>
                (destination.Node.Name,
                    Why: StartCondition.WhyNotEligible(origin.Registration, destination.Registration)))
            .Where(pair => pair.Why is not null).Select(pair => MemberReason.Unable(pair.Name, pair.Why!)).ToList();
        origin.Ref.Tell(new OriginRegistered(origin.Node, _destinations.Count, _destinations.Count - reasons.Count,
            [.. reasons.Take(20)], NewestOf(origin.Node.Name)));
    }

    private HeldSnapshot? NewestOf(NodeName origin) =>
        ShrinkGuard.Newest(origin, _destinations.Entries.Select(destination => destination.Registration), Order);

    private void OnRunMessage(IRunMessage message)
    {
        if (!_runs.TryGetValue(message.Run, out var run))
        {
            // Whoever missed a run's end would wait for it for as long as it runs. Soon after a start an origin may
            // still come and take its run up.
            if (message is ReplicaReport && Uptime > _settings.RejoinWait + Settling)
                Sender.Tell(new RunOver(message.Run, null));
            return;
        }
        // An origin that has heard its run's end leaves. Where its leave is lost it stands in the roster for a while
        // yet, and must not be given another run.
        if (message is RunEndHeard && !_catchUps.Contains(message.Run)
            && _origins.TryGet(run.Status.Origin, out var origin) && ControlPeers.AreOfOne(origin.Ref, Sender))
        {
            _finished.RemoveWhere(node => node.Name == origin.Node.Name);
            _finished.Add(origin.Node);
        }
        run.Ref.Forward(message);
    }

    /// <summary>Forgets a node whose actor <paramref name="ended"/>, unless it has another one by now; null: it says
    /// itself that it leaves, and nobody leaves for another.</summary>
    private void Forget(NodeRole role, NodeIdentity node, IActorRef? ended, Reason reason)
    {
        if (role == NodeRole.Origin)
        {
            if (!Remove(_origins, role, node, ended, reason)) return;
            foreach (var run in OwnRunsOf(node.Name)) run.Ref.Tell(ended is null ? new RunActor.OriginGone(RunReason.OriginLeft) : new RunActor.OriginAway());
        }
        else if (Remove(_destinations, role, node, ended, reason))
        {
            foreach (var origin in _origins.Entries) TellCount(origin);
            foreach (var run in _runs.Values) run.Ref.Tell(new RunActor.MemberLost(node.Name, reason));
        }
    }

    private bool Remove<T>(Roster<LiveNode<T>> roster, NodeRole role, NodeIdentity node, IActorRef? ended,
        Reason reason)
    {
        if (!roster.TryGet(node.Name, out var live)
            || !(ended?.Equals(live.Ref) ?? ControlPeers.AreOfOne(live.Ref, Sender))
            || !roster.Remove(node)) return false;
        Context.Unwatch(live.Ref);
        _finished.Remove(live.Node);
        if (live.Registration is DestinationRegistration gone) RememberAbsent(gone, reason);
        _log.Info("Left: {0} {1}, {2}; destinations connected: {3}", Word(role), node.Name, reason,
            _destinations.Count);
        _report(new NodeLeft(role, node.Name, reason, _destinations.Count, TookLeave: ended is null));
        return true;
    }

    private void Suspect(Address address)
    {
        var deadline = Uptime + Suspicion;
        Shorten(_destinations);
        Shorten(_origins);

        void Shorten<T>(Roster<LiveNode<T>> roster)
        {
            foreach (var live in roster.Entries.Where(live => live.Ref.Path.Address == address
                && live.Deadline > deadline).ToList())
            {
                roster.Register(live.Node, live with { Deadline = deadline });
            }
        }
    }

    private void ForgetSilent()
    {
        var now = Uptime;
        Sweep(_destinations, NodeRole.Destination);
        Sweep(_origins, NodeRole.Origin);

        void Sweep<T>(Roster<LiveNode<T>> roster, NodeRole role)
        {
            foreach (var live in roster.Entries.Where(live => live.Deadline < now).ToList()) Forget(role, live.Node, live.Ref, MemberReason.Silent);
        }
    }

    private static string Word(NodeRole role) => role == NodeRole.Origin ? "origin" : "destination";

    private sealed record NodeEnded(NodeRole Role, NodeIdentity Node, IActorRef Ref);

    private sealed record RunEnded(RunId Run);

    private sealed record LeaseTick;
}
