using Akka.Actor;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Record;

namespace BackupDistribuido.Actors.Coordination;

/// <content>Where a record is kept, a replica counts only once it is put down there.</content>
internal sealed partial class RunActor
{
    private readonly IJournal? _journal;
    private readonly Dictionary<NodeName, NodeIdentity> _nodes = [];
    private readonly HashSet<NodeName> _recording = [];
    private readonly HashSet<(NodeName Destination, Sha256Digest Digest)> _recorded = [];

    /// <summary>True where a report has to wait: it comes back when the record has the replica. Its destination goes on saying it meanwhile.</summary>
    private bool IsRecordedFirst(ReplicaReport report)
    {
        if (_journal is null || report is not { Phase: ReplicaPhase.Stored, Digest: { } digest } || _recorded.Contains((report.Destination, digest))) return false;
        if (_state.Member(report.Destination) is null or { Standing: MemberStanding.Stored } || !_nodes.TryGetValue(report.Destination, out var node)) return false;
        if (!_recording.Add(report.Destination)) return true;
        _journal.WriteAsync(new ReplicaStored(DateTimeOffset.UtcNow, _state.Run, _state.Origin, _state.Snapshot, node, digest))
            .PipeTo(Self, Sender, () => new ReplicaRecorded(report, null), e => new ReplicaRecorded(report, e.Message));
        return true;
    }

    private void OnRecorded(ReplicaRecorded recorded)
    {
        _recording.Remove(recorded.Report.Destination);
        if (recorded.Problem is { } problem)
        {
            Become(_state.Failed(recorded.Report.Destination, Shown($"its replica is stored, but does not count: {problem}")), replan: false);
            return;
        }
        _recorded.Add((recorded.Report.Destination, recorded.Report.Digest!.Value));
        OnReplica(recorded.Report);
    }

    /// <summary>A report's replica is in the record, or <paramref name="Problem"/> says why it is not.</summary>
    private sealed record ReplicaRecorded(ReplicaReport Report, string? Problem);
}
