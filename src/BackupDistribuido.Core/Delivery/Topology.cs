using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Core.Delivery;

/// <summary>The shapes of a plan, each a pure function from who is there to who forwards to whom.</summary>
public static class Topology
{
    /// <summary>The root sends to every destination itself.</summary>
    public static PlanNode Star(NodeName root, IEnumerable<(NodeName Name, NodeAddress Data)> destinations) =>
        new(root, null, [.. destinations.Select(destination => new PlanNode(destination.Name, destination.Data, []))]);
}
