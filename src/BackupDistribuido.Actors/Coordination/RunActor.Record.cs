using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Record;

namespace BackupDistribuido.Actors.Coordination;

/// <content>
/// Where a record is kept, a replica counts once it is put down there. Where it can't be, it counts as well, for it is
/// stored durably; then the record lacks it, and its owner is warned.
/// </content>
internal sealed partial class RunActor
{
    /// <summary>So long the record is waited for: longer than it tries by itself, but its disk may hang.</summary>
    internal static readonly TimeSpan RecordPatience = TimeSpan.FromSeconds(15);

    private readonly IJournal? _journal;
    private readonly Dictionary<NodeName, NodeIdentity> _nodes = [];
    private readonly Dictionary<NodeName, (ReplicaReport Report, IActorRef From, long Since)> _recording = [];
    private readonly HashSet<(NodeName Destination, Sha256Digest Digest)> _recorded = [];

    /// <summary>True where a report has to wait: it comes back when the record has the replica. Its destination goes on
    /// saying it meanwhile.</summary>
    private bool IsRecordedFirst(ReplicaReport report)
    {
        if (_journal is null || report is not { Phase: ReplicaPhase.Stored, Digest: { } digest }
            || _recorded.Contains((report.Destination, digest))) return false;
        if (_state.Member(report.Destination) is null or { Standing: MemberStanding.Stored }
            || !_nodes.TryGetValue(report.Destination, out var node)) return false;
        if (!_recording.TryAdd(report.Destination, (report, Sender, _clock.GetTimestamp()))) return true;
        _journal.WriteAsync(new ReplicaStored(DateTimeOffset.UtcNow, _state.Run, _state.Origin, _state.Snapshot, node,
            digest))
            .PipeTo(Self, Sender, () => new ReplicaRecorded(report, null), e => new ReplicaRecorded(report, e.Message));
        return true;
    }

    private void OnRecorded(ReplicaRecorded recorded)
    {
        var (report, problem) = (recorded.Report, recorded.Problem);
        // It may answer when it is not waited for any more.
        if (!_recording.TryGetValue(report.Destination, out var waiting) || !ReferenceEquals(waiting.Report, report))
            return;
        _recording.Remove(report.Destination);
        _recorded.Add((report.Destination, report.Digest!.Value));
        if (problem is not null)
        {
            _log.Warning("The record does not have the replica at {0}, which counts all the same: {1}",
                report.Destination, problem);
            _report(new Warned($"The coordinator's record does not have the replica of {_state.Origin} {_state.Snapshot} at {report.Destination}, which counts all the same: {Shown(problem)}"));
        }
        OnReplica(report);
    }

    private void LeaveTheRecord()
    {
        var reason = $"it has not answered for {RecordPatience.TotalSeconds:0} s; its disk may hang";
        foreach (var (report, from,
            _) in _recording.Values.Where(one => _clock.GetElapsedTime(one.Since) >= RecordPatience).ToList())
        {
            Self.Tell(new ReplicaRecorded(report, reason), from);
        }
    }

    /// <summary>A report's replica is in the record, or <paramref name="Problem"/> says why it is not.</summary>
    private sealed record ReplicaRecorded(ReplicaReport Report, string? Problem);
}
