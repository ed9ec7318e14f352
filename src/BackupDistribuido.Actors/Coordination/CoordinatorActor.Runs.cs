using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Coordination;

/// <content>Begins runs, takes them up again, and offers them those who come.</content>
public sealed partial class CoordinatorActor
{
    /// <summary>So often a run that stopped by a defect is taken up again, or another one begun, for one life of its
    /// origin.</summary>
    private const int MostRetaken = 3;

    private readonly Dictionary<NodeIdentity, (int Times, RunSummary End)> _broken = [];

    private void OfferToRuns(LiveNode<DestinationRegistration> destination, bool isNewLife)
    {
        foreach (var run in _runs.Values)
        {
            // A run whose origin is not here must know too: the content may come from that very destination.
            if (isNewLife) run.Ref.Tell(new RunActor.MemberLost(destination.Node.Name, MemberReason.StartedAgain));
            if (WantedBy(run) is not { } origin || !MayTakePart(origin, run.Status.Snapshot, destination)) continue;
            run.Ref.Tell(new RunActor.MemberJoined(destination.Registration, destination.Ref, SpeedOf(destination)));
            TellDamage(run.Ref, run.Status, destination.Registration);
        }
    }

    /// <summary>
    /// What the run's origin says of itself. One that is away for a while has said it before: who is back before it, as
    /// after the coordinator was cut off from both, is not offered the run again later. To a run that the origin has no
    /// part in nobody new is brought while it is away: <see cref="CatchUpLags"/> brings them when that run is over.
    /// </summary>
    private OriginRegistration? WantedBy(KnownRun run) =>
        _origins.TryGet(run.Status.Origin, out var origin)
            ? origin.Registration : _catchUps.Contains(run.Status.Run) ? null : run.Begun;

    private void StartWhatCanStart()
    {
        foreach (var origin in _origins.Entries.ToList())
        {
            if (origin.Registration.InProgress is not null || _finished.Contains(origin.Node)) continue;
            var eligible = EligibleFor(origin).ToList();
            if (!StartCondition.IsMet(origin.Registration, eligible.Count, NewestOf(origin.Node.Name))) continue;
            if (RunsOf(origin.Node.Name).Any())
            {
                EndCatchUps(origin.Node.Name);
                continue;
            }
            var run = RunId.New();
            Start(origin, run, NextSnapshot(origin, run), eligible);
        }
    }

    private IEnumerable<LiveNode<DestinationRegistration>> EligibleFor(LiveNode<OriginRegistration> origin) =>
        _destinations.Entries.Where(destination =>
            StartCondition.WhyNotEligible(origin.Registration, destination.Registration) is null);

    /// <summary>In a run that has begun, whoever has received a part has less room than the whole tree needs: it lacks
    /// no more than the rest.</summary>
    private static bool MayTakePart(OriginRegistration origin, SnapshotId snapshot,
        LiveNode<DestinationRegistration> destination) =>
        StartCondition.WhyNotEligible(origin, destination.Registration) is null
        || destination.Registration.HighestEpoch > Epoch.None
        || destination.Registration.Newest.Any(held => held.Origin == origin.Node.Name && held.Snapshot == snapshot);

    private void Start(
        LiveNode<OriginRegistration> origin, RunId run, SnapshotId snapshot, List<LiveNode<DestinationRegistration>> destinations)
    {
        var registration = origin.Registration;
        var newest = new Epoch(destinations.Select(destination => destination.Registration.HighestEpoch.Number)
            .Append(registration.InProgress?.Epoch.Number ?? 0).Max(number => Math.Min(number, HighestCredible)));
        var state = RunState.Begin(run, origin.Node.Name, snapshot, registration.Required, newest)
            .OriginAt(registration.Data) with
        { IsPaused = registration.Pauses };
        if (registration.InProgress?.Seal is { } seal) state = state.Sealed(seal);
        if (_remembered.Requires(origin.Node.Name, registration.Required, registration.Topology))
            Note(time => new OriginSeen(time, origin.Node.Name, registration.Required, registration.Topology));
        _log.Info("Run {0} of {1} begins snapshot {2} with {3} destinations", run, origin.Node.Name, snapshot,
            destinations.Count);
        // Until its end is heard nobody knows it: this coordinator may not live to hear it.
        Note(time => new OriginRan(time, origin.Node.Name, PastRun.Begun(time, snapshot, registration.Required)));
        Begin(state, registration, origin.Ref, destinations.OrderBy(destination => destination.Since));
    }

    private void Begin(RunState state, OriginRegistration registration, IActorRef root,
        IEnumerable<LiveNode<DestinationRegistration>> destinations)
    {
        var run = state.Run;
        var waits = new RunWaits(_settings.RejoinWait, PrepareWait);
        var beginning = new RunBeginning(state, registration, waits, _journal is not null, _relay is not null);
        var services = new RunServices(_report, _clock, _journal, _relay);
        var actor = Context.ActorOf(Props.Create(() => new RunActor(beginning, root, services)), $"run-{run}");
        _remembered.Saw(state.Origin, state.Snapshot, Order);
        Note(time => new RunBegun(time, run, state.Origin, state.Snapshot, registration.Required, registration.Keep));
        Context.WatchWith(actor, new RunEnded(run));
        _runs[run] = new KnownRun(actor,
            new RunStatus(run, state.Origin, state.Snapshot, RunPhase.Copying, state.Copies, registration.Required, 0,
                registration.Totals?.Bytes ?? 0), registration);
        foreach (var destination in destinations)
        {
            actor.Tell(new RunActor.MemberJoined(destination.Registration, destination.Ref, SpeedOf(destination)));
            TellDamage(actor, _runs[run].Status, destination.Registration);
        }
    }

