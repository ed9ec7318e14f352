using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Delivery;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Roots;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Actors.Origin;

/// <summary>
/// An origin in one incarnation: counts its tree, tells its owner the counts, delivers the run that the coordinator begins, and ends with it.
/// </summary>
internal sealed class OriginActor : NodeActor
{
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(250);

    private readonly OriginWork _work;
    private readonly HashSet<string> _told = [];
    private readonly Dictionary<NodeName, string> _disks = [];
    private readonly Dictionary<NodeName, MemberStanding> _standings = [];
    private TreeTotals? _totals;
    private long _room, _largest;
    private OriginRegistered? _counts;
    private bool _waitIsOver;
    private IActorRef? _delivery;
    private readonly ProgressMeter _meter = new();
    private RunProgress? _progress;
    private ImmutableDictionary<NodeName, CopyProgress> _copies = ImmutableDictionary<NodeName, CopyProgress>.Empty;
    private bool _isProtected, _isPaused;

    /// <summary>An incarnation of the origin, whose coordinator is the actor of that path.</summary>
    public OriginActor(OriginWork work, NodeIdentity node, string coordinator)
        : base(NodeRole.Origin, node, coordinator, work.Settings.Coordinator, work.Report, work.Fail)
    {
        _work = work;
        Receive<WatchTick>(_ => OnWatch());
        Receive<Counted>(OnCounted);
        Receive<CountFailed>(failed => _work.Fail(new NodeException(ExitCode.Usage, $"SOURCE can't be read: {failed.Problem.Message}")));
        Receive<OriginRegistered>(OnRegistered);
        Receive<WaitOver>(_ => OnWaitOver());
        Receive<Deliver>(OnDeliver);
        Receive<DeliveryReport>(OnDeliveryReport);
        Receive<FilesVerified>(verified =>
        {
            if (verified.Run == Current?.Run) _work.Copies.Add(verified.Destination, verified.Files);
        });
        Receive<AskFiles>(ask => Task.Run(() => _work.Files(ask.Run, ask.Query)).PipeTo(Sender, Self, page => new FilesAnswer(page)));
        Receive<RunReport>(OnRunReport);
        Receive<Terminated>(_ => _work.Fail(new NodeException(ExitCode.Unexpected, "delivering the tree failed; the log says why")));
    }

    /// <summary>The run outlives this incarnation.</summary>
    private RunInProgress? Current
    {
        get => _work.Run;
        set => _work.Run = value;
    }

    protected override void PreStart()
    {
        // The incarnation before may have ended between the tree's last byte and its word of the seal.
        if (Current is { Seal: null } run && _work.Tree?.Seal is { } seal) Current = run with { Seal = seal };
        base.PreStart();
        Timers.StartPeriodicTimer(nameof(WatchTick), new WatchTick(), WatchPeriod);
        if (_work.WaitLeft is { } left) Timers.StartSingleTimer(nameof(WaitOver), new WaitOver(), left);
        var source = _work.Source;
        Task.Run(() => source.Count(_work.Stop)).PipeTo(Self, success: size => new Counted(size), failure: problem => new CountFailed(problem));
    }

    protected override object Registration()
    {
        var settings = _work.Settings;
        return new RegisterOrigin(new OriginRegistration(
            Node, _totals, settings.Copies, settings.StartWith, _waitIsOver, Machine.Disk(_work.Source.DeviceId), Current, settings.Keep, settings.MaxShrinkPercent, _room,
            settings.Topology, settings.Checksum, _work.Data, _largest, settings.Control is { MayStart: false }, settings.Control is { IsPaused: true }));
    }

    private void OnCounted(Counted counted)
    {
        (_totals, _room, _largest) = (counted.Size.Totals, counted.Size.Room, counted.Size.Largest);
        Log.Info("The tree has {0} entries, {1} files, {2} bytes", counted.Size.Totals.Entries, counted.Size.Totals.Files, counted.Size.Totals.Bytes);
        StopIfShrunk();
        Register();
    }

    private void OnRegistered(OriginRegistered counts)
    {
        Answered();
        var before = _counts;
        _counts = counts;
        if (before?.Connected != counts.Connected || before.Eligible != counts.Eligible)
        {
            _work.Report(new DestinationsChanged(counts.Connected, counts.Eligible, _work.Settings.Copies));
        }
        if (Current is null) _work.Newest = counts.Newest;
        StopIfShrunk();
        foreach (var reason in counts.NotEligible.Where(_told.Add)) _work.Report(new Warned($"Not able to hold the tree: {reason}"));
    }

    /// <summary>The coordinator begins no run for such a tree; who sees to it is the owner.</summary>
    private void StopIfShrunk()
    {
        if (Current is null && _totals is { } totals && _work.WhyStopped(totals) is { } why) _work.Fail(new NodeException(ExitCode.AtRisk, why));
    }

