using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Core.Events;

/// <summary>
/// Reports once when an origin's newest snapshot becomes at risk, and once when its newest protected one becomes too
/// old; again only after it has recovered. Called at intervals with the cluster's status. Its memory is bounded by the
/// origins of the last status.
/// </summary>
/// <param name="patience">How long too few copies are tolerated: nodes register one after the other.</param>
/// <param name="maxAge">From what age on a protected snapshot is too old; null: it never is.</param>
public sealed class ProtectionWatch(TimeSpan patience, TimeSpan? maxAge)
{
    private readonly Dictionary<NodeName, (DateTimeOffset Since, bool IsSaid)> _atRisk = [];
    private readonly Dictionary<NodeName, SnapshotId> _tooOld = [];
    private readonly Dictionary<NodeName, (SnapshotId Snapshot, DateTimeOffset Since)> _ageless = [];

    /// <summary>What there is to say at that time.</summary>
    public IReadOnlyList<NodeEvent> Look(ClusterStatus status, DateTimeOffset now)
    {
        var said = new List<NodeEvent>();
        var origins = status.Snapshots.Select(one => one.Origin).ToHashSet();
        foreach (var gone in _atRisk.Keys.Concat(_tooOld.Keys).Concat(_ageless.Keys)
            .Where(name => !origins.Contains(name)).ToList())
        {
            _atRisk.Remove(gone);
            _tooOld.Remove(gone);
            _ageless.Remove(gone);
        }
        foreach (var snapshot in status.Snapshots)
        {
            LookAtCopies(snapshot, status.Runs.Any(run => run.Origin == snapshot.Origin), now, said);
            LookAtAge(snapshot, now, said);
        }
        return said;
    }

    private void LookAtCopies(SnapshotStatus snapshot, bool isRunning, DateTimeOffset now, List<NodeEvent> said)
    {
        // If the required number is unknown, too few can't be distinguished from enough; a run under way is about to
        // bring a newer one.
        if (!(snapshot.Copies < snapshot.Required) || isRunning)
        {
            if (!isRunning) _atRisk.Remove(snapshot.Origin);
            return;
        }
        var (since, isSaid) = _atRisk.GetValueOrDefault(snapshot.Origin, (now, false));
        var isTime = !isSaid && now - since >= patience;
        if (isTime)
            said.Add(new SnapshotAtRisk(snapshot.Origin, snapshot.Snapshot, snapshot.Copies, snapshot.Required!.Value));
        _atRisk[snapshot.Origin] = (since, isSaid || isTime);
    }

    private void LookAtAge(SnapshotStatus snapshot, DateTimeOffset now, List<NodeEvent> said)
    {
        if ((snapshot.IsProtected ? snapshot.Snapshot : snapshot.NewestProtected) is not { } newest
            || maxAge is not { } limit) return;
        var age = Age(snapshot, newest, now);
        if (age <= limit || (_tooOld.TryGetValue(snapshot.Origin, out var known) && known == newest)) return;
        _tooOld[snapshot.Origin] = newest;
        said.Add(new SnapshotTooOld(snapshot.Origin, newest, age));
    }

    /// <summary>Of one that seems to come from the future, since it arrived; where that can't be right either, since it
    /// was first looked at here.</summary>
    private TimeSpan Age(SnapshotStatus status, SnapshotId newest, DateTimeOffset now)
    {
        var known = newest == status.Snapshot
            ? status.AgeAt(now) : newest.Time <= now.UtcDateTime ? now - new DateTimeOffset(newest.Time) : null;
        if (known is { } age) return age;
        if (!_ageless.TryGetValue(status.Origin, out var seen) || seen.Snapshot != newest)
            _ageless[status.Origin] = seen = (newest, now);
        return now - seen.Since;
    }
}
