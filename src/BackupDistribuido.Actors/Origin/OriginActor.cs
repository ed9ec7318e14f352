using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Actors.Delivery;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Actors.Origin;

/// <summary>An origin in one life: counts its tree, tells its owner the counts, delivers its run, and ends with
/// it.</summary>
internal sealed class OriginActor : NodeActor
{
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(250);

    /// <summary>How long to wait for the coordinator to acknowledge that the tree is not copied.</summary>
    private static readonly TimeSpan RefusalWait = TimeSpan.FromSeconds(2);

    /// <summary>
    /// If no destination is connected to begin with, one that is known to come is waited for beyond the owner's wait,
    /// but no longer than this.
    /// </summary>
    private static readonly TimeSpan LongestOpening = TimeSpan.FromMinutes(10);

    private readonly OriginWork _work;
    private readonly RunMembers _members;
    private readonly HashSet<Reason> _told = [];
    private TreeContents? _contents;
    private long _room, _largest;
    private OriginRegistered? _counts;
    private bool _waitIsOver;
    private IActorRef? _delivery;
    private bool _isPaused, _isEnding;
    private Task _telling = Task.CompletedTask;

    /// <summary>An incarnation of the origin, whose coordinator is the actor of that path.</summary>
    public OriginActor(OriginWork work, NodeIdentity node, string coordinator)
        : base(NodeRole.Origin, node, coordinator, work.Settings.Coordinator, work.Clock, work.Report, work.Fail)
    {
        (_work, _members) = (work, new RunMembers(work, node.Name));
        Receive<WatchTick>(_ =>
        {
            OnWatch();
            StopIfShrunk();
            StopIfUnknown();
            StopIfTooFew();
        });
        Receive<Counted>(OnCounted);
        Receive<CountFailed>(failed =>
            _work.Fail(new NodeException(ExitCode.Usage, SourceReason.NotRead(Reason.Of(failed.Problem)))));
        Receive<OriginRegistered>(OnRegistered);
        Receive<WaitOver>(_ => OnWaitOver());
        Receive<Deliver>(OnDeliver);
        Receive<DeliveryReport>(OnDeliveryReport);
        Receive<FilesVerified>(verified => _work.Copies.Add(verified.Destination, verified.Files),
            verified => verified.Run == Current?.Run);
        Receive<AskFiles>(ask => Task.Run(() => _work.Files(ask.Run, ask.Query))
            .PipeTo(Sender, Self, page => new FilesAnswer(page)));
        Receive<RunReport>(OnRunReport);
        Receive<Terminated>(_ => _work.Fail(new NodeException(ExitCode.Unexpected, RunReason.DeliveryFailed)));
    }

    /// <summary>The run outlives this incarnation.</summary>
    private RunInProgress? Current
    {
        get => _work.Run;
        set => _work.Run = value;
    }

    private bool IsInRun => Current is not null || _work.Patience.HasRunBegun;

    private bool IsComplete => _work.Settings.Control?.Expected is { } expected && _counts?.Connected >= expected;

    /// <summary>
    /// Nothing begins without the owner's permission, nor while a destination that is known to come is on its way.
    /// </summary>
    private bool Holds =>
        _work.Settings.Control is { MayStart: false }
            || (_work.Settings.Control?.Expected is not null && !IsComplete && !_waitIsOver);

    private Reason? Refusal => Current is null && _contents is { } tree ? _work.WhyStopped(tree) : null;

    private int Needed => Math.Min(_work.Settings.StartWith, _work.Settings.Goal.Copies);
    protected override void PreStart()
    {
        // The incarnation before may have ended between the tree's last byte and its word of the seal.
        if (Current is { Seal: null } run && _work.Tree?.Seal is { } seal) Current = run with { Seal = seal };
        base.PreStart();
        Timers.StartPeriodicTimer(nameof(WatchTick), new WatchTick(), WatchPeriod);
        if (_work.WaitLeft is { } left) Timers.StartSingleTimer(nameof(WaitOver), new WaitOver(), left);
        Task.Run(_work.Count)
            .PipeTo(Self, success: size => new Counted(size), failure: problem => new CountFailed(problem));
    }

