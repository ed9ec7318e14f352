using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Actors.Relay;
using BackupDistribuido.Core.Catalogue;
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
using BackupDistribuido.Record;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>
/// The mailbox of a coordinator: tracks members (<see cref="MemberRegistry"/>), begins and follows runs
/// (<see cref="ActiveRuns"/>, <see cref="CatchUps"/>), answers questions (<see cref="StatusQueries"/>,
/// <see cref="FileQueries"/>).
/// </summary>
public sealed class CoordinatorActor : ReceiveActor, IWithTimers
{
    /// <summary>Silence after which a node is forgotten: a frozen one, or one behind a cut cable.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);

    /// <summary>Silence after a broken connection: a killed one. A live node registers again within a second.</summary>
    public static readonly TimeSpan Suspicion = TimeSpan.FromSeconds(3);

    /// <summary>
    /// After a coordinator's start all nodes register again, and origins say which runs they are in: until then no
    /// catch-up can be planned.
    /// </summary>
    internal static readonly TimeSpan Settling = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How often the record is told who is connected: the precision of "last seen" after the coordinator was killed.
    /// </summary>
    private static readonly TimeSpan AliveNote = TimeSpan.FromMinutes(1);

    private readonly CoordinatorServices _services;
    private readonly CatalogueCollector _catalogues;
    private readonly MemberRegistry _members;
    private readonly DuplicateWatch _duplicates = new(Lease);
    private readonly ActiveRuns _runs;
    private readonly CatchUps _catchUps;
    private readonly StatusQueries _status;
    private readonly FileQueries _files;

