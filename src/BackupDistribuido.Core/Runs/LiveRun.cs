using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Runs.Pace;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Core.Runs;

/// <summary>How long a run waits.</summary>
/// <param name="Return">For a destination to come back, while none copies.</param>
/// <param name="Prepare">For a destination to get ready.</param>
public sealed record RunWaits(TimeSpan Return, TimeSpan Prepare);

/// <summary>The initial values of a run.</summary>
/// <param name="State">The run, without a plan.</param>
/// <param name="Registration">What its origin says of itself, or is known to want.</param>
/// <param name="Waits">How long it waits.</param>
/// <param name="IsRecorded">Whether a replica counts only once a record has it.</param>
/// <param name="HasRelay">Whether there is a relay that could be opened.</param>
public sealed record RunStart(
    RunState State, OriginRegistration Registration, RunWaits Waits, bool IsRecorded = false, bool HasRelay = false);

/// <summary>
/// One run that is under way: it brings one snapshot of one origin to its required copies. It makes the plan, has every
/// receiver prepared for it, gives it to the root of the content, hears the replicas, plans again under the next epoch
/// if a destination is lost or joins, and ends. <see cref="RunState"/> has the rules for the state of each destination.
/// </summary>
/// <remarks>
/// No clock, no I/O, no thread. Each event comes with its time since the run began, which only goes forward, and the
/// resulting effects are returned, in order. Events may come in any order and repeatedly; one that does not concern the
/// run has no effect. Not thread-safe.
/// </remarks>
public sealed partial class LiveRun
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndKept = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Most characters of a reason that are kept: the reasons of all members go in one message, and onto terminals.
    /// </summary>
    private const int MaxReason = 600;

    /// <summary>Maximum number of awaited destinations that are named.</summary>
    private const int MostNamed = 20;

    private readonly RunWaits _waits;
    private readonly RecordGate? _record;
    private readonly bool _hasRelay;
    private readonly RunFigures _figures = new();
    private readonly RunPace _pace = new();
    private readonly LateMembers _late = new();
    private readonly RestartCounter _restarts = new();
    private readonly LostLinks _lostLinks = new();
    private readonly Dictionary<NodeName, DestinationRegistration> _known = [];
    private readonly HashSet<NodeName> _lost = [];
    private OriginRegistration _registration;
    private List<RunEffect> _effects = [];
    private TimeSpan _now;
    private TimeSpan? _beatAt, _replanAt, _returnUntil, _forgottenAt;
    private bool _originIsAway;
    private RunSummary? _end;

    /// <summary>A run before its first event, which is <see cref="Begin"/>.</summary>
    public LiveRun(RunStart beginning)
    {
        (State, _registration, _waits, _hasRelay) =
            (beginning.State, beginning.Registration, beginning.Waits, beginning.HasRelay);
        _record = beginning.IsRecorded ? new RecordGate() : null;
    }

    /// <summary>The state of each destination.</summary>
    public RunState State { get; private set; }

    /// <summary>Whether it has ended. It repeats its end until that was heard.</summary>
    public bool IsOver => _end is not null;

    /// <summary>When it wants to hear of the time next, by <see cref="Elapsed"/>.</summary>
    public TimeSpan Due
    {
        get
        {
            var times = new[] { _beatAt, _replanAt, _returnUntil, _forgottenAt };
            return times.Min() ?? TimeSpan.MaxValue;
        }
    }

    /// <summary>Whether it takes that destination's word.</summary>
    public bool Knows(NodeName destination) => _known.ContainsKey(destination);

    /// <summary>Why the question which of its files are where can't be answered; null: the root of the content can
    /// answer it.</summary>
    public FilePage? WithoutFiles => State.Content.Holder is not null
        ? FilePage.Without(FilesReason.OtherBrings)
        : IsOver ? FilePage.Without(FilesReason.RunOver) : null;

    /// <summary>It begins.</summary>
    public IReadOnlyList<RunEffect> Begin(TimeSpan now) => On(now, () =>
    {
        _beatAt = now + Beat;
        // The first plan waits for the relay's port.
        if (_hasRelay && _registration.Topology == TopologyChoice.Relay) Do(new RunEffect.OpenRelay());
        else BeginPlanning();
    });

    /// <summary>Time has passed: see <see cref="Due"/>.</summary>
    public IReadOnlyList<RunEffect> Elapsed(TimeSpan now) => On(now, () =>
    {
        if (_replanAt <= now) OpenEpoch();
        if (_beatAt <= now) OnBeat();
        if (_returnUntil <= now) OnRejoinTimeout();
        if (_forgottenAt <= now) Do(new RunEffect.Stop());
    });

    /// <summary>A destination is there that could take part.</summary>
    /// <param name="registration">Its registration.</param>
    /// <param name="speed">Bytes a second that links to it have carried before; null: not known.</param>
    /// <param name="now">The moment.</param>
    public IReadOnlyList<RunEffect> Joined(DestinationRegistration registration, long? speed, TimeSpan now) =>
        On(now, () => OnJoined(registration, speed));

    /// <summary>A destination is gone.</summary>
    public IReadOnlyList<RunEffect> Lost(NodeName name, Reason reason, TimeSpan now) => On(now, () =>
    {
        _late.Forget(name);
        _record?.Forget(name);
        _lost.Add(name);
        if (State.Content.Holder == name) TakeAnotherRoot();
        Become(State.Lost(name, reason), replan: true);
    });

    /// <summary>A destination has the run's snapshot, and it is damaged, or gone.</summary>
    public IReadOnlyList<RunEffect> Damaged(NodeName name, bool isGone, TimeSpan now) => On(now, () =>
    {
        _record?.Forget(name);
        // A destination that has lost it, and is being sent it again, has nothing that could count.
        if (isGone && State.Member(name) is not { Standing: MemberStanding.Stored }) return;
        var reason = isGone ? ReplicaReason.Gone : ReplicaReason.Damaged;
        Become(State.Damaged(name, reason), replan: false);
    });

    /// <summary>The origin registered as being in this run.</summary>
    public IReadOnlyList<RunEffect> OriginBack(OriginRegistration registration, TimeSpan now) =>
        On(now, () => OnOriginBack(registration));

    /// <summary>The origin is not heard any more; it may come back.</summary>
    public IReadOnlyList<RunEffect> OriginAway(TimeSpan now) => On(now, () =>
    {
        _originIsAway = true;
        if (IsOver) Do(new RunEffect.Stop());
        else WaitForReturn();
    });

    /// <summary>The origin has left, or a new life of it knows nothing of the run: it will not come back.</summary>
    public IReadOnlyList<RunEffect> OriginGone(Reason reason, TimeSpan now) => On(now, () =>
    {
        _originIsAway = true;
        if (IsOver) Do(new RunEffect.Stop());
        else End(reason);
    });

    /// <summary>The origin begins its own run, which takes precedence, and waits for this one's end.</summary>
    public IReadOnlyList<RunEffect> Preempted(TimeSpan now) =>
        On(now, () => EndUnheard(RunReason.Superseded));

    /// <summary>The root of the content has heard the end.</summary>
    public IReadOnlyList<RunEffect> EndHeard(TimeSpan now) => On(now, () =>
    {
        if (IsOver) Do(new RunEffect.Stop());
    });

    /// <summary>The relay can be dialled at <paramref name="address"/>; null: it can't, for that reason.</summary>
    public IReadOnlyList<RunEffect> RelayOpened(NodeName relay, NodeAddress? address, Reason? problem, TimeSpan now) =>
        On(now, () =>
        {
            State = State with { Relay = new PlanRelay(relay, address, problem) };
            BeginPlanning();
        });

    /// <summary>Links from the relay failed in an epoch.</summary>
    public IReadOnlyList<RunEffect> RelayFailed(
        NodeName relay, Epoch epoch, IReadOnlyList<FailedLink> links, TimeSpan now) =>
        On(now, () => Become(Failed(State, relay, epoch, links), replan: true));

    /// <summary>A destination reports.</summary>
    public IReadOnlyList<RunEffect> Handle(ReplicaReport report, TimeSpan now) => On(now, () =>
    {
        _figures.Note(report);
        if (_known.TryGetValue(report.Destination, out var known))
            _restarts.Has(known.Node, report.Done ?? report.Verified);
        if (!IsRecordedFirst(report)) OnReplica(report);
    });

    /// <summary>The record has the replica of a report, or <paramref name="problem"/> says why it has not.</summary>
    public IReadOnlyList<RunEffect> Recorded(ReplicaReport report, Reason? problem, TimeSpan now) =>
        On(now, () => OnRecorded(report, problem));

    /// <summary>The root of the content reports.</summary>
    public IReadOnlyList<RunEffect> Handle(DeliveryReport report, TimeSpan now) => On(now, () => OnDelivery(report));

    /// <summary>A destination has verified files.</summary>
    public IReadOnlyList<RunEffect> Handle(FilesVerified verified, TimeSpan now) => On(now, () =>
    {
        _figures.Note(verified, _registration.Totals?.Files ?? 0);
        var member = State.Member(verified.Destination);
        if (member is { Misses.IsEmpty: false } && _plan?.ParentOf(verified.Destination) is { } parent)
        {
            State = State.Progressed(verified.Destination, parent.Name);
        }
        Do(new RunEffect.TellRoot(verified));
    });

    private IReadOnlyList<RunEffect> On(TimeSpan now, Action react)
    {
        _now = now;
        react();
        var effects = _effects;
        _effects = [];
        return effects;
    }

    private void Do(RunEffect effect) => _effects.Add(effect);

    private void Say(NodeEvent one) => Do(new RunEffect.Say(one));

    private void Inform(RunNews news) => Do(new RunEffect.Inform(news));

    private void Tell(NodeName to, IRunMessage message) => Do(new RunEffect.Tell(to, message));

    private void Log(string format, params object[] arguments) => Do(new RunEffect.Log(false, format, arguments));

    private void Warn(string format, params object[] arguments) => Do(new RunEffect.Log(true, format, arguments));

    private static Reason Shown(Reason reason) => reason.Within(MaxReason);

    private static RunState Failed(RunState run, NodeName parent, Epoch epoch, IReadOnlyList<FailedLink> links) =>
        links.Aggregate(run, (state, link) =>
            state.LinkFailed(parent, link.Destination, epoch, Shown(link.Reason), link.Unreached));
}
