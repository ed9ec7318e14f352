using System.Collections.Concurrent;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Roots;

namespace BackupDistribuido.Actors.Destination;

/// <summary>The newest snapshot of each origin that a destination has: read from the disk once, kept up by what is published. Safe from any thread.</summary>
internal sealed class HeldSnapshots(DestinationRoot root)
{
    private readonly ConcurrentDictionary<NodeName, SnapshotId> _newest = new(root.NewestSnapshots());

    /// <summary>A snapshot was published.</summary>
    public void Add(NodeName origin, SnapshotId snapshot) => _newest.AddOrUpdate(origin, snapshot, (_, known) => known.CompareTo(snapshot) > 0 ? known : snapshot);

    /// <summary>At most so many, the newest first.</summary>
    public IReadOnlyList<HeldSnapshot> Newest(int most) =>
        [.. _newest.OrderByDescending(held => held.Value).Take(most).Select(held => new HeldSnapshot(held.Key, held.Value))];
}
