using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Core.Runs.Pace;

/// <summary>
/// Measures one run's progress from what its destinations say they have. It keeps the furthest that the run has been,
/// so that its number never goes back, and each destination's last seconds. No clock: times are given, from one that
/// only goes forward. Not thread-safe.
/// </summary>
public sealed class ProgressMeter
{
    private readonly Dictionary<NodeName, Throughput> _rates = [];
    private double _furthest;

    /// <summary>One destination, as of <paramref name="now"/>; it is sampled.</summary>
    public CopyProgress Copy(CopyDone copy, long bytes, TimeSpan now)
    {
        if (!_rates.TryGetValue(copy.Name, out var rate)) _rates[copy.Name] = rate = new Throughput();
        rate.Sample(now, copy.Bytes);
        return CopyProgress.Of(copy.Bytes, bytes, copy.Standing,
            copy.Standing is MemberStanding.Away or MemberStanding.Failed ? null : rate.At(now));
    }

    /// <summary>The run, as of now.</summary>
    /// <param name="copies">Its destinations, by <see cref="Copy"/>. Those that are away or have failed don't
    /// count.</param>
    /// <param name="bytes">Content bytes of the tree.</param>
    /// <param name="required">Copies that it is about, at least 1.</param>
    /// <param name="isReached">Whether they are stored.</param>
    /// <param name="isPaused">Whether nothing is to move.</param>
    /// <param name="wait">Its wait; null: none.</param>
    public RunProgress At(IEnumerable<CopyProgress> copies, long bytes, int required, bool isReached,
        bool isPaused = false, RunWait? wait = null)
    {
        var total = Saturated((Int128)bytes * required);
        if (isReached) return new RunProgress(total, total, true);
        var best = copies.Where(copy => copy.Standing is not (MemberStanding.Away or MemberStanding.Failed))
            .OrderByDescending(copy => copy.Standing == MemberStanding.Stored).ThenByDescending(copy => copy.Done)
            .Take(required).ToList();
        var have = Saturated(best.Aggregate(Int128.Zero, (sum, copy) => sum + copy.Done));
        _furthest = Math.Max(_furthest, total == 0 ? 0 : (double)have / total);
        // The tree was counted before it was read: where it turns out to be larger, the same part of it is more.
        var safe = Math.Max(have, Math.Min(total, (long)Math.Min(long.MaxValue, _furthest * total)));
        var rate = best.Sum(copy => copy.Rate ?? 0);
        return new RunProgress(safe, total, false, rate > 0 && !isPaused ? rate : null,
            isPaused || best.Count < required ? null : Left(best), safe - have, wait);
    }

    /// <summary>Until the slowest has everything. If one of them is unknown, the result is.</summary>
    private static double? Left(List<CopyProgress> best)
    {
        var lacking = best.Where(copy => copy.Done < copy.Total).ToList();
        return lacking.Count == 0 || lacking.Exists(copy => copy.SecondsLeft is null)
            ? null : lacking.Max(copy => copy.SecondsLeft);
    }

    private static long Saturated(Int128 bytes) => bytes > long.MaxValue ? long.MaxValue : (long)bytes;
}
