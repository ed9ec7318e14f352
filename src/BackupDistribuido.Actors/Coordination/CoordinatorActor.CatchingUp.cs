using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Coordination;

/// <content>
/// Brings destinations that lack an origin's newest snapshot to it, from one that has it: those that joined after its
/// run, were away, or came back. The origin has no part in it; when it begins a run of its own, that goes first.
/// </content>
public sealed partial class CoordinatorActor
{
    /// <summary>After a coordinator's start all register again, and origins say which runs they are in: until then it
    /// is not known who catches up with what.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(6);

    /// <summary>Whoever did not get ready for a catch-up is not tried again before: each try is a run.</summary>
    private static readonly TimeSpan LatePause = TimeSpan.FromMinutes(10);

    private const int MaxRemembered = 10_000;

    private readonly HashSet<RunId> _catchUps = [];

    /// <summary>Whoever failed at a snapshot in this life of it, at receiving it or at giving it to others: what was
    /// wrong there may have been mended.</summary>
    private readonly Backoff<(NodeIdentity Destination, SnapshotId Snapshot)> _givenUp =
        new(TimeSpan.FromMinutes(10), TimeSpan.FromHours(6), MaxRemembered);

    /// <summary>Origins whose snapshot could not be brought to others for a defect: each try would meet it
    /// again.</summary>
    private readonly Backoff<NodeName> _broke = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10), MaxRemembered);

    private readonly Dictionary<NodeIdentity, TimeSpan> _lateUntil = [];
    private readonly Dictionary<(NodeIdentity Destination, SnapshotId Snapshot), TimeSpan> _broughtUntil = [];

    private void CatchUpLags()
    {
        if (Uptime < Settling) return;
        var settled = _clock.GetUtcNow() - Settling;
        var here = _destinations.Entries.Select(live => live.Registration).ToList();
        foreach (var lag in CatchUp.Lags(here, _remembered.SealOf, Order))
        {
            var origin = lag.Snapshot.Origin;
            if (RunsOf(origin).Any() || _broke.Holds(origin, Uptime)
                || (_origins.TryGet(origin, out var live) && live.Registration.InProgress is not null)) continue;
            var lacking = Live(lag.Lacking)
                .Where(node => node.Since < settled
                    && !(_lateUntil.TryGetValue(node.Node, out var until) && Uptime < until)
                    && !_givenUp.Holds((node.Node, lag.Snapshot.Snapshot), Uptime)
                    && !IsBrought(node.Node, lag.Snapshot.Snapshot)).ToList();
            // Whoever could not read what it has is not asked for a while.
            var holders = Live(lag.Holders)
                .Where(node => !_givenUp.Holds((node.Node, lag.Snapshot.Snapshot), Uptime)).ToList();
            if (lacking.Count > 0 && holders.Count > 0) StartCatchUp(lag.Snapshot, holders, lacking);
        }
    }

    private IEnumerable<LiveNode<DestinationRegistration>> Live(IEnumerable<NodeName> names) =>
        names.Select(name => _destinations.TryGet(name, out var live) ? live : null)
            .OfType<LiveNode<DestinationRegistration>>().OrderBy(live => live.Since);

    private void StartCatchUp(HeldSnapshot snapshot,
        IReadOnlyList<LiveNode<DestinationRegistration>> holders, IReadOnlyList<LiveNode<DestinationRegistration>> lacking)
    {
        var (run, root) = (RunId.New(), holders.MinBy(holder => holder.Registration.Dialled is null)!);
        var totals = new TreeTotals(snapshot.Entries!.Value, 0, snapshot.Bytes!.Value);
        var known = _remembered.Origin(snapshot.Origin);
        var registration = new OriginRegistration(new NodeIdentity(snapshot.Origin, snapshot.OriginIdentity!, 0),
            totals, known?.Required ?? 1, 1, false, root.Registration.Disk, null, Topology: known?.Topology
                ?? TopologyChoice.Auto);
        var newest = new Epoch(holders.Concat(lacking)
            .Max(node => Math.Min(node.Registration.HighestEpoch.Number, HighestCredible)));
        var state = RunState.Begin(run, snapshot.Origin, snapshot.Snapshot, registration.Required, newest)
            .RootedAt(root.Node.Name, root.Registration.Dialled)
            .Sealed(new SealedTree(snapshot.Digest!.Value, totals, 0));
        foreach (var holder in holders)
            state = state.Joined(holder.Node.Name, holder.Registration.Dialled, holder.Registration.Disk,
                holder.Registration.Limit, identity: holder.Node.Identity)
                    .Stored(holder.Node.Name, snapshot.Digest.Value);
        _log.Info("Run {0}: {1} destinations catch up with snapshot {2} of {3}, from destination {4}", run,
            lacking.Count, snapshot.Snapshot, snapshot.Origin, root.Node.Name);
        Begin(state, registration, root.Ref, [.. holders, .. lacking]);
        _catchUps.Add(run);
    }

    /// <summary>An origin goes first.</summary>
    private void EndCatchUps(NodeName origin)
    {
        foreach (var run in RunsOf(origin).Where(run => _catchUps.Contains(run.Status.Run)))
            run.Ref.Tell(new RunActor.Preempted());
    }

    private void Postpone(NodeName destination)
    {
        if (_lateUntil.Count >= MaxRemembered) _lateUntil.Clear();
        if (_destinations.TryGet(destination, out var live)) _lateUntil[live.Node] = Uptime + LatePause;
    }

    private void GiveUp(NodeName destination, SnapshotId snapshot)
    {
        if (_destinations.TryGet(destination, out var live)) _givenUp.Failed((live.Node, snapshot), Uptime);
    }

    /// <summary>A catch-up stopped by an exception. It would begin again with the next tick, and stop again.</summary>
    private void BrokeCatchUp(RunStatus run)
    {
        var pause = _broke.Failed(run.Origin, Uptime);
        _log.Error(
            "Run {0}, which brings snapshot {1} of {2} to others, was stopped by a defect; it is tried again in {3} s",
            run.Run, run.Snapshot, run.Origin, pause.TotalSeconds);
        _report(new Warned(RunReason.CatchUpDefect(run.Snapshot, run.Origin, pause)));
    }

    private void OnStored(RunNews.Stored stored)
    {
        var held = stored.Held;
        if (held.Digest is { } digest) _remembered.Sealed(held.Origin, held.Snapshot, digest);
        if (!_destinations.TryGet(stored.Name, out var live)) return;
        _destinations.Register(live.Node, live with { Registration = live.Registration.Holding(held) });
        _givenUp.Worked((live.Node, held.Snapshot));
        if (!_catchUps.Any(run => _runs.TryGetValue(run, out var known) && known.Ref.Equals(Sender))) return;
        if (_broughtUntil.Count >= MaxRemembered) _broughtUntil.Clear();
        _broughtUntil[(live.Node, held.Snapshot)] = Uptime + LatePause;
    }

    /// <summary>
    /// It has been brought that snapshot a while ago, and has not said since that it is its newest: its clock may be
    /// ahead, and a newer one from the future be what it says. Each catch-up would find that nothing is lacking, and
    /// another one begin.
    /// </summary>
    private bool IsBrought(NodeIdentity destination, SnapshotId snapshot) =>
        _broughtUntil.TryGetValue((destination, snapshot), out var until) && Uptime < until;

    /// <summary>It says itself that it has them: should it lose one again, that is brought to it at once.</summary>
    private void HearBrought(DestinationRegistration said)
    {
        if (_broughtUntil.Count == 0) return;
        foreach (var held in said.Newest) _broughtUntil.Remove((said.Node, held.Snapshot));
    }
}
