using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using BackupDistribuido.Actors.Delivery;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Transfer.Links;
using BackupDistribuido.Transfer.Receiving;

namespace BackupDistribuido.Actors.Destination.Writing;

/// <summary>One replica of one run, through all its epochs: opens staging, takes the link of each epoch's plan,
/// publishes, and reports until it is heard. The bytes never come here: <see cref="Reception"/> writes them on its own
/// threads.</summary>
internal sealed partial class ReplicaWriterActor : ReceiveActor, IWithTimers, IWithUnboundedStash
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1), VerifiedPeriod = TimeSpan.FromMilliseconds(250);
    private const int MostStashed = 16, BeatsWaited = 2;
    private static readonly BufferPool Buffers = new();

    private readonly DestinationWork _work;
    private readonly ICanTell _coordinator;
    private ILoggingAdapter _log;
    private readonly IMaterializer _materializer = Context.Materializer();
    private readonly ParentCalls _calls;
    private readonly ReceptionNews _news;
    private VerifiedFiles _verified = new();
    private ReplicaOpening _opening;
    private WritingState _state = new();
    private List<FailedLink> _failedLinks = [];
    private DeliveryPlan _plan;
    private ReplicaFiles? _files;
    private Reception? _reception;
    private CancellationTokenSource _link = new();
    private Task _publication = Task.CompletedTask;
    private ReplicaShortfall _shortfall;
    private ReplicaIntake? _intake;
    private int _stashed;
    private int _openingBeats;
    private bool _heard;
    private bool _hasBegunAgain;
    private KeepRule? _keep;

    /// <summary>A writer for the run of <paramref name="prepare"/>'s plan.</summary>
    public ReplicaWriterActor(DestinationWork work, PrepareReplica prepare, ICanTell coordinator)
    {
        (_work, _plan, _coordinator) = (work, prepare.Plan, coordinator);
        _opening = new ReplicaOpening(work, prepare);
        (_calls, _news) = (new ParentCalls(work), new ReceptionNews(work.Report) { Tree = prepare.Tree });
        if (prepare.Seal is { } seal) _state = _state.WithSeal(seal);
        _log = Logger(_plan);
        Opening();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public IStash Stash { get; set; } = null!;

    protected override void PreStart()
    {
        _opening.Begin().PipeTo(Self, failure: problem => new DiskFailed(problem));
        Timers.StartPeriodicTimer(Tick.Report, Tick.Report, Beat);
        Timers.StartPeriodicTimer(Tick.Verified, Tick.Verified, VerifiedPeriod);
    }

    /// <summary>Until the content of the disk is known and re-read. No link is expected.</summary>
    private void Opening()
    {
        Receive<OpenedReplica>(opened =>
        {
            (_files, _shortfall, _intake) =
                (opened.Files, opened.Published?.Shortfall ?? default, opened.Published?.Intake);
            _state = _state with { IsOpened = _files is not null, Published = opened.Published?.Seal };
            _files?.WarnOfLimits(_work.Report);
            if (_files is not null) _news.Begin(_plan);
            Become(Receiving);
            Stash.UnstashAll();
            Expect();
        });
        Receive<DiskFailed>(failed =>
        {
            Become(Receiving);
            Stash.UnstashAll();
            Fail(Reason.Of(failed.Problem));
        });
        // Repeated each second, however long it takes: dropped messages come again.
        Receive<PrepareReplica>(_ => Stash.Stash(), _ => _stashed++ < MostStashed);
        Receive<PrepareReplica>(_ => { });
        Receive<RunOver>(Leave);
        ReceiveSeal();
        ReceiveFromOldLinks();
        // Writing back the data of an earlier incarnation may take long, and nothing is read before that: the others
        // need not wait for it.
        Receive<Tick>(_ => Report(),
            tick => tick == Tick.Report && (_opening.Verified > 0 || ++_openingBeats > BeatsWaited));
        Receive<Tick>(_ => { });
    }

    /// <summary>What may still come of a link when all begins again.</summary>
    private void ReceiveFromOldLinks()
    {
        Receive<IParentLink>(link => _ = link.RefuseAsync(ErrorCode.Epoch, ReplicaReason.ReadAgain));
        Receive<CallOver>(_ => { });
        Receive<ChildEnded>(OnChildEnded);
    }

    private void Receiving()
    {
        Receive<PrepareReplica>(OnPrepare);
        Receive<IParentLink>(OnLink);
        Receive<CallOver>(_ => { });
        Receive<ChildrenDialed>(OnChildren);
        Receive<Begun>(OnBegun);
        Receive<LinkEnded>(OnLinkEnded);
        Receive<Received>(_ => OnReceived());
        ReceiveSeal();
        Receive<Published>(OnPublished);
        Receive<DiskFailed>(failed => Fail(Reason.Of(failed.Problem)));
        Receive<ChildEnded>(OnChildEnded);
        Receive<ReplicaHeard>(_ => _heard = true);
        Receive<RunOver>(Leave);
        Receive<Tick>(OnTick);
    }

    private void OnTick(Tick tick)
    {
        if (tick == Tick.Verified) SendVerified();
        else if (!_heard) Report();
    }

    private void OnPrepare(PrepareReplica prepare)
    {
        if (prepare.Seal is { } digest) HandleSeal(digest);
        if (prepare.Plan.Epoch < _plan.Epoch || _state.IsLeaving) return;
        var isNews = prepare.Plan.Epoch > _plan.Epoch;
        var moved = prepare.Plan.ParentOf(_work.Name)?.Name != _plan.ParentOf(_work.Name)?.Name
            || prepare.Plan.Receiver(_work.Name)?.IsLeftOf(_plan.Receiver(_work.Name)) == false;
        (_plan, _news.Tree) = (prepare.Plan, prepare.Tree ?? _news.Tree);
        _log = Logger(_plan);
        // A link that stands in both plans stays open; any other would bring what this node no longer waits for.
        if (isNews && moved) _link.Cancel();
        if (isNews) (_state, _failedLinks) = (_state with { LostLink = null }, []);
        Expect();
    }

    private static ILoggingAdapter Logger(DeliveryPlan plan) =>
        Context.GetLogger().WithContext("Run", plan.Run.ToString()).WithContext("Epoch", plan.Epoch.Number);

    private void Expect()
    {
        if (!_state.IsOver) _work.ExpectedLinks.Expect(_plan, Self);
        NotePause();
        Report();
        CallParent();
    }

    /// <summary>A destination that has everything, or has given up, waits for nothing; only destinations that lack
    /// something are told that the run goes on.</summary>
    private void NotePause()
    {
        if (_plan.IsForNobody && !_state.IsOver)
            _work.Paused[_plan.Run] = (_plan.Origin, _plan.Snapshot);
        else _work.Paused.TryRemove(_plan.Run, out _);
    }

    /// <summary>
    /// If the plan says that this node dials its parent, and there is no link yet, goes on calling until there is one.
    /// </summary>
    private void CallParent()
    {
        _work.Calls.Expect(_plan);
        var log = _log;
        _calls.Call(_plan, _state.MayCall, why => log.Info("The parent does not take the link yet: {0}", why))
            ?.PipeTo(Self, failure: problem => new CallOver(problem));
    }

    private void OnLink(IParentLink link)
    {
        if (!_state.MayReceive || link.Hello.Epoch != _plan.Epoch)
        {
            _ = link.RefuseAsync(ErrorCode.Epoch, LinkReason.EpochOrWhole(_plan.Epoch));
            return;
        }
        if (_state.IsLinkOpen)
        {
            // The parent starts again before this side has noticed that the old link is dead. One link at a time
            // writes.
            _link.Cancel();
            Stash.Stash();
            return;
        }
        _log.Debug("Link from {0} at {1}", link.Hello.From, link.From);
        _link = new CancellationTokenSource();
        var (plan, cancel) = (_plan, _link.Token);
        ChildDialer.DialAsync(plan, _work.Name, _work.Calls, _work.Links, _work.Sending, _work.Deadlines, Buffers,
            cancel).PipeTo(Self, success: children => new ChildrenDialed(link, children));
        _state = _state with { IsLinkOpen = true, LostLink = null };
    }

    private void OnChildren(ChildrenDialed dialed)
    {
        // A newer plan has ended the dialling: this is not a failure.
        if (!_link.IsCancellationRequested) _failedLinks.AddRange(dialed.Children.Failed.Select(FailedLinks.Of));
        if (_failedLinks.Count > 0) Report();
        Reception.BeginAsync(dialed.Link, _work.Name, _files!.Replica, dialed.Children.Branches, OnVerified,
            new LinkTerms(Buffers, _work.Deadlines, _work.Receiving), _materializer, _link.Token)
            .PipeTo(Self, success: reception => new Begun(reception), failure: problem => new LinkEnded(problem));
    }

    private void OnVerified(long number, FileEntry file)
    {
        _verified.Add(number, file.Stamp.Size);
        _work.Report(new FileStored(file.Path, file.Stamp.Size, 1));
    }

    private void OnBegun(Begun begun)
    {
        _reception = begun.Reception;
        _reception.Received.PipeTo(Self, success: () => new Received(), failure: problem => new LinkEnded(problem));
        foreach (var (child, ended) in _reception.Forwarded)
        {
            ended.PipeTo(Self, success: () => new ChildEnded(child, null),
                failure: problem => new ChildEnded(child, problem));
        }
    }

    private void OnChildEnded(ChildEnded ended)
    {
        if (ended.Problem is { } problem and not OperationCanceledException
            && _plan.ParentOf(ended.Child)?.Name == _work.Name)
        {
            _failedLinks.Add(FailedLinks.Of(ended.Child, problem));
            Report();
        }
        ReportDone();
    }

    /// <summary>What was received is kept; the next epoch's link brings the rest.</summary>
    private void OnLinkEnded(LinkEnded ended)
    {
        (_reception, _state) = (null, _state with { IsLinkOpen = false });
        // Reported before this node is ready for the next link: it does not count as that link's progress.
        SendVerified();
        if (ended.Problem is PosixException problem) Fail(problem.Reason);
        else if (!_state.IsLeaving) _log.Info("The link ended early: {0}", ended.Problem.Message);
        if (!_link.IsCancellationRequested) _state = _state with { LostLink = Reason.Of(ended.Problem) };
        var isAgain = ended.Problem is UnfitManifestException unfit && !_state.IsLeaving
            && _state.Failure is null && BeginsAgain(unfit.Reason);
        Stash.UnstashAll();
        if (!isAgain) CallParent();
        FinishLeaving();
    }

    private void Report() => _coordinator.Tell(
        new ReplicaReport(_plan.Run, _plan.Epoch, _work.Name, _state.Phase, _state.Published?.Digest,
            _state.Failure ?? Reason.None, [.. _failedLinks])
        {
            Shortfall = _shortfall with { Limits = _shortfall.Limits & ~ReplicaLimits.Names },
            Verified = _opening.Verified,
            LostLink = _state.LostLink,
            Flows = _reception is { } forwarding ? [.. forwarding.Flows] : null,
            Received = _files?.Replica.Received ?? 0,
            Intake = _intake,
            Done = _files?.Replica.Done,
            Activity = _state.IsPublishing ? _files?.Staged.Activity : null,
            LacksNames = _shortfall.Limits.HasFlag(ReplicaLimits.Names),
        }, Self);

    private void SendVerified()
    {
        if (_files is not null) _news.Say(_plan, _files.Replica.Done, _state.IsPublishing);
        var files = _verified.Take();
        if (files.Count > 0) _coordinator.Tell(new FilesVerified(_plan.Run, _work.Name, files, _verified.Bytes), Self);
    }

    private sealed record DiskFailed(Exception Problem);
    private sealed record ChildrenDialed(IParentLink Link, DialedChildren Children);
    private sealed record Begun(Reception Reception);
    private sealed record Received;
    private sealed record LinkEnded(Exception Problem);
    private sealed record CallOver(Exception Problem);
    private sealed record ChildEnded(NodeName Child, Exception? Problem);
    private sealed record Published(ManifestSeal Seal, Verification.Damaged? Damaged);

    private enum Tick { Report, Verified }
}