    /// <summary>The owner's patience ends: with at least as many as it starts with copying starts all the same, with fewer it does not.</summary>
    private void OnWaitOver()
    {
        if (Current is not null) return;
        _waitIsOver = true;
        var (settings, eligible) = (_work.Settings, _counts?.Eligible ?? 0);
        if (eligible >= Math.Min(settings.StartWith, settings.Copies)) Register();
        else _work.Fail(new NodeException(ExitCode.NotEnoughDestinations, _counts is null
            ? $"the coordinator at {settings.Coordinator} was not reached within {settings.Wait!.Value.TotalSeconds:0.#} s; check that it runs and that --coordinator is its address"
            : $"{eligible} of {settings.StartWith} destinations within {settings.Wait!.Value.TotalSeconds:0.#} s; start more, or give --start-with"));
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
            var (security, name, limit) = (_work.Security, Node.Name, _work.Limit);
            var calls = _work.Calls;
            _delivery = Context.ActorOf(Props.Create(() => new DeliveryActor(name, tree, plan, security, limit, calls)), "delivery");
            Context.Watch(_delivery);
        }
        if (isNews)
        {
            if (!plan.IsForNobody) _work.Report(new RunStarted(plan.Origin, plan.Run, plan.Snapshot, plan.Epoch, plan.Shape, [.. plan.Destinations().Select(node => node.Name)]));
            else if (!_isPaused) _work.Report(new RunPaused(plan.Origin, plan.Run, plan.Snapshot));
            _isPaused = plan.IsForNobody;
            SayDisks(plan);
        }
        _delivery.Forward(message with { Plan = plan });
    }

    private void OnDeliveryReport(DeliveryReport report)
    {
        if (Current is not null && report.Seal is not null) Current = Current with { Seal = report.Seal };
        Coordinator.Tell(report);
    }

    private void OnRunReport(RunReport report)
    {
        _work.Members = [.. report.Members.Select(member => member.Name).Take(FilePage.MostDestinations)];
        foreach (var member in report.Members) _disks[member.Name] = member.Disk;
        if (Current is not null && report.Run == Current.Run) HearMembers(report);
        if (report.End is null || (Current is not null && report.Run != Current.Run)) return;
        Coordinator.Tell(new RunEndHeard(report.Run));
        if (_work.End.IsCompleted) return;
        OnWatch();
        _work.Report(new RunFinished(Node.Name, report.End));
        _work.Finish(report.End);
    }

    private void SayDisks(DeliveryPlan plan)
    {
        var copies = _disks.Where(disk => plan.Receiver(disk.Key) is not null).Select(disk => (disk.Key, disk.Value));
        foreach (var sentence in SharedDisks.Describe(copies, Machine.Disk(_work.Source.DeviceId)).Where(_told.Add)) _work.Report(new Warned(sentence));
    }

    private void HearMembers(RunReport report)
    {
        foreach (var member in report.Members) Hear(member);
        HearProgress(report);
        var copies = report.Members.Count(member => member.Standing == MemberStanding.Stored);
        if (_isProtected || copies < _work.Settings.Copies) return;
        _isProtected = true;
        _work.Report(new SnapshotProtected(Node.Name, Current!.Snapshot, copies, _work.Settings.Copies));
    }

    /// <summary>An older coordinator does not say how far its run is, but how far each destination is: the same can be made of that, without a pace.</summary>
    private void HearProgress(RunReport report)
    {
        var bytes = TreeNow.Bytes;
        var copies = report.Members.DistinctBy(member => member.Name)
            .ToImmutableDictionary(member => member.Name, member => member.Copy ?? CopyProgress.Of(member.Done, bytes, member.Standing, null));
        _progress = report.Progress ?? _meter.At(copies.Values, bytes, _work.Settings.Copies, copies.Values.Count(copy => copy.Standing == MemberStanding.Stored) >= _work.Settings.Copies);
        _copies = copies.RemoveRange(copies.Where(copy => copy.Value.Standing is MemberStanding.Away or MemberStanding.Failed).Select(copy => copy.Key));
    }

    /// <summary>What the tree has, by the last that is known of it.</summary>
    private TreeTotals TreeNow => Current?.Seal?.Totals ?? _totals ?? default;

    private void Hear(MemberReport member)
    {
        var before = _standings.TryGetValue(member.Name, out var known) ? known : MemberStanding.Preparing;
        // What counts once goes on counting: a coordinator that was started again hears of it anew.
        if (before == member.Standing || before == MemberStanding.Stored) return;
        _standings[member.Name] = member.Standing;
        switch (member.Standing)
        {
            case MemberStanding.Stored:
                _work.Copies.AddAll(member.Name, _work.Tree?.Draft.Totals.Entries ?? 0);
                _work.Report(new ReplicaCounted(member.Name, Current!.Snapshot, _standings.Values.Count(standing => standing == MemberStanding.Stored), _work.Settings.Copies));
                break;
            case MemberStanding.Away or MemberStanding.Failed:
                _work.Copies.Remove(member.Name);
                _work.Report(new DestinationLost(member.Name, member.Reason));
                break;
        }
    }

    /// <summary>What the owner watches: progress, and the files whose copies have grown.</summary>
    private void OnWatch()
    {
        if (Current is null || _work.Tree is not { } tree) return;
        if (_progress is { } progress) _work.Report(new DeliveryProgress(Node.Name, Current.Run, progress, TreeNow, _copies));
        var known = tree.Known();
        var grown = _work.Copies.Settle(known.Count);
        if (!_work.Settings.ReportFiles) return;
        foreach (var (entry, copies) in grown)
        {
            if (known[entry] is FileEntry file) _work.Report(new FileStored(file.Path, file.Stamp.Size, copies));
        }
    }

    private sealed record Counted(SourceSize Size);

    private sealed record CountFailed(Exception Problem);

    private sealed record WatchTick;

    private sealed record WaitOver;
}
