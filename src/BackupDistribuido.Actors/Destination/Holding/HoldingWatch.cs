using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Checking;
using BackupDistribuido.Storage.Layout;

namespace BackupDistribuido.Actors.Destination.Holding;

/// <summary>
/// Checks at intervals, and before the destination first registers, that the newest snapshot of each origin is still
/// there and is the one that was published. A snapshot that is gone, has no manifest, or lies on a disk that does not
/// answer is no copy from then on. If something has changed, all names are checked; content is the verifier's task. It
/// outlives ActorSystems. For one caller at a time.
/// </summary>
/// <param name="verify">Told which snapshot is to be read again.</param>
internal sealed class HoldingWatch(DestinationRoot root, HeldSnapshots held, DamageReports damage,
    Action<NodeEvent> report, TimeProvider clock, Action<NodeName, SnapshotId> verify)
{
    /// <summary>Default interval of the checks.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromMinutes(1);

    /// <summary>The first look and one in so many after it read from the disk; the others let a disk sleep.</summary>
    private const int LooksFromDisk = 60;

    private long _looks;
    private readonly Dictionary<(NodeName Origin, SnapshotId Snapshot), HoldingMark> _marks = [];
    private readonly HashSet<(NodeName Origin, SnapshotId Snapshot)> _missed = [];

    // Each origin may be on a different disk: a hanging one blocks only the thread that asked it.
    private readonly Dictionary<NodeName, Task<HoldingFound>> _unanswered = [];

    // Walks end on their own threads.
    private readonly Dictionary<(NodeName Origin, SnapshotId Snapshot), Task> _walks = [];
    private readonly HashSet<(NodeName Origin, SnapshotId Snapshot)> _unwalked = [];
    private readonly HashSet<(NodeName Origin, SnapshotId Snapshot)> _warned = [];

    /// <summary>How a snapshot is looked at; see <see cref="HoldingCheck.At"/>.</summary>
    public Func<HeldSnapshot, HoldingMark?, bool, HoldingFound> At { get; init; } = (one, mark, fromDisk) =>
        HoldingCheck.At(root, one.Origin, one.Snapshot, one.Digest, mark, fromDisk);

    /// <summary>How all names of a snapshot are looked at; see <see cref="ReplicaCheck"/>.</summary>
    public Func<NodeName, SnapshotId, CancellationToken, Task<ReplicaFinding?>> Walk { get; init; } =
        (origin, id, stop) => ReplicaCheck.RunAsync(root, origin, id, null, clock.GetUtcNow, stop);

    /// <summary>A disk counts as not answering after this time.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Looks each time that long after the last look, until it is cancelled.</summary>
    public async Task RunAsync(TimeSpan every, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(every, clock, stop).ConfigureAwait(false);
                await LookAsync(stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The destination ends.
        }
    }

    /// <summary>Checks once, and begins to walk what has changed.</summary>
    public async Task LookAsync(CancellationToken stop)
    {
        var all = held.Newest(RegistrationRules.MaxHeld);
        var keys = all.Select(one => (one.Origin, one.Snapshot)).ToHashSet();
        foreach (var forgotten in _marks.Keys.Where(key => !keys.Contains(key)).ToList()) _marks.Remove(forgotten);
        foreach (var one in all) await LookAsync(one, stop).ConfigureAwait(false);
        _looks++;
        lock (_walks)
        {
            foreach (var key in _walks.Where(walk => walk.Value.IsCompleted).Select(walk => walk.Key).ToList())
                _walks[key] = WalkAsync(key, stop);
        }
    }

    /// <summary>
    /// Waits until everything that has changed was walked once, before the first registration. A snapshot whose walk
    /// takes longer than <paramref name="most"/> is not a copy until it has been walked.
    /// </summary>
    public async Task WalkedAsync(TimeSpan most)
    {
        Task all;
        lock (_walks) all = Task.WhenAll(_walks.Values);
        if (await Task.WhenAny(all, Task.Delay(most, clock)).ConfigureAwait(false) == all) return;
        lock (_walks)
        {
            foreach (var (key, _) in _walks.Where(walk => !walk.Value.IsCompleted))
            {
                _unwalked.Add(key);
                Silence(key);
            }
        }
    }

    private async Task LookAsync(HeldSnapshot one, CancellationToken stop)
    {
        var key = (one.Origin, one.Snapshot);
        if (await AskAsync(one, stop).ConfigureAwait(false) is not { } found)
        {
            if (!one.IsDamaged) Silence(key);
            return;
        }
        bool isUnwalked;
        lock (_walks) isUnwalked = _unwalked.Contains(key);
        if (!isUnwalked) held.Silent(one.Origin, one.Snapshot, null);
        Judge(one, found);
    }

    private void Silence((NodeName Origin, SnapshotId Snapshot) key)
    {
        var said = new Verification.Damaged(clock.GetUtcNow(), 1, $"snapshots/{key.Snapshot}");
        if (held.Silent(key.Origin, key.Snapshot, said))
            report(new Warned(ReplicaReason.NotAnswering($"{root.RealPath}/{key.Origin}", key.Snapshot)));
    }

    /// <summary>
    /// The result of a check; null if the disk does not answer, or has not answered the previous check yet.
    /// </summary>
    private async Task<HoldingFound?> AskAsync(HeldSnapshot one, CancellationToken stop)
    {
        if (_unanswered.TryGetValue(one.Origin, out var pending) && !pending.IsCompleted) return null;
        var mark = _marks.GetValueOrDefault((one.Origin, one.Snapshot));
        var fromDisk = _looks % LooksFromDisk == 0;
        var look = Task.Factory.StartNew(() => At(one, mark, fromDisk), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _unanswered[one.Origin] = look;
        if (await Task.WhenAny(look, Task.Delay(Patience, clock, stop)).ConfigureAwait(false) == look)
            return await look.ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
        return null;
    }

    private void Judge(HeldSnapshot one, HoldingFound found)
    {
        var key = (one.Origin, one.Snapshot);
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
                lock (_walks) _walks.TryAdd(key, Task.CompletedTask);
                break;
            case { Mark: { } mark }:
                _marks[key] = mark;
                // It has been put back, or the disk is there again: it counts once all of it was read.
                if (_missed.Remove(key)) verify(one.Origin, one.Snapshot);
                break;
        }
    }

    /// <summary>
    /// Checks all names of what has changed: a restore with <c>ls</c> and <c>cp</c> changes nothing, and a removal is
    /// noticed. If that is not possible, the next check starts it again.
    /// </summary>
    private async Task WalkAsync((NodeName Origin, SnapshotId Snapshot) key, CancellationToken stop)
    {
        var (origin, id) = key;
        try
        {
            var found = await Walk(origin, id, stop).ConfigureAwait(false);
            lock (_walks)
            {
                _walks.Remove(key);
                _warned.Remove(key);
                if (_unwalked.Remove(key)) held.Silent(origin, id, null);
            }
            if (found is not { Report: { Verdict: Verification.Damaged damaged } reported }
                || !held.IsNewest(origin, id)) return;
            held.Verified(origin, id, damaged);
            report(new ReplicaDamaged(origin, id, damaged));
            ReplicaCheck.Keep(root, origin, id, reported);
            damage.Mark(origin, found.Wrong, id);
        }
        catch (IOException e)
        {
            bool isFirst;
            lock (_walks) isFirst = _warned.Add(key);
            if (isFirst) report(new Warned(ReplicaReason.NotVerified($"{origin} {id}", Reason.Of(e))));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The destination ends.
        }
    }
}
