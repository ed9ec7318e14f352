using System.Collections.Concurrent;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Roots;

namespace BackupDistribuido.Actors.Destination;

/// <summary>The newest snapshot of each origin that a destination has: read from the disk once, kept up by what is published. Safe from any thread.</summary>
internal sealed class HeldSnapshots(DestinationRoot root)
{
    private readonly ConcurrentDictionary<NodeName, HeldSnapshot> _newest = new(
        root.NewestSnapshots().ToDictionary(newest => newest.Key, newest => Of(newest.Key, newest.Value.Id, newest.Value.Seal, root.OwnerOf(newest.Key), root.RequiredBy(newest.Key), newest.Value.Verified, newest.Value.Arrived)));

    /// <summary>A published snapshot as others are told of it.</summary>
    public static HeldSnapshot Of(NodeName origin, SnapshotId id, ManifestSeal? seal, string? originIdentity, int? required, Verification? verified = null, DateTimeOffset? arrived = null) =>
        new(origin, id, seal?.Entries, seal?.Bytes, seal?.Digest, originIdentity, verified, required, arrived);

    /// <summary>A snapshot was published.</summary>
    public void Add(HeldSnapshot published) =>
        _newest.AddOrUpdate(published.Origin, published, (_, known) => SnapshotOrder.Upon(published.Snapshot).Compare(known.Snapshot, published.Snapshot) > 0 ? known : published);

    /// <summary>Whether the newest snapshot of an origin was found damaged.</summary>
    public bool IsDamaged(NodeName origin) => _newest.TryGetValue(origin, out var known) && known.IsDamaged;

    /// <summary>Whether nothing newer of that origin was published.</summary>
    public bool IsNewest(NodeName origin, SnapshotId id) => _newest.TryGetValue(origin, out var known) && known.Snapshot == id;

    /// <summary>A snapshot was read again. One that is not the newest any more is nobody's matter.</summary>
    public void Verified(NodeName origin, SnapshotId id, Verification found)
    {
        while (_newest.TryGetValue(origin, out var known) && known.Snapshot == id && !_newest.TryUpdate(origin, known with { Verified = found }, known)) { }
    }

    /// <summary>At most so many, the newest first.</summary>
    public IReadOnlyList<HeldSnapshot> Newest(int most) => [.. _newest.Values.OrderByDescending(held => held.Snapshot, new SnapshotOrder(DateTimeOffset.UtcNow)).Take(most)];
}
