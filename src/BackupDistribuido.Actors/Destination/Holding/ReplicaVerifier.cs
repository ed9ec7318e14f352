using System.Diagnostics;
using System.Globalization;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Checking;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Manifests.Findings;
using BackupDistribuido.Storage.Replicas;

namespace BackupDistribuido.Actors.Destination.Holding;

/// <summary>
/// Re-reads a destination's replicas, one at a time, the newest of each origin first: on request, and automatically,
/// gently, those that are due. Content that older ones share with a newer one is read once. Receiving takes precedence.
/// It outlives ActorSystems. Safe from any thread.
/// </summary>
internal sealed class ReplicaVerifier(DestinationRoot root, HeldSnapshots held, OriginClaims claims,
    DamageReports damage,
    Action<NodeEvent> report, TimeProvider clock)
{
    /// <summary>Bytes per second of automatic re-reading, if this rate is enough.</summary>
    private const double Gentle = 20 * 1024 * 1024;

    private const int MostAsked = 1000;

    /// <summary>How often it looks whether something is due, at most.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1), Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Pause after each piece while a run is received: 2.5 MiB/s.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Pause before a failed request is tried again.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _asked = new(0, 1);
    private readonly HashSet<(NodeName Origin, SnapshotId Snapshot)> _some = [];
    private bool _all;
    private volatile VerificationProgress? _current;

    /// <summary>The snapshot that is being re-read; null: none.</summary>
    public VerificationProgress? Current => _current;

    /// <summary>Requests all of them, after those that are being read; repeated requests count once.</summary>
    public void VerifyNow()
    {
        lock (_gate)
        {
            _all = true;
            if (_asked.CurrentCount == 0) _asked.Release();
        }
    }

    /// <summary>Asks for one of them alone.</summary>
    public void Verify(NodeName origin, SnapshotId snapshot)
    {
        lock (_gate)
        {
            if (_some.Count < MostAsked) _some.Add((origin, snapshot));
            else _all = true;
            if (_asked.CurrentCount == 0) _asked.Release();
        }
    }

    /// <summary>Verifies what is requested or due, until it is cancelled.</summary>
    /// <param name="every">How long a replica may stay unread; null: until its owner asks.</param>
    /// <param name="stop">Ends it, in the middle of a file too.</param>
    public async Task RunAsync(TimeSpan? every, CancellationToken stop)
    {
        var look = every is { } period
            ? TimeSpan.FromTicks(Math.Clamp(period.Ticks / 10, Shortest.Ticks, Longest.Ticks))
            : Timeout.InfiniteTimeSpan;
        try
        {
            while (true)
            {
                if (!await _asked.WaitAsync(look, stop).ConfigureAwait(false))
                    await RoundAsync(every, stop).ConfigureAwait(false);
                var (all, some) = Take();
                if (all) await RoundAsync(null, stop).ConfigureAwait(false);
                else
                {
                    foreach (var (origin, id) in some)
                        await VerifyAsync(origin, id, null, null, stop).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The destination ends; an unfinished verification starts again another time.
        }
    }

    private (bool All, IReadOnlyList<(NodeName Origin, SnapshotId Snapshot)> Some) Take()
    {
        lock (_gate)
        {
            var taken = (_all, _some.ToList());
            _all = false;
            _some.Clear();
            return taken;
        }
    }

    /// <summary>Re-reads what is due, or everything if <paramref name="due"/> is null.</summary>
    private async Task RoundAsync(TimeSpan? due, CancellationToken stop)
    {
        foreach (var origin in All().GroupBy(one => one.Origin))
        {
            (AlreadyRead Read, Verification Judged)? newer = null;
            foreach (var (_, one) in origin.Reverse())
            {
                // Content found wrong in the newer one after it was read was right when it was read.
                if (newer is { } last && Known(origin.Key, last.Read.Id) != last.Judged) newer = null;
                var known = Known(origin.Key, one.Id);
                if (due is { } every && !VerificationRounds.IsDue(one.Id, known, every, clock.GetUtcNow()))
                {
                    newer = known is Verification.Sound { Unread: 0 } sound
                        ? (new AlreadyRead(one.Id, sound.Time, new HashSet<ulong>()), sound) : null;
                    continue;
                }
                var found = await VerifyAsync(origin.Key, one.Id, newer?.Read, due, stop).ConfigureAwait(false);
                newer = found?.Of(one.Id) is { } read ? (read, found.Report.Verdict) : null;
            }
        }
    }

    // Not the state at the beginning of the round, which may be hours ago.
    private Verification? Known(NodeName origin, SnapshotId id) =>
        held.Known(origin, id) is Verification.Damaged damaged
            ? damaged : KeptVerification.Of(root.RealPath, origin, id)?.Verdict;

    private IReadOnlyList<(NodeName Origin, StoredSnapshot Snapshot)> All()
    {
        try
        {
            return StoredSnapshots.All(root);
        }
        catch (IOException e)
        {
            report(new Warned(ReplicaReason.NotVerified(root.RealPath, Reason.Of(e))));
            return [];
        }
    }

    private async Task<ReplicaFinding?> VerifyAsync(NodeName origin, SnapshotId id, AlreadyRead? newer,
        TimeSpan? gently, CancellationToken stop)
    {
        _current = new VerificationProgress(origin, id, 0, StoredSnapshots.SealOf(root, origin, id)?.Bytes ?? 0);
        var findings = damage.FindingsOf(origin);
        var (kept, known) = (KeptVerification.Of(root.RealPath, origin, id)?.Verdict, held.Known(origin, id));
        var (began, rate) = (Stopwatch.GetTimestamp(), gently is { } every ? RateFor(every) : double.PositiveInfinity);
        try
        {
            if (await ReplicaCheck.RunAsync(root, origin, id, Read, clock.GetUtcNow, stop, newer)
                .ConfigureAwait(false) is not { } found)
            {
                // It has been removed. For the newest ones the watch reports it.
                if (!held.IsNewest(origin, id)) held.Removed(origin, [id]);
                return null;
            }
            var verdict = found.Report.Verdict;
            // Damage counts whether or not it can be stored; a sound result counts once it is stored.
            if (verdict is Verification.Damaged) held.Verified(origin, id, verdict);
            if ((verdict is Verification.Sound && damage.FindingsOf(origin) != findings)
                || !TryKeep(origin, id, found.Report, kept, known))
            {
                // Something was found wrong while this was read, maybe after it had passed there.
                Verify(origin, id);
                return null;
            }
            // For old snapshots only changes are reported.
            if (held.IsNewest(origin, id) || verdict is Verification.Damaged != kept is Verification.Damaged)
                Tell(origin, id, verdict);
            damage.Mark(origin, found.Wrong, id);
            return found;
        }
        catch (IOException e)
        {
            report(new Warned(ReplicaReason.NotVerified($"{origin} {id}", Reason.Of(e))));
            // An automatic round comes again.
            if (gently is null) _ = AskLaterAsync(origin, id, stop);
            return null;
        }
        finally
        {
            _current = null;
        }

        void Read(long bytes)
        {
            if (_current is not { } current) return;
            _current = current with { Read = current.Read + bytes };
            var ahead = ((current.Read + bytes) / rate) - Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (claims.IsAnyTaken) stop.WaitHandle.WaitOne(Pause);
            else if (ahead > 0.05) stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(Math.Min(ahead, 1)));
        }
    }

    private async Task AskLaterAsync(NodeName origin, SnapshotId id, CancellationToken stop)
    {
        await Task.Delay(Again, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stop.IsCancellationRequested) Verify(origin, id);
    }

    /// <summary>A rate that reads everything in half of the available time.</summary>
    private double RateFor(TimeSpan every) =>
        Math.Max(Gentle,
            held.Newest(RegistrationRules.MaxHeld).Sum(one => (double)(one.Bytes ?? 0)) * 2 / every.TotalSeconds);

    /// <summary>False where the replica is sound, and damage became known of it since <paramref name="kept"/> and
    /// <paramref name="known"/> were: that stays.</summary>
    private bool TryKeep(NodeName origin, SnapshotId id, VerificationReport found, Verification? kept,
        Verification? known)
    {
        try
        {
            if (found.Verdict is Verification.Sound && !ReferenceEquals(held.Known(origin, id), known)) return false;
            if (!ReplicaCheck.TryKeep(root, origin, id, found, kept)) return false;
            if (found.Verdict is Verification.Sound sound) return held.TryReplace(origin, id, sound, known);
            held.Verified(origin, id, found.Verdict);
        }
        catch (IOException e)
        {
            report(new Warned(ReplicaReason.FindingNotKept($"{origin} {id}", Reason.Of(e))));
        }
        return true;
    }

    private void Tell(NodeName origin, SnapshotId id, Verification verdict) => report(verdict switch
    {
        Verification.Damaged damaged => new ReplicaDamaged(origin, id, damaged),
        var sound => new ReplicaVerified(origin, id, (Verification.Sound)sound),
    });
}
