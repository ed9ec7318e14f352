using System.Collections.Concurrent;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Retention;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Actors.Destination.Holding;

/// <summary>
/// The staging of runs that this destination did not finish: its size, and the rule for its removal. It never touches
/// what is being written. Safe from any thread.
/// </summary>
internal sealed class AbandonedStaging(DestinationRoot root, OriginClaims claims)
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    private readonly StagingCleanup _staging = new(root);
    private readonly ConcurrentDictionary<NodeName, StagedBefore> _known = new();
    private readonly ConcurrentDictionary<(NodeName Origin, string Name), Reason> _stuck = new();

    /// <summary>How much there is, at most so many origins, the largest first.</summary>
    public IReadOnlyList<StagedBefore> Known(int most) =>
        [.. _known.Values.OrderByDescending(left => left.Bytes).Take(most)];

    /// <summary>A writer of the origin starts: the origin's free space is the disk's from now on.</summary>
    public void Forget(NodeName origin) => _known.TryRemove(origin, out _);

    /// <summary>Looks what there is of one origin; the caller holds its claim.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    public IReadOnlyList<AbandonedItem> Measure(NodeName origin, CancellationToken cancel)
    {
        var leftovers = _staging.Of(origin, cancel);
        var useful = leftovers.Where(leftover => leftover.IsResumable).ToList();
        if (useful.Count == 0) Forget(origin);
        else _known[origin] = new StagedBefore(origin,
            useful.Aggregate(0L, (sum, left) => sum > long.MaxValue - left.Bytes ? long.MaxValue : sum + left.Bytes),
                useful.Sum(left => left.Inodes));
        return leftovers;
    }

    /// <summary>Measures the staging of every origin without a writer.</summary>
    public void MeasureAll(Action<NodeEvent> report, CancellationToken cancel)
    {
        try
        {
            foreach (var origin in _staging.Origins())
            {
                using var claim = claims.TryTake(origin);
                if (claim is not null) Measure(origin, cancel);
            }
        }
        catch (IOException e)
        {
            report(new Warned(RootReason.StagingNotRead(Reason.Of(e))));
        }
    }

    /// <summary>Removes by the rule, at once and then each hour, until it is cancelled; on threads of the
    /// pool.</summary>
    public async Task RunAsync(StagingRule rule, Action<NodeEvent> report, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period);
        try
        {
            do await Task.Run(() => Apply(rule, report, stop), stop).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The destination ends.
        }
    }

    /// <summary>Removes by the rule, once.</summary>
    public void Apply(StagingRule rule, Action<NodeEvent> report, CancellationToken stop)
    {
        try
        {
            var held = _staging.Origins().Select(origin => (Origin: origin, Claim: claims.TryTake(origin)))
                .Where(one => one.Claim is not null).ToList();
            try
            {
                var all = held.SelectMany(one => Measure(one.Origin, stop)).ToList();
                foreach (var leftover in rule.Expired(all, root.TotalBytes ?? long.MaxValue, DateTimeOffset.UtcNow))
                    Remove(leftover, report, stop);
            }
            finally
            {
                foreach (var (_, claim) in held) claim!.Dispose();
            }
        }
        catch (IOException e)
        {
            report(new Warned(RootReason.CleaningFailed(Reason.Of(e))));
        }
    }

    private void Remove(AbandonedItem leftover, Action<NodeEvent> report, CancellationToken stop)
    {
        var why = _staging.Remove(leftover);
        Measure(leftover.Origin, stop);
        if (why is not null)
        {
            // It is tried each hour; one word of it is enough until it is gone.
            if (_stuck.TryAdd((leftover.Origin, leftover.Name), why))
                report(new Warned(RootReason.LeftoverNotRemoved(leftover.Origin, why)));
            return;
        }
        _stuck.TryRemove((leftover.Origin, leftover.Name), out _);
        if (leftover.IsResumable)
            report(new Warned(RootReason.StagingRemoved(leftover.Origin, leftover.Name, leftover.Bytes)));
    }
}
