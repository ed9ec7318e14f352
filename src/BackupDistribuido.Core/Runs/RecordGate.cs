using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Runs;

/// <summary>
/// If there is a record, a replica counts once the record has it. If it can't be recorded, it counts as well, because
/// it is stored durably; then the record lacks it, and its owner is warned. No clock: times are given.
/// </summary>
public sealed class RecordGate
{
    /// <summary>How long to wait for the record: longer than its own attempts, because its disk may hang.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Dictionary<NodeName, (ReplicaReport Report, TimeSpan Since)> _waiting = [];
    private readonly HashSet<(NodeName Destination, Sha256Digest Digest)> _recorded = [];

    /// <summary>
    /// Whether the report says of a replica that it is stored, and the record has not answered of it yet.
    /// </summary>
    public bool Holds(ReplicaReport report) =>
        report is { Phase: ReplicaPhase.Stored, Digest: { } digest }
        && !_recorded.Contains((report.Destination, digest));

    /// <summary>The report waits from now on. False where one of its destination does already.</summary>
    public bool Wait(ReplicaReport report, TimeSpan now) => _waiting.TryAdd(report.Destination, (report, now));

    /// <summary>
    /// The record has answered, or the wait is over. False if nothing waits for it: it may answer late.
    /// </summary>
    public bool Release(ReplicaReport report)
    {
        if (!_waiting.TryGetValue(report.Destination, out var waiting)) return false;
        if (!ReferenceEquals(waiting.Report, report)) return false;
        _waiting.Remove(report.Destination);
        return _recorded.Add((report.Destination, report.Digest!.Value));
    }

    /// <summary>
    /// A report of a destination before it left, rejoined, or lost its replica does not count when the record has it:
    /// the destination repeats it if it is still true.
    /// </summary>
    public void Forget(NodeName destination)
    {
        _waiting.Remove(destination);
        _recorded.RemoveWhere(known => known.Destination == destination);
    }

    /// <summary>Reports that have waited for <see cref="Patience"/>.</summary>
    public IReadOnlyList<ReplicaReport> Unanswered(TimeSpan now) =>
        [.. _waiting.Values.Where(one => now - one.Since >= Patience).Select(one => one.Report)];
}
