using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Actors.Delivery;
using BackupDistribuido.Actors.Destination.Writing;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Transfer.Sending.Sources;

namespace BackupDistribuido.Actors.Destination;

/// <summary>
/// Delivers a snapshot of this destination to others that lack it, in the origin's place. A file that differs from the
/// manifest is this destination's own damage: the snapshot is no longer a copy, and another holder delivers. It ends
/// with the run, or when messages about the run stop.
/// </summary>
internal sealed class HolderActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(1);

    private readonly DestinationWork _work;
    private readonly ICanTell _coordinator;
    private readonly DeliveryPlan _plan;
    private readonly ILoggingAdapter _log;
    private Deliver? _newest;
    private StoredReplica? _tree;
    private IActorRef? _delivery;
    private Reason? _failure;
    private bool _isDamaged;

    /// <summary>A holder for the run of <paramref name="plan"/>.</summary>
    public HolderActor(DestinationWork work, DeliveryPlan plan, ICanTell coordinator)
    {
        (_work, _plan, _coordinator) = (work, plan, coordinator);
        _log = Context.GetLogger().WithContext("Run", plan.Run.ToString()).WithContext("Epoch", plan.Epoch.Number);
        Receive<Deliver>(OnDeliver);
        Receive<Opened>(OnOpened);
        Receive<OpenFailed>(OnOpenFailed);
        Receive<DeliveryReport>(OnReport);
        Receive<UnfitFile>(OnUnfit);
        Receive<RunReport>(OnRunReport);
        Receive<RunOver>(_ => Context.Stop(Self));
        Receive<IsForgotten>(_ => Context.Stop(Self));
        Receive<IRunMessage>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        ResetForgetting();
        var (work, origin, snapshot) = (_work, _plan.Origin, _plan.Snapshot);
        Task.Factory.StartNew(() => work.OpenStored(origin, snapshot, mustHaveAll: true), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .PipeTo(Self, success: tree => new Opened(tree), failure: problem => new OpenFailed(problem));
    }

    private void ResetForgetting() => Timers.StartSingleTimer(nameof(IsForgotten), new IsForgotten(), Forgotten);

    private void OnDeliver(Deliver deliver)
    {
        ResetForgetting();
        _newest = deliver;
        _delivery?.Forward(deliver);
        if (_failure is not null) ReportFailure(_failure);
    }

    private void OnOpened(Opened opened)
    {
        var (tree, name, plan, links, limit) = (opened.Tree, _work.Name, _plan, _work.Links, _work.Sending);
        var calls = _work.Calls;
        var (self, damage, wasSaid) = (Self, _work.Damage, false);
        _tree = new StoredReplica(tree.Files, tree.Manifest, TreeObserver.To(_ => { }), file =>
        {
            damage?.Found(plan.Origin, plan.Snapshot, file);
            // One is enough to say, and a disk that fails may have very many.
            if (!wasSaid) self.Tell(file);
            wasSaid = true;
        });
        var outgoing = _tree;
        _log.Info("Delivering snapshot {0} of {1} to others", plan.Snapshot, plan.Origin);
        _delivery = Context.ActorOf(Props.Create(() => new DeliveryActor(name, outgoing, plan, links, limit, calls)),
            "delivery");
        if (_newest is { } deliver) _delivery.Tell(deliver);
    }

    /// <summary>The first file that can't be given as it was. What others still receive of the rest is right, and they
    /// keep it.</summary>
    private void OnUnfit(UnfitFile file)
    {
        if (_failure is not null) return;
        _isDamaged = file.Fault is not null;
        if (file.Fault is null) _failure = ReplicaReason.NotReadBy(_work.Name, file.Why);
        else _failure = ReplicaReason.FileDamagedAt(_work.Name, Verification.Shown(file.Path.ToString()));
        _log.Error("Snapshot {0} of {1} can't be delivered: {2}", _plan.Snapshot, _plan.Origin, _failure);
        ReportFailure(_failure);
    }

    /// <summary>No receiver is to blame for what this disk has lost.</summary>
    private void OnReport(DeliveryReport report)
    {
        if (_failure is null) _coordinator.Tell(report, Self);
        else ReportFailure(_failure);
    }

    private void OnOpenFailed(OpenFailed failed)
    {
        _failure = ReplicaReason.NotReadBy(_work.Name, Reason.Of(failed.Problem));
        _isDamaged = failed.Problem is InvalidDataException;
        _log.Error("Snapshot {0} of {1} can't be delivered: {2}", _plan.Snapshot, _plan.Origin, failed.Problem.Message);
        ReportFailure(_failure);
    }

    private void ReportFailure(Reason reason)
    {
        if (_newest?.Plan is { } plan)
            _coordinator.Tell(new DeliveryReport(plan.Run, plan.Epoch, [], default, null, Problem: reason,
                IsDamaged: _isDamaged), Self);
    }

    private void OnRunReport(RunReport report)
    {
        ResetForgetting();
        if (report.End is null) return;
        _coordinator.Tell(new RunEndHeard(report.Run), Self);
        Context.Stop(Self);
    }

    // The delivery was this actor's child and has stopped before it.
    protected override void PostStop() => _tree?.Dispose();

    private sealed record Opened(StoredTree Tree);

    private sealed record OpenFailed(Exception Problem);

    private sealed record IsForgotten;
}
