using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Core.Coordination;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>
/// The runs that are under way: begins and resumes them, offers newcomers to them, and remembers their ends. Part of
/// the coordinator's actor, for its thread.
/// </summary>
internal sealed class ActiveRuns(CoordinatorServices services, MemberRegistry members, IActorContext context)
{
    private static readonly TimeSpan PrepareWait = TimeSpan.FromSeconds(60);

    private readonly Dictionary<RunId, KnownRun> _runs = [];
    private readonly HashSet<NodeIdentity> _finished = [];
    private readonly DefectCounter _defects = new();

    /// <summary>Those that are not over.</summary>
    public IEnumerable<KnownRun> Live => _runs.Values.Where(run => !run.IsOver);

    /// <summary>All of an origin.</summary>
    public IEnumerable<KnownRun> Of(NodeName origin) => _runs.Values.Where(run => run.Status.Origin == origin);

    /// <summary>Whether that run is a catch-up.</summary>
    public bool IsCatchUp(IActorRef run) => _runs.Values.OfType<KnownRun.CatchUp>().Any(known => known.Ref.Equals(run));

    private IEnumerable<KnownRun> OwnOf(NodeName origin) => Of(origin).OfType<KnownRun.OfOrigin>();

    /// <summary>A message for a run. False if the run is not known.</summary>
    public bool Forward(IRunMessage message)
    {
        if (!_runs.TryGetValue(message.Run, out var run)) return false;
        // An origin that has heard the end of its run leaves. If its farewell is lost, it stays in the roster for a
        // while, and must not be given another run.
        if (message is RunEndHeard && run is KnownRun.OfOrigin
            && members.Origins.TryGet(run.Status.Origin, out var origin)
            && ControlPeers.AreOfOne(origin.Ref, context.Sender))
        {
            _finished.RemoveWhere(node => node.Name == origin.Node.Name);
            _finished.Add(origin.Node);
        }
        run.Ref.Forward(message);
        return true;
    }

    /// <summary>A destination came, or a new life of it.</summary>
    public void Offer(LiveNode<DestinationRegistration> destination, bool isNewLife)
    {
        foreach (var run in _runs.Values)
        {
            // A run whose origin is not here must know too: the content may come from that very destination.
            if (isNewLife) run.Ref.Tell(new RunActor.MemberLost(destination.Node.Name, MemberReason.StartedAgain));
            if (WantedBy(run) is not { } origin || !MayTakePart(origin, run.Status.Snapshot, destination)) continue;
            Offer(run, destination);
        }
    }

    private void Offer(KnownRun run, LiveNode<DestinationRegistration> destination)
    {
        var speed = services.Remembered.Speed(destination.Node.Identity);
        run.Ref.Tell(new RunActor.MemberJoined(destination.Registration, destination.Ref, speed));
        TellDamage(run, destination.Registration);
    }

    /// <summary>A destination is gone.</summary>
    public void Lose(NodeName destination, Reason reason)
    {
        foreach (var run in _runs.Values) run.Ref.Tell(new RunActor.MemberLost(destination, reason));
    }

    /// <summary>An origin is gone; it may come back, unless it left.</summary>
    public void LoseOrigin(NodeIdentity origin, bool left)
    {
        _finished.Remove(origin);
        foreach (var run in OwnOf(origin.Name))
        {
            if (left) run.Ref.Tell(new RunActor.OriginGone(RunReason.OriginLeft));
            else run.Ref.Tell(new RunActor.OriginAway());
        }
    }

    /// <summary>Called before the destination's own report of a run: nothing damaged that it stored there
    /// counts.</summary>
    public void TellDamage(DestinationRegistration said)
    {
        foreach (var run in _runs.Values) TellDamage(run, said);
    }

    private static void TellDamage(KnownRun run, DestinationRegistration said)
    {
        if (VerificationNews.IsGone(said, run.Status.Origin, run.Status.Snapshot) is { } isGone)
            run.Ref.Tell(new RunActor.MemberDamaged(said.Node.Name, isGone));
    }

    /// <summary>
    /// The registration of the run's origin. One that is away for a while has registered before: if it returns after
    /// its destinations, as after the coordinator was cut off from both, the run is not offered to it again later.
    /// While the origin is away a catch-up gets no new destinations: another catch-up serves them when that run is
    /// over.
    /// </summary>
    private OriginRegistration? WantedBy(KnownRun run) => members.Origins.TryGet(run.Status.Origin, out var origin)
        ? origin.Registration : run is KnownRun.CatchUp ? null : run.Begun;

