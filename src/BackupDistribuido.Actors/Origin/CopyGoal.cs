using BackupDistribuido.Core.Delivery;

namespace BackupDistribuido.Actors.Origin;

/// <summary>The copies that a run is to make.</summary>
/// <param name="Copies">Required copies, at least 1.</param>
/// <param name="Keep">Snapshots to keep at the destinations; null: all.</param>
/// <param name="MaxShrinkPercent">The share of its entries that the tree may have lost since its last snapshot, 0 to
/// 100; null: any.</param>
/// <param name="Topology">The shape of the plans.</param>
public sealed record CopyGoal(
    int Copies, int? Keep = null, int? MaxShrinkPercent = null, TopologyChoice Topology = TopologyChoice.Auto);