    /// <summary>An origin says that it is in a run. Where this coordinator does not know it, it was started after the
    /// run: it takes the run up, unless the origin has heard the run's end and only this registration crossed
    /// it.</summary>
    private void Resume(LiveNode<OriginRegistration> origin, RunInProgress run)
    {
        if (!_runs.TryGetValue(run.Run, out var known))
        {
            if (_finished.Contains(origin.Node)) return;
            EndCatchUps(origin.Node.Name);
            Start(origin, run.Run, run.Snapshot,
                [.. _destinations.Entries.Where(destination =>
                    MayTakePart(origin.Registration, run.Snapshot, destination))]);
        }
        else if (known.Status.Origin == origin.Node.Name && !_catchUps.Contains(run.Run))
            known.Ref.Tell(new RunActor.OriginBack(origin.Registration, origin.Ref));
    }

    private void OnRunEnded(RunId run)
    {
        var isCatchUp = _catchUps.Remove(run);
        // A run says its end before it stops.
        if (_runs.Remove(run, out var known) && !known.IsOver)
        {
            if (isCatchUp) BrokeCatchUp(known.Status);
            else Broke(known);
        }
        StartWhatCanStart();
    }

    /// <summary>A run stopped by an exception. Nobody else says its end, and that of the run before it would stand for
    /// it.</summary>
    private void Broke(KnownRun run)
    {
        var reason = RunReason.Defect;
        var status = run.Status;
        var end = new RunSummary(status.Run, status.Snapshot, RunOutcome.Failed, status.Copies, status.Required, 0,
            default, 0, 0, reason, []);
        _log.Error("Run {0} of {1} was stopped by a defect", status.Run, status.Origin);
        _report(new RunFinished(status.Origin, end));
        Ended(status.Origin, PastRun.Of(end, _clock.GetUtcNow()));
        if (_broken.Count >= MaxRemembered) _broken.Clear();
        _broken[run.Begun.Node] = (_broken.GetValueOrDefault(run.Begun.Node).Times + 1, end);
        if (_origins.TryGet(status.Origin, out var origin)) IsGivenUp(origin);
    }

    /// <summary>Whether runs of this life of an origin stopped by a defect again and again: it is told its end then,
    /// each time it asks, and gets no other.</summary>
    private bool IsGivenUp(LiveNode<OriginRegistration> origin)
    {
        if (!_broken.TryGetValue(origin.Node, out var broken) || broken.Times <= MostRetaken) return false;
        var (run, end) = (origin.Registration.InProgress, broken.End);
        _finished.Add(origin.Node);
        origin.Ref.Tell(new RunReport(run?.Run ?? end.Run, run?.Epoch ?? Epoch.None, [],
            end with { Run = run?.Run ?? end.Run, Snapshot = run?.Snapshot ?? end.Snapshot }));
        return true;
    }

    private long? SpeedOf(LiveNode<DestinationRegistration> destination) =>
        _remembered.Speed(destination.Node.Identity);

    /// <summary>What links have carried in a run orders the plans of later ones.</summary>
    private void OnSpeeds(RunNews.Speeds seen)
    {
        var speeds = new Dictionary<string, long>();
        foreach (var (name, speed) in seen.BytesPerSecond)
        {
            if (_destinations.TryGet(name, out var live)) speeds[live.Node.Identity] = speed;
        }
        if (speeds.Count == 0) return;
        foreach (var (identity, speed) in speeds) _remembered.Ran(identity, speed);
        Note(time => new SpeedsSeen(time, speeds));
    }

    private IEnumerable<KnownRun> RunsOf(NodeName origin) => _runs.Values.Where(run => run.Status.Origin == origin);

    /// <summary>Those that the origin has a part in.</summary>
    private IEnumerable<KnownRun> OwnRunsOf(NodeName origin) =>
        RunsOf(origin).Where(run => !_catchUps.Contains(run.Status.Run));

    /// <summary>
    /// An origin that was not here, or a newer life of it, says that it is in no run, or in another. The same life was
    /// only out of reach, perhaps before it heard of its run, and takes part in it; a new one that knows nothing of a
    /// run has left it for good.
    /// </summary>
    private void TellOwnRuns(LiveNode<OriginRegistration> origin)
    {
        var (registration, said) = (origin.Registration, origin.Registration.InProgress);
        foreach (var run in OwnRunsOf(origin.Node.Name).Where(run => run.Status.Run != said?.Run))
        {
            run.Ref.Tell(said is null && run.Begun.Node == origin.Node ? new RunActor.OriginBack(registration, origin.Ref) : new RunActor.OriginGone(RunReason.OriginStartedAgain));
        }
    }

    /// <summary>A run, how it stands, and what its origin said when it began.</summary>
    private sealed record KnownRun(IActorRef Ref, RunStatus Status, OriginRegistration Begun, bool IsOver = false);
}
