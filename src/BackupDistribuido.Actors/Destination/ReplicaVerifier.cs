using System.Globalization;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Storage.Roots;
using BackupDistribuido.Storage.Verifying;

namespace BackupDistribuido.Actors.Destination;

/// <summary>
/// Reads a destination's newest replicas again, one at a time: when its owner asks for it, and by itself those that were not read for as long as they may be. What is received comes first. It outlives
/// ActorSystems. Safe from any thread.
/// </summary>
internal sealed class ReplicaVerifier(DestinationRoot root, HeldSnapshots held, OriginClaims claims, Action<NodeEvent> report, TimeProvider clock)
{
    /// <summary>How often it looks whether something is due, at most.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1), Shortest = TimeSpan.FromSeconds(1);

    /// <summary>While a run is received, so long a pause follows each piece that was read: 2.5 MiB/s.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _asked = new(0, 1);
    private volatile VerificationProgress? _current;

    /// <summary>What it reads now; null: nothing.</summary>
    public VerificationProgress? Current => _current;

    /// <summary>Asks for all of them, after those that are being read; once, however often it is said meanwhile.</summary>
    public void VerifyNow()
    {
        lock (_gate)
        {
            if (_asked.CurrentCount == 0) _asked.Release();
        }
    }

    /// <summary>Verifies what it is asked for, and what is due, until it is cancelled.</summary>
    /// <param name="every">How long a replica may stay unread; null: until its owner asks.</param>
    /// <param name="stop">Ends it, in the middle of a file too.</param>
    public async Task KeepToAsync(TimeSpan? every, CancellationToken stop)
    {
        var look = every is { } period ? TimeSpan.FromTicks(Math.Clamp(period.Ticks / 10, Shortest.Ticks, Longest.Ticks)) : Timeout.InfiniteTimeSpan;
        try
        {
            while (true)
            {
                var isAsked = await _asked.WaitAsync(look, stop).ConfigureAwait(false);
                var all = held.Newest(RegistrationRules.MaxHeld);
                foreach (var one in isAsked ? all : VerificationRounds.Due(all, every!.Value, clock.GetUtcNow())) await VerifyAsync(one, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The destination ends; what was not finished is begun anew another time.
        }
    }

    private async Task VerifyAsync(HeldSnapshot one, CancellationToken stop)
    {
        _current = new VerificationProgress(one.Origin, one.Snapshot, 0, one.Bytes ?? 0);
        try
        {
            if (await ReplicaCheck.RunAsync(root, one.Origin, one.Snapshot, Read, clock.GetUtcNow, stop).ConfigureAwait(false) is not { } found) return;
            // Damage counts whether or not it can be kept; what is sound counts again once that is kept.
            if (found.Verdict is Verification.Damaged) held.Verified(one.Origin, one.Snapshot, found.Verdict);
            Keep(one, found);
            Tell(one, found.Verdict);
            // A newer one that came meanwhile may have taken some of the damage over.
            if (found.Verdict is Verification.Damaged && !held.IsNewest(one.Origin, one.Snapshot)) VerifyNow();
        }
        catch (IOException e)
        {
            report(new Warned($"{one.Origin} {one.Snapshot} can't be verified: {e.Message}"));
        }
        finally
        {
            _current = null;
        }

        void Read(long bytes)
        {
            if (_current is { } current) _current = current with { Read = current.Read + bytes };
            if (claims.IsAnyTaken) stop.WaitHandle.WaitOne(Pause);
        }
    }

    private void Keep(HeldSnapshot one, VerificationReport found)
    {
        try
        {
            ReplicaCheck.Keep(root, one.Origin, one.Snapshot, found);
            held.Verified(one.Origin, one.Snapshot, found.Verdict);
        }
        catch (IOException e)
        {
            report(new Warned(string.Create(CultureInfo.InvariantCulture, $"What the verification of {one.Origin} {one.Snapshot} found can't be kept: {e.Message}")));
        }
    }

    private void Tell(HeldSnapshot one, Verification verdict) => report(verdict switch
    {
        Verification.Damaged damaged => new ReplicaDamaged(one.Origin, one.Snapshot, damaged),
        var sound => new ReplicaVerified(one.Origin, one.Snapshot, (Verification.Sound)sound),
    });
}