    /// <summary>
    /// In a run that has begun, a destination that has received a part has less space than the whole tree needs: it
    /// lacks no more than the rest.
    /// </summary>
    private static bool MayTakePart(
        OriginRegistration origin, SnapshotId snapshot, LiveNode<DestinationRegistration> destination) =>
        StartCondition.WhyNotEligible(origin, destination.Registration) is null
        || destination.Registration.HighestEpoch > Epoch.None
        || destination.Registration.Newest.Any(held => held.Origin == origin.Node.Name && held.Snapshot == snapshot);

    /// <summary>Begins the runs of origins whose conditions hold.</summary>
    public void StartReady()
    {
        foreach (var origin in members.Origins.Entries.ToList())
        {
            if (origin.Registration.InProgress is not null || _finished.Contains(origin.Node)) continue;
            var eligible = members.Destinations.Entries.Where(destination =>
                StartCondition.WhyNotEligible(origin.Registration, destination.Registration) is null).ToList();
            var newest = members.NewestOf(origin.Node.Name);
            if (!StartCondition.IsMet(origin.Registration, eligible.Count, newest)) continue;
            if (Of(origin.Node.Name).Any())
            {
                EndCatchUps(origin.Node.Name);
                continue;
            }
            var run = RunId.New();
            Start(origin, run, NextSnapshot(origin, run), eligible);
        }
    }

    /// <summary>An origin goes first.</summary>
    private void EndCatchUps(NodeName origin)
    {
        foreach (var run in Of(origin).OfType<KnownRun.CatchUp>()) run.Ref.Tell(new RunActor.Preempted());
    }

    /// <summary>
    /// The id of an origin's next snapshot: above all that are known of it anywhere, and different from any other
    /// run's. Without a mark if a destination that may take part can't read one.
    /// </summary>
    private SnapshotId NextSnapshot(LiveNode<OriginRegistration> origin, RunId run)
    {
        var id = SnapshotId.After(members.NewestKnown(origin.Node.Name), services.Time);
        var isMarked = origin.Registration.Edition >= Editions.Marks
            && members.Registrations.All(destination => destination.Edition >= Editions.Marks);
        return isMarked ? run.Mark(id) : id;
    }

    private void Start(LiveNode<OriginRegistration> origin, RunId run, SnapshotId snapshot,
        IReadOnlyCollection<LiveNode<DestinationRegistration>> destinations)
    {
        var (name, wants) = (origin.Node.Name, origin.Registration);
        var begun = NewRun.Of(wants, run, snapshot, destinations.Select(live => live.Registration));
        if (services.Remembered.Requires(name, wants.Required, wants.Topology))
            services.Note(time => new OriginSeen(time, name, wants.Required, wants.Topology));
        services.Log.Info("Run {0} of {1} begins snapshot {2} with {3} destinations", run, name, snapshot,
            destinations.Count);
        // Until the end is heard no other node knows it, and this coordinator may not live until then.
        services.Note(time => new OriginRan(time, name, PastRun.Begun(time, snapshot, wants.Required)));
        Begin(begun, origin.Ref, destinations.OrderBy(destination => destination.Since),
            (run, status) => new KnownRun.OfOrigin(run, status, wants));
    }

    /// <summary>Begins a run in which destinations bring a snapshot to others.</summary>
    public void StartCatchUp(
        NewRun begun, IActorRef root, IEnumerable<LiveNode<DestinationRegistration>> destinations) =>
        Begin(begun, root, destinations, (run, status) => new KnownRun.CatchUp(run, status, begun.Registration));

    private void Begin(NewRun begun, IActorRef root, IEnumerable<LiveNode<DestinationRegistration>> destinations,
        Func<IActorRef, RunStatus, KnownRun> known)
    {
        var (state, wants) = (begun.State, begun.Registration);
        var run = state.Run;
        var waits = new RunWaits(services.Settings.RejoinWait, PrepareWait);
        var hasRelay = services.Relay is not null;
        var beginning = new RunStart(state, wants, waits, services.Journal is not null, hasRelay);
        var ofRuns = services.OfRuns;
        var actor = context.ActorOf(Props.Create(() => new RunActor(beginning, root, ofRuns)), $"run-{run}");
        services.Remembered.Saw(state.Origin, state.Snapshot, services.Order);
        services.Note(time => new RunBegun(time, run, state.Origin, state.Snapshot, wants.Required, wants.Keep));
        context.WatchWith(actor, new RunEnded(run));
        _runs[run] = known(actor, new RunStatus(run, state.Origin, state.Snapshot, RunPhase.Copying, state.Copies,
            wants.Required, 0, wants.Totals?.Bytes ?? 0));
        foreach (var destination in destinations) Offer(_runs[run], destination);
    }