    /// <summary>A coordinator that reports events to its owner through <paramref name="report"/>, and keeps
    /// <paramref name="journal"/>; null: it keeps no record. Runs that want it are relayed through
    /// <paramref name="relay"/>; null: none.</summary>
    public CoordinatorActor(CoordinatorSettings settings, Action<NodeEvent> report, TimeProvider clock,
        IJournal? journal, Remembered remembered, RelayPort? relay = null)
    {
        var ofRuns = new RunServices(report, clock, journal, relay);
        _services = new CoordinatorServices(settings, ofRuns, remembered, Context.GetLogger());
        _catalogues = new CatalogueCollector(clock);
        _catalogues.Begin(remembered.Absent);
        _members = new MemberRegistry(_services, _catalogues, Context);
        _runs = new ActiveRuns(_services, _members, Context);
        _catchUps = new CatchUps(_services, _members, _runs);
        _status = new StatusQueries(_services, _members, _runs, _duplicates, _catalogues);
        _files = new FileQueries(_services, _members, Self);
        ReceiveOfNodes();
        ReceiveOfRuns();
        ReceiveQuestions();
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

    private void ReceiveOfNodes()
    {
        Receive<RegisterDestination>(message => OnRegister(message.Registration));
        Receive<RegisterOrigin>(message => OnRegister(message.Registration));
        Receive<Leave>(leave => Forget(leave.Role, leave.Node, null, MemberReason.Left));
        Receive<CatalogueAnswer>(OnCatalogue);
        Receive<CarrierLost>(lost => _members.Suspect(lost.Peer));
        Receive<MemberRegistry.NodeEnded>(ended => Forget(ended.Role, ended.Node, ended.Ref, MemberReason.Ended));
        Receive<LeaseTick>(_ =>
        {
            foreach (var silent in _members.Silent())
            {
                Forget(silent.Role, silent.Node, silent.Ref, MemberReason.Silent);
            }
            _catchUps.Start();
            _status.ReportDoubts();
        });
        Receive<AliveTick>(_ =>
        {
            if (_members.Destinations.Count > 0)
                _services.Note(time => new DestinationsAlive(time, [.. _members.Connected()]));
        });
    }

    private void ReceiveOfRuns()
    {
        Receive<RunNews.Standing>(_runs.Handle);
        Receive<RunNews.Stored>(stored => _catchUps.Handle(stored, Sender));
        Receive<RunNews.Speeds>(OnSpeeds);
        Receive<RunNews.Late>(_catchUps.Handle);
        Receive<RunNews.Failed>(_catchUps.Handle);
        Receive<ActiveRuns.RunEnded>(ended =>
        {
            if (_runs.Remove(ended.Run) is { } broken) _catchUps.Crashed(broken.Status);
            _runs.StartReady();
        });
        Receive<IRunMessage>(message =>
        {
            // A destination that missed the end of a run would wait for it for ever. Soon after a start an origin may
            // still come and resume its run.
            if (!_runs.Forward(message) && message is ReplicaReport
                && _services.Uptime > _services.Settings.RejoinWait + Settling)
                Sender.Tell(new RunOver(message.Run, null));
        });
    }

    private void ReceiveQuestions()
    {
        Receive<AskStatus>(_ => Sender.Tell(new StatusAnswer(_status.Status())));
        Receive<AskRuns>(ask => _status.Answer(ask, Sender));
        Receive<AskSnapshots>(ask => _status.Answer(ask, Sender));
        Receive<AskSnapshotFiles>(ask => _files.Answer(ask, Sender));
        Receive<FileQueries.HoldersKnown>(known => _files.Answer(known, Sender));
        Receive<FileQueries.HoldersUnknown>(unknown => Sender.Tell(new FilesAnswer(FilePage.Without(unknown.Why))));
    }

    private void OnRegister(DestinationRegistration said)
    {
        if (_members.IsRefused(NodeRole.Destination, said.Node, RegistrationRules.WhyNot(said)) || IsTwin(said)) return;
        _members.Destinations.TryGet(said.Node.Name, out var before);
        var (live, change) = _members.Admit(_members.Destinations, NodeRole.Destination, said.Node, said);
        if (change == RosterChange.Refused) return;
        HandleVerifications(said, before?.Registration);
        _catchUps.Handle(said);
        Remember(said, change == RosterChange.Renewed ? before?.Registration : null);
        Sender.Tell(new DestinationRegistered(live.Node));
        _catalogues.Heard(live, Self);
        if (change == RosterChange.Renewed) return;
        _members.TellCounts();
        _runs.Offer(live, isNewLife: change == RosterChange.Replaced);
        _runs.StartReady();
    }

    /// <summary>Only the destination itself says what it has.</summary>
    private void OnCatalogue(CatalogueAnswer answer)
    {
        if (_members.Destinations.TryGet(answer.Node.Name, out var live) && live.Node == answer.Node
            && live.Ref.Equals(Sender)) _catalogues.Take(live, answer.Page, Self);
    }

    private void OnRegister(OriginRegistration said)
    {
        if (_members.IsRefused(NodeRole.Origin, said.Node, RegistrationRules.WhyNot(said))) return;
        var (live, change) = _members.Admit(_members.Origins, NodeRole.Origin, said.Node, said);
        if (change == RosterChange.Refused) return;
        var remembered = _services.Remembered;
        remembered.Asks(live.Node.Name, said.Required, said.Topology, _services.Time);
        if (change == RosterChange.Joined && remembered.Origin(live.Node.Name) is { } known)
            _services.Note(time => new OriginSeen(time, known.Name, known.Required, known.Topology));
        NoteRefusal(said, isNewLife: change != RosterChange.Renewed);
        _members.TellCount(live);
        if (change != RosterChange.Renewed) _runs.TellOwn(live);
        if (_runs.IsGivenUp(live)) return;
        if (said.InProgress is { } run) _runs.Resume(live, run);
        else _runs.StartReady();
    }

    /// <summary>
    /// Whether another destination with its identity is connected and goes on counting: then it gets an answer, and
    /// nothing else happens. If it has replaced the other one, the other one is forgotten.
    /// </summary>
    private bool IsTwin(DestinationRegistration said)
    {
        var live = _members.Destinations.TryFind(said.Node.Identity, out var other) ? other : null;
        switch (_duplicates.Handle(said, live?.Registration, _services.Uptime))
        {
            case IdentityVerdict.TakesOver:
                Forget(NodeRole.Destination, live!.Node, live.Ref, MemberReason.Renamed(said.Node.Name));
                return false;
            case IdentityVerdict.Waits:
                _status.Changed();
                _services.Log.Debug("Destination {0} has the identity of {1}, which is connected", said.Node.Name,
                    live!.Node.Name);
                Sender.Tell(new DestinationRegistered(said.Node, _duplicates.Of(said.Node)?.Why));
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// The results of re-reading replicas. A damaged one does not count anywhere: not in the status, not as a source,
    /// not in a run that is under way.
    /// </summary>
    private void HandleVerifications(DestinationRegistration said, DestinationRegistration? before)
    {
        var news = VerificationNews.Of(said, before, _services.Remembered.Find(said.Node)?.Newest);
        foreach (var one in news.Events) _services.Report(one);
        if (news.HasChanged) _runs.TellDamage(said);
    }

    /// <summary>
    /// A destination has registered; <paramref name="before"/> is its previous registration in this incarnation, null
    /// for the first one.
    /// </summary>
    private void Remember(DestinationRegistration said, DestinationRegistration? before)
    {
        var remembered = _services.Remembered;
        foreach (var held in said.Newest) remembered.Saw(held.Origin, held.Snapshot, _services.Order);
        if (remembered.Joined(said.Node) is { } replaced)
        {
            _catalogues.Replaced(replaced.Identity);
            ReportReplaced(replaced);
        }
        if (before is not null && said.Newest.SequenceEqual(before.Newest)
            && (said.Older ?? []).SequenceEqual(before.Older ?? [])) return;
        _status.Changed();
        _services.Note(time => new DestinationSeen(time, said, IsNewLife: before is null));
    }

    private void ReportReplaced(AbsentDestination replaced)
    {
        _services.Log.Warning("Destination {0} has another identity than before: what it had then counts no more",
            replaced.Name);
        if (replaced.Newest.Count == 0) return;
        _services.Report(new Warned(MemberReason.OtherFolder(replaced.Name)));
    }

    /// <summary>
    /// The tree of a waiting origin has lost too much: it is not copied, and its owner is about to be told.
    /// </summary>
    private void NoteRefusal(OriginRegistration origin, bool isNewLife)
    {
        if (origin.Totals is not { } totals || origin.InProgress is not null) return;
        var name = origin.Node.Name;
        var own = origin.Refusal?.Within(PastRun.MaxReason);
        own ??= ShrinkGuard.WhyStopped(totals, origin.MaxShrinkPercent, _members.NewestOf(name));
        if (own is not { } why) return;
        var last = _services.Remembered.Origin(name)?.Last;
        var now = PastRun.Refused(_services.Time, origin.Required, why, _members.NewestKnown(name));
        // It says the same each second until it is gone.
        if (isNewLife || last is null || now with { Time = last.Time } != last) _runs.Ended(name, now);
    }

    /// <summary>What links have carried in a run orders the plans of later ones.</summary>
    private void OnSpeeds(RunNews.Speeds seen)
    {
        var speeds = new Dictionary<string, long>();
        foreach (var (name, speed) in seen.BytesPerSecond)
        {
            if (_members.Destinations.TryGet(name, out var live)) speeds[live.Node.Identity] = speed;
        }
        if (speeds.Count == 0) return;
        foreach (var (identity, speed) in speeds) _services.Remembered.Ran(identity, speed);
        _services.Note(time => new SpeedsSeen(time, speeds));
    }

    private void Forget(NodeRole role, NodeIdentity node, IActorRef? ended, Reason reason)
    {
        if (role == NodeRole.Origin)
        {
            if (!_members.Remove(_members.Origins, role, node, ended, reason)) return;
            _runs.LoseOrigin(node, left: ended is null);
        }
        else if (_members.Remove(_members.Destinations, role, node, ended, reason))
        {
            _members.TellCounts();
            _runs.Lose(node.Name, reason);
        }
    }

    private sealed record LeaseTick;

    private sealed record AliveTick;
}
