using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Actors.Relay;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Record;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>The coordinator as a run sees it.</summary>
/// <param name="Report">Reports events to the coordinator's owner.</param>
/// <param name="Clock">The time.</param>
/// <param name="Journal">The record; null: none is kept.</param>
/// <param name="Relay">Where content comes that is relayed; null: nothing is.</param>
internal sealed record RunServices(
    Action<NodeEvent> Report, TimeProvider Clock, IJournal? Journal = null, RelayPort? Relay = null);

/// <summary>
/// The mailbox of one <see cref="LiveRun"/>: it passes on the messages of permitted senders, with the time, and carries
/// out the effects that the run wants.
/// </summary>
internal sealed class RunActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private readonly LiveRun _run;
    private readonly RunServices _services;
    private readonly long _begun;
    private readonly Dictionary<NodeName, IActorRef> _destinations = [];
    private readonly Dictionary<NodeName, IActorRef> _reporters = [];
    private ILoggingAdapter _log;
    private Epoch _logged;
    private IActorRef _root;
    private IActorRef? _relay;
    private TimeSpan? _woken;

    /// <summary>A run whose content comes from <paramref name="root"/>.</summary>
    public RunActor(RunStart beginning, IActorRef root, RunServices services)
    {
        (_run, _root, _services, _begun) = (new LiveRun(beginning), root, services, services.Clock.GetTimestamp());
        (_log, _logged) = (Logger(), _run.State.Epoch);
        ReceiveOfMembers();
        ReceiveOfOrigin();
        ReceiveOfRun();
        Receive<RelayOpened>(opened => Do(_run.RelayOpened(RelayPort.Name, opened.Address, opened.Problem, Now)));
        Receive<RelayActor.LinksFailed>(
            failed => Do(_run.RelayFailed(RelayPort.Name, failed.Epoch, failed.Links, Now)));
        Receive<ReplicaRecorded>(recorded => Do(_run.Recorded(recorded.Report, recorded.Problem, Now)));
        Receive<Wake>(_ =>
        {
            _woken = null;
            Do(_run.Elapsed(Now));
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _services.Clock.GetElapsedTime(_begun);

    protected override void PreStart() => Do(_run.Begin(Now));

    private void ReceiveOfMembers()
    {
        Receive<MemberJoined>(joined =>
        {
            _destinations[joined.Registration.Node.Name] = joined.Ref;
            Do(_run.Joined(joined.Registration, joined.Speed, Now));
        });
        Receive<MemberLost>(lost => Do(_run.Lost(lost.Name, lost.Reason, Now)));
        Receive<MemberDamaged>(damaged => Do(_run.Damaged(damaged.Name, damaged.IsGone, Now)));
    }

    /// <summary>Of an origin's comings and goings only a run hears whose content it has.</summary>
    private void ReceiveOfOrigin()
    {
        Receive<OriginBack>(
            back =>
            {
                _root = back.Ref;
                Do(_run.OriginBack(back.Registration, Now));
            },
            _ => IsAtOrigin);
        Receive<OriginAway>(_ => Do(_run.OriginAway(Now)), _ => IsAtOrigin);
        Receive<OriginGone>(gone => Do(_run.OriginGone(gone.Reason, Now)), _ => IsAtOrigin);
        Receive<Preempted>(_ => Do(_run.Preempted(Now)), _ => !IsAtOrigin);
    }

    /// <summary>A node speaks only for itself: none stores for another, and only the origin reports the seal.</summary>
    private void ReceiveOfRun()
    {
        Receive<ReplicaReport>(
            report =>
            {
                _reporters[report.Destination] = Sender;
                Do(_run.Handle(report, Now));
            },
            report => IsFrom(report.Destination));
        Receive<DeliveryReport>(report => Do(_run.Handle(report, Now)), _ => IsFrom(_root));
        Receive<FilesVerified>(
            verified => Do(_run.Handle(verified, Now)),
            verified => IsFrom(verified.Destination) && verified.Files.Count <= FilesVerified.MaxRanges);
        Receive<AskFiles>(ask =>
        {
            // Only the origin has the names.
            if (_run.WithoutFiles is { } page) Sender.Tell(new FilesAnswer(page));
            else _root.Forward(ask);
        });
        Receive<RunEndHeard>(_ => Do(_run.EndHeard(Now)), _ => _run.IsOver && IsFrom(_root));
        Receive<IRunMessage>(message => _log.Debug(
            "Ignored a {0} from {1}: it is not that node's to say", message.GetType().Name, Sender.Path.Address));
    }

    private bool IsAtOrigin => _run.State.Content is ContentRoot.AtOrigin;

    private bool IsFrom(NodeName destination) =>
        _run.Knows(destination) && _destinations.TryGetValue(destination, out var node) && IsFrom(node);

    // Whichever of a node's actors it is: its address is a random name that only it and the coordinator know.
    private bool IsFrom(IActorRef node) => ControlPeers.AreOfOne(Sender, node);

    private void Do(IReadOnlyList<RunEffect> effects)
    {
        if (_logged != _run.State.Epoch) (_log, _logged) = (Logger(), _run.State.Epoch);
        foreach (var effect in effects) Do(effect);
        if (_woken == _run.Due) return;
        _woken = _run.Due;
        var wait = _run.Due - Now;
        Timers.StartSingleTimer(nameof(Wake), new Wake(), wait > Shortest ? wait : Shortest);
    }

    private void Do(RunEffect effect)
    {
        switch (effect)
        {
            case RunEffect.Tell tell: _destinations[tell.To].Tell(tell.Message); break;
            case RunEffect.Answer answer: _reporters[answer.To].Tell(answer.Message); break;
            case RunEffect.TellRoot tell: _root.Tell(tell.Message); break;
            case RunEffect.MoveRoot move: _root = _destinations[move.Holder]; break;
            case RunEffect.OpenRelay: OpenRelay(); break;
            case RunEffect.TellRelay tell: TellRelay(tell.Plan); break;
            case RunEffect.PutDown put: PutDown(put); break;
            case RunEffect.Inform inform: Context.Parent.Tell(inform.News); break;
            case RunEffect.Say say: _services.Report(say.Event); break;
            case RunEffect.Log log: Log(log); break;
            case RunEffect.Stop: Context.Stop(Self); break;
            default: throw new ArgumentOutOfRangeException(nameof(effect), effect, null);
        }
    }

    private void Log(RunEffect.Log line) => _log.Log(
        line.IsWarning ? LogLevel.WarningLevel : LogLevel.InfoLevel, line.Format, [.. line.Arguments]);

    private ILoggingAdapter Logger() => Context.GetLogger()
        .WithContext("Run", _run.State.Run.ToString()).WithContext("Epoch", _run.State.Epoch.Number);

    private void OpenRelay() => _services.Relay!.OpenAsync().PipeTo(Self,
        success: address =>
            new RelayOpened(address, null), failure: problem => new RelayOpened(null, Reason.Of(problem)));

    private void TellRelay(DeliveryPlan plan)
    {
        var port = _services.Relay!;
        _relay ??= Context.ActorOf(Props.Create(() => new RelayActor(port, plan)), "relay");
        _relay.Tell(plan);
        port.Expect(plan, _relay);
    }

    private void PutDown(RunEffect.PutDown put)
    {
        var (run, report) = (_run.State, put.Report);
        var (time, digest) = (_services.Clock.GetUtcNow(), report.Digest!.Value);
        var entry = new ReplicaStored(time, run.Run, run.Origin, run.Snapshot, put.Node, digest);
        _services.Journal!.WriteAsync(entry)
            .PipeTo(Self, Self, () => new ReplicaRecorded(report, null),
                e => new ReplicaRecorded(report, Reason.Of(e)));
    }

    /// <summary>
    /// Coordinator to run: a destination is connected that could take part; <paramref name="Speed"/> is what the link
    /// to it carried in earlier runs, in bytes per second.
    /// </summary>
    internal sealed record MemberJoined(DestinationRegistration Registration, IActorRef Ref, long? Speed = null);

    /// <summary>Coordinator to run: a destination is gone.</summary>
    internal sealed record MemberLost(NodeName Name, Reason Reason);

    /// <summary>Coordinator to run: a destination has the run's snapshot, and it is damaged, or gone.</summary>
    internal sealed record MemberDamaged(NodeName Name, bool IsGone = false);

    /// <summary>Coordinator to run: the origin registered as being in this run.</summary>
    internal sealed record OriginBack(OriginRegistration Registration, IActorRef Ref);

    /// <summary>Coordinator to run: the origin is not heard any more; it may come back.</summary>
    internal sealed record OriginAway;

    /// <summary>
    /// Coordinator to run: the origin has left, or a new life of it knows nothing of the run: it will not come back.
    /// </summary>
    internal sealed record OriginGone(Reason Reason);

    /// <summary>Coordinator to a catch-up: the origin begins its own run, which takes precedence.</summary>
    internal sealed record Preempted;

    /// <summary>Content can come to the relay, or <paramref name="Problem"/> says why not.</summary>
    private sealed record RelayOpened(NodeAddress? Address, Reason? Problem);

    /// <summary>A report's replica is in the record, or <paramref name="Problem"/> says why it is not.</summary>
    private sealed record ReplicaRecorded(ReplicaReport Report, Reason? Problem);

    private sealed record Wake;
}
