using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Roots;
using BackupDistribuido.Storage.Verifying;

namespace BackupDistribuido.Actors.Destination;

/// <summary>
/// Looks now and then, and before the destination says for the first time what it has, whether the newest snapshot of
/// each origin is still there and is the one that was published. What is gone, or has no manifest, is no copy from then
/// on. Where something has changed all names are looked at; content is the verifier's. It outlives ActorSystems. For
/// one caller at a time.
/// </summary>
/// <param name="verify">Told which snapshot is to be read again.</param>
internal sealed class HoldingWatch(DestinationRoot root, HeldSnapshots held, DamageDesk damage,
    Action<NodeEvent> report, TimeProvider clock, Action<NodeName, SnapshotId> verify)
{
    /// <summary>How often it looks where nothing else is said.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(NodeName Origin, SnapshotId Snapshot), HoldingMark> _marks = [];
    private readonly HashSet<(NodeName Origin, SnapshotId Snapshot)> _changed = [];
    private readonly HashSet<(NodeName Origin, SnapshotId Snapshot)> _missed = [];

    /// <summary>Looks each time that long after the last look, until it is cancelled.</summary>
    public async Task KeepToAsync(TimeSpan every, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await WalkChangedAsync(stop).ConfigureAwait(false);
                await Task.Delay(every, clock, stop).ConfigureAwait(false);
                await Task.Run(Look, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The destination ends.
        }
    }

    /// <summary>Looks once.</summary>
    public void Look()
    {
        var all = held.Newest(RegistrationRules.MaxHeld);
        foreach (var forgotten in _marks.Keys.Except(all.Select(one => (one.Origin, one.Snapshot))).ToList())
            _marks.Remove(forgotten);
        foreach (var one in all) Look(one);
    }

    private void Look(HeldSnapshot one)
    {
        var key = (one.Origin, one.Snapshot);
        var found = HoldingLook.At(root, one.Origin, one.Snapshot, one.Digest, _marks.GetValueOrDefault(key));
        // Published meanwhile, or removed by its origin's rule.
        if (!held.IsNewest(one.Origin, one.Snapshot)) return;
        switch (found)
        {
            case { State: HoldingState.Gone, Fault: { } fault }:
                _missed.Add(key);
                var damaged = new Verification.Damaged(clock.GetUtcNow(), 1, fault.Path);
                if (held.Gone(one.Origin, one.Snapshot, damaged))
                    report(new ReplicaDamaged(one.Origin, one.Snapshot, damaged));
                break;
            case { State: HoldingState.Damaged, Fault: { } fault } when !one.IsDamaged || one.IsGone:
                _missed.Add(key);
                damage.Keep(one.Origin, one.Snapshot, fault);
                break;
            case { State: HoldingState.Changed, Mark: { } mark } when !one.IsDamaged:
                _marks[key] = mark;
                _changed.Add(key);
                break;
            case { Mark: { } mark }:
                _marks[key] = mark;
                // Somebody has put it back, or the disk is there again: it counts once all of it was read.
                if (_missed.Remove(key)) verify(one.Origin, one.Snapshot);
                break;
        }
    }

    /// <summary>Looks at all names of what has changed: a restore with <c>ls</c> and <c>cp</c> changes nothing, and
    /// whoever removed something is found out.</summary>
    private async Task WalkChangedAsync(CancellationToken stop)
    {
        foreach (var (origin, id) in _changed.ToList())
        {
            _changed.Remove((origin, id));
            try
            {
                var found =
                    await ReplicaCheck.RunAsync(root, origin, id, null, clock.GetUtcNow, stop).ConfigureAwait(false);
                if (found is not { Report: { Verdict: Verification.Damaged damaged } reported }
                    || !held.IsNewest(origin, id)) continue;
                held.Verified(origin, id, damaged);
                report(new ReplicaDamaged(origin, id, damaged));
                ReplicaCheck.Keep(root, origin, id, reported);
                damage.Mark(origin, found.Wrong, id);
            }
            catch (IOException e)
            {
                report(new Warned($"{origin} {id} can't be verified: {e.Message}"));
            }
        }
    }
}
