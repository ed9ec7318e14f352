using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Actors.Coordination;

/// <content>What people are told of it.</content>
public sealed partial class CoordinatorActor
{
    private ClusterStatus Status()
    {
        var destinations = _destinations.Entries.Select(live => new NodeStatus(
            NodeRole.Destination, live.Node.Name, live.Registration.Data, live.Since, live.Registration.FreeBytes));
        var origins = _origins.Entries.Select(live => new NodeStatus(NodeRole.Origin, live.Node.Name, null, live.Since, null));
        var snapshots = _destinations.Entries.SelectMany(live => live.Registration.Newest).GroupBy(held => held.Origin)
            .Select(held => (Origin: held.Key, Newest: held.Max(one => one.Snapshot), Held: held))
            .Select(held => new SnapshotStatus(held.Origin, held.Newest, held.Held.Count(one => one.Snapshot == held.Newest),
                RequiredOf(held.Origin)));
        return new ClusterStatus([.. destinations, .. origins], [.. _runs.Values.Where(run => !run.IsOver).Select(run => run.Status)], [.. snapshots]);
    }

    private int? RequiredOf(NodeName origin) => _required.TryGetValue(origin, out var required) ? required : null;
}
