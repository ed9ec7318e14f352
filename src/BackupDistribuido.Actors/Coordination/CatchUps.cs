using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Core.Coordination;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>
/// Brings destinations that lack an origin's newest snapshot up to date, from one that has it: destinations that joined
/// after its run, were away, or came back. The origin has no part in it; its own run takes precedence. Part of the
/// coordinator's actor, for its thread.
/// </summary>
internal sealed class CatchUps(CoordinatorServices services, MemberRegistry members, ActiveRuns runs)
{
    private readonly CatchUpBackoff _backoff = new();

    /// <summary>Begins all catch-ups that can begin.</summary>
    public void Start()
    {
        if (services.Uptime < CoordinatorActor.Settling) return;
        var settled = services.Time - CoordinatorActor.Settling;
        var here = members.Registrations.ToList();
        foreach (var lag in CatchUp.Lags(here, services.Remembered.SealOf, services.Order))
        {
            var (origin, snapshot) = (lag.Snapshot.Origin, lag.Snapshot.Snapshot);
            if (runs.Of(origin).Any() || !_backoff.MayBegin(origin, services.Uptime)) continue;
            if (members.Origins.TryGet(origin, out var live) && live.Registration.InProgress is not null) continue;
            var lacking = members.Live(lag.Lacking).Where(node => node.Since < settled
                && _backoff.MayReceive(node.Node, snapshot, services.Uptime)).ToList();
            // A holder that could not read its snapshot is not asked for a while.
            var holders = members.Live(lag.Holders)
                .Where(node => _backoff.MayGive(node.Node, snapshot, services.Uptime)).ToList();
            if (lacking.Count > 0 && holders.Count > 0) Start(lag.Snapshot, holders, lacking);
        }
    }

    private void Start(HeldSnapshot snapshot, List<LiveNode<DestinationRegistration>> holders,
        List<LiveNode<DestinationRegistration>> lacking)
    {
        var begun = NewRun.CatchUp(RunId.New(), snapshot, [.. holders.Select(live => live.Registration)],
            lacking.Select(live => live.Registration), services.Remembered.Origin(snapshot.Origin));
        var (state, count) = (begun.State, lacking.Count);
        services.Log.Info("Run {0}: {1} destinations catch up with snapshot {2} of {3}, from destination {4}",
            state.Run, count, state.Snapshot, state.Origin, state.Root);
        var root = holders.Find(holder => holder.Node.Name == state.Root)!.Ref;
        runs.StartCatchUp(begun, root, [.. holders, .. lacking]);
    }

    /// <summary>A destination speaks.</summary>
    public void Handle(DestinationRegistration said) => _backoff.Handle(said);

    /// <summary>A destination did not get ready for a catch-up.</summary>
    public void Handle(RunNews.Late late)
    {
        if (members.Destinations.TryGet(late.Name, out var live)) _backoff.Late(live.Node, services.Uptime);
    }

    /// <summary>A destination failed at a snapshot in a run.</summary>
    public void Handle(RunNews.Failed failed)
    {
        if (members.Destinations.TryGet(failed.Name, out var live))
            _backoff.GaveUp(live.Node, failed.Snapshot, services.Uptime);
    }

    /// <summary>A catch-up stopped by an exception. It would begin again with the next tick, and stop again.</summary>
    public void Crashed(RunStatus run)
    {
        var pause = _backoff.Crashed(run.Origin, services.Uptime);
        services.Log.Error(
            "Run {0}, which brings snapshot {1} of {2} to others, was stopped by a defect; it is tried again in {3} s",
            run.Run, run.Snapshot, run.Origin, pause.TotalSeconds);
        services.Report(new Warned(RunReason.CatchUpDefect(run.Snapshot, run.Origin, pause)));
    }

    /// <summary>A destination has stored a snapshot in <paramref name="run"/>.</summary>
    public void Handle(RunNews.Stored stored, IActorRef run)
    {
        var held = stored.Held;
        if (held.Digest is { } digest) services.Remembered.Sealed(held.Origin, held.Snapshot, digest);
        if (!members.Destinations.TryGet(stored.Name, out var live)) return;
        members.Destinations.Register(live.Node, live with { Registration = live.Registration.Holding(held) });
        _backoff.Stored(live.Node, held.Snapshot);
        if (runs.IsCatchUp(run)) _backoff.Delivered(live.Node, held.Snapshot, services.Uptime);
    }
}