    /// <summary>
    /// An origin says that it is in a run. Where this coordinator does not know it, it was started after the run: it
    /// takes the run up, unless the origin has heard the run's end and only this registration crossed it.
    /// </summary>
    public void Resume(LiveNode<OriginRegistration> origin, RunInProgress run)
    {
        if (!_runs.TryGetValue(run.Run, out var known))
        {
            if (_finished.Contains(origin.Node)) return;
            EndCatchUps(origin.Node.Name);
            Start(origin, run.Run, run.Snapshot, [.. members.Destinations.Entries
                .Where(destination => MayTakePart(origin.Registration, run.Snapshot, destination))]);
        }
        else if (known is KnownRun.OfOrigin && known.Status.Origin == origin.Node.Name)
            known.Ref.Tell(new RunActor.OriginBack(origin.Registration, origin.Ref));
    }

    /// <summary>
    /// An origin that was not here, or a newer life of it, says that it is in no run, or in another. The same life was
    /// only out of reach, perhaps before it heard of its run, and takes part in it; a new one that knows nothing of a
    /// run has left it for good.
    /// </summary>
    public void TellOwn(LiveNode<OriginRegistration> origin)
    {
        var (registration, said) = (origin.Registration, origin.Registration.InProgress);
        foreach (var run in OwnOf(origin.Node.Name).Where(run => run.Status.Run != said?.Run))
        {
            if (said is null && run.Begun.Node == origin.Node)
                run.Ref.Tell(new RunActor.OriginBack(registration, origin.Ref));
            else run.Ref.Tell(new RunActor.OriginGone(RunReason.OriginStartedAgain));
        }
    }

    /// <summary>A run reports its state.</summary>
    public void Handle(RunNews.Standing news)
    {
        var status = news.Status;
        if (status.Phase == RunPhase.Protected) services.Remembered.Protected(status.Origin, status.Snapshot);
        if (!_runs.TryGetValue(status.Run, out var run)) return;
        _runs[status.Run] = run with { Status = status, IsOver = news.IsOver };
        if (news.End is { } end && !run.IsOver && run is KnownRun.OfOrigin)
            Ended(status.Origin, PastRun.Of(end, services.Time));
    }

    /// <summary>
    /// The end of an origin's last run outlives this coordinator: a failed run must not become green because it was
    /// forgotten.
    /// </summary>
    public void Ended(NodeName origin, PastRun run)
    {
        services.Remembered.Ended(origin, run);
        services.Note(time => new OriginRan(time, origin, run));
    }

    /// <summary>A run's actor has ended. Returns the run where it is a catch-up that was stopped by a defect.</summary>
    public KnownRun.CatchUp? Remove(RunId run)
    {
        // A run says its end before it stops.
        if (!_runs.Remove(run, out var known) || known.IsOver) return null;
        if (known is KnownRun.OfOrigin) Crashed(known);
        return known as KnownRun.CatchUp;
    }

    /// <summary>
    /// A run stopped by an exception. Nothing else reports its end, and the end of the run before it would stand for
    /// it.
    /// </summary>
    private void Crashed(KnownRun run)
    {
        var reason = RunReason.Defect;
        var status = run.Status;
        var end = new RunSummary(status.Run, status.Snapshot, RunOutcome.Failed, status.Copies, status.Required, 0,
            default, 0)
        { Seconds = 0, Reason = reason, Destinations = [] };
        services.Log.Error("Run {0} of {1} was stopped by a defect", status.Run, status.Origin);
        services.Report(new RunFinished(status.Origin, end));
        Ended(status.Origin, PastRun.Of(end, services.Time));
        _defects.Note(run.Begun.Node, end);
        if (members.Origins.TryGet(status.Origin, out var origin)) IsGivenUp(origin);
    }

    /// <summary>
    /// Whether runs of this incarnation of an origin were stopped by a defect again and again: then it is told the end
    /// each time it asks, and gets no other run.
    /// </summary>
    public bool IsGivenUp(LiveNode<OriginRegistration> origin)
    {
        if (_defects.GivenUp(origin.Node) is not { } end) return false;
        var run = origin.Registration.InProgress;
        _finished.Add(origin.Node);
        origin.Ref.Tell(new RunReport(run?.Run ?? end.Run, run?.Epoch ?? Epoch.None, [],
            end with { Run = run?.Run ?? end.Run, Snapshot = run?.Snapshot ?? end.Snapshot }));
        return true;
    }

    /// <summary>The actor of a run has ended.</summary>
    internal sealed record RunEnded(RunId Run);
}