    protected override object Registration()
    {
        var settings = _work.Settings;
        return new RegisterOrigin(new OriginRegistration(
            Node, _contents?.Totals, settings.Goal.Copies, settings.StartWith, _waitIsOver,
            Machine.Disk(_work.Source.DeviceId), Current)
        {
            Keep = settings.Goal.Keep,
            MaxShrinkPercent = settings.Goal.MaxShrinkPercent,
            Room = _room,
            Topology = settings.Goal.Topology,
            Checksum = settings.Tree.Checksum,
            Data = _work.Data,
            LargestFile = _largest,
            Holds = Holds,
            Pauses = settings.Control is { IsPaused: true },
            IsComplete = IsComplete,
            Edition = Editions.Newest,
            Refusal = Refusal,
            Links = LinkProfile.Newest,
        });
    }

    private void OnCounted(Counted counted)
    {
        (_contents, _room, _largest) = (counted.Size.Contents, counted.Size.Room, counted.Size.Largest);
        Log.Info("The tree has {0} entries, {1} files, {2} bytes", counted.Size.Totals.Entries,
            counted.Size.Totals.Files, counted.Size.Totals.Bytes);
        StopIfShrunk();
        Register();
    }

    private void OnRegistered(OriginRegistered counts)
    {
        Answered();
        _work.Patience.Heard();
        var before = _counts;
        _counts = counts;
        if (_work.Settings.Control is { } control) control.NotEligible = counts.NotEligible;
        if (before?.Connected != counts.Connected || before.Eligible != counts.Eligible)
        {
            _work.Report(new DestinationsChanged(counts.Connected, counts.Eligible, _work.Settings.Goal.Copies));
        }
        if (Current is null) _work.Newest = counts.Newest;
        StopIfShrunk();
        foreach (var reason in counts.NotEligible.Where(_told.Add))
            _work.Report(new Warned(MemberReason.NotAble(reason)));
        StopIfTooFew();
        // The last answer may be older than the count of the tree.
        if (IsComplete && !_waitIsOver && !IsInRun && _contents is not null) EndWait();
    }

    /// <summary>The coordinator begins no run for such a tree, and shows that it was not copied: it hears of it before
    /// its owner does, where it answers.</summary>
    private void StopIfShrunk()
    {
        if (Refusal is not { } why) return;
        Register();
        if (_counts is not null || _work.Age > RefusalWait) _work.Fail(new NodeException(ExitCode.AtRisk, why));
    }

    /// <summary>The owner's patience ends: with at least as many as it starts with copying starts all the same, with
    /// fewer it does not.</summary>
    private void OnWaitOver()
    {
        if (IsInRun || _waitIsOver) return;
        var mayStillCome = _work.Settings.Control?.Expected is not null && !IsComplete && _work.Age < LongestOpening;
        if (mayStillCome && !(_counts?.Eligible >= Needed))
            Timers.StartSingleTimer(nameof(WaitOver), new WaitOver(), RegistrationBeat.Period);
        else
        {
            EndWait();
            StopIfTooFew();
        }
    }

    private void EndWait()
    {
        _waitIsOver = true;
        Register();
    }

    /// <summary>
    /// After the wait there is no further wait: if there were enough destinations and some have gone, or the
    /// coordinator has, before a run began, there will be no run.
    /// </summary>
    private void StopIfTooFew()
    {
        var settings = _work.Settings;
        if (!_waitIsOver || IsInRun || settings.Control is { MayStart: false }) return;
        var seconds = (settings.Wait ?? TimeSpan.Zero).TotalSeconds;
        if (_counts is null || _work.Patience.IsSilent)
        {
            _work.Fail(new NodeException(ExitCode.NotEnoughDestinations,
                ControlReason.NotReachedWithin(settings.Coordinator, TimeSpan.FromSeconds(seconds))));
        }
        else if (_counts.Eligible < Needed)
        {
            _work.Fail(new NodeException(ExitCode.NotEnoughDestinations,
                RunReason.TooFewDestinations(_counts.Eligible, settings.StartWith, TimeSpan.FromSeconds(seconds))));
        }
    }

    /// <summary>
    /// It is no longer possible to know what is stored of the run: the owner is told exactly that, and the next run
    /// sends what is missing.
    /// </summary>
    private void StopIfUnknown()
    {
        if (Current is not { } run || !_work.Patience.IsOver) return;
        var (minutes, coordinator) = (_work.Patience.Bound.TotalMinutes, _work.Settings.Coordinator);
        Log.Error("Run {0} is given up: the coordinator was not heard for {1} min", run.Run, minutes);
        _work.Fail(new NodeException(ExitCode.AtRisk,
            RunReason.CoordinatorLost(coordinator, TimeSpan.FromMinutes(minutes), run.Snapshot)));
    }

    private void OnDeliver(Deliver message)
    {
        var plan = message.Plan.SeenFrom(_work.Settings.Coordinator);
        if (Current is not null && Current.Run != plan.Run) return;
        if (_work.TryBeginTree() is not { } tree) return;
        var isNews = Current is null || plan.Epoch > Current.Epoch;
        Current = new RunInProgress(plan.Run, plan.Snapshot, isNews ? plan.Epoch : Current!.Epoch, Current?.Seal);
        if (_delivery is null)
        {
            var (links, name, limit, calls) = (_work.Links, Node.Name, _work.Limit, _work.Calls);
            _delivery = Context.ActorOf(Props.Create(() => new DeliveryActor(name, tree, plan, links, limit, calls)),
                "delivery");
            Context.Watch(_delivery);
        }
        if (isNews)
        {
            if (!plan.IsForNobody)
                _work.Report(new RunStarted(plan.Origin, plan.Run, plan.Snapshot, plan.Epoch, plan.Shape,
                    [.. plan.Destinations().Select(node => node.Name)]));
            else if (!_isPaused) _work.Report(new RunPaused(plan.Origin, plan.Run, plan.Snapshot));
            _isPaused = plan.IsForNobody;
            _members.ReportSharedDisks(plan);
        }
        _delivery.Forward(message with { Plan = plan });
    }

    private void OnDeliveryReport(DeliveryReport report)
    {
        _work.Patience.Sent(report.Sent);
        // Stored replicas stay stored, whatever can't be read for the others.
        if (report.Problem is { } problem && !_members.AreEnough)
            _work.Fail(new NodeException(ExitCode.AtRisk, problem));
        if (Current is not null && report.Seal is not null) Current = Current with { Seal = report.Seal };
        Coordinator.Tell(report);
    }

    private void OnRunReport(RunReport report)
    {
        if (Current is null && report.End is null) _work.Patience.RunHeard();
        _work.Members = [.. report.Members.Select(member => member.Name).Take(FilePage.MostDestinations)];
        _members.Met(report.Members);
        if (Current is not null && report.Run == Current.Run) _members.Handle(report, Current.Snapshot, TreeNow.Bytes);
        if (report.End is null || (Current is not null && report.Run != Current.Run)) return;
        Coordinator.Tell(new RunEndHeard(report.Run));
        if (_work.End.IsCompleted || _isEnding) return;
        _isEnding = true;
        OnWatch();
        var (work, name, end) = (_work, Node.Name, report.End);
        // Its last files are reported before it.
        _telling.ContinueWith(_ => work.TellGrown(), TaskScheduler.Default).ContinueWith(_ =>
        {
            work.Report(new RunFinished(name, end));
            work.Finish(end);
        }, TaskScheduler.Default);
    }

    /// <summary>The tree's totals as last known.</summary>
    private TreeTotals TreeNow => Current?.Seal?.Totals ?? _contents?.Totals ?? default;

    /// <summary>Display data for the owner: progress, and the files whose copies have grown.</summary>
    private void OnWatch()
    {
        if (Current is null || _work.Tree is null) return;
        if (_members.Progress is { } progress)
            _work.Report(new DeliveryProgress(Node.Name, Current.Run, progress, TreeNow, _members.Copies));
        if (_telling.IsCompleted && !_isEnding) _telling = Task.Run(_work.TellGrown);
    }

    private sealed record Counted(SourceSize Size);

    private sealed record CountFailed(Exception Problem);
    private sealed record WatchTick;
    private sealed record WaitOver;
}
