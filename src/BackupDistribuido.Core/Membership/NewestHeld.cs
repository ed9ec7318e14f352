using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Membership;

/// <summary>A destination that reports, or last reported, that it holds a snapshot.</summary>
/// <param name="Identity">Its identity, whatever its name.</param>
/// <param name="LastSeen">When it was connected last; null: it is.</param>
/// <param name="Disk">Names its root's file system; equal texts are one disk. Null: it is not known.</param>
public sealed record SnapshotHolding(string Identity, NodeName Destination, DateTimeOffset? LastSeen, HeldSnapshot Held,
    string? Disk = null);

/// <summary>
/// The newest snapshot of one origin. A snapshot is its origin's identity, its id and its seal: a destination with
/// another tree under the same id holds another snapshot, and never counts here.
/// </summary>
/// <param name="Id">Its id: the newest that anybody has.</param>
/// <param name="Same">The holders of exactly this one, damaged ones too, each identity once. None, if it is known to be
/// sealed differently from all reports.</param>
/// <param name="Other">Destinations that hold something else under its id, or don't report the seal.</param>
public sealed record NewestHeld(NodeName Origin, SnapshotId Id,
    IReadOnlyList<SnapshotHolding> Same, IReadOnlyList<SnapshotHolding> Other)
{
    /// <summary>Which destination holds what, connected or not: each identity once, the connected ones first.</summary>
    public static IEnumerable<SnapshotHolding> All(
        IEnumerable<DestinationRegistration> connected, IEnumerable<AbsentDestination> absent)
    {
        var spoken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var here in connected.Where(here => spoken.Add(here.Node.Identity)))
        {
            foreach (var held in here.Newest)
                yield return new SnapshotHolding(here.Node.Identity, here.Node.Name, null, held, here.Disk);
        }
        foreach (var gone in absent.Where(gone => spoken.Add(gone.Identity)))
        {
            foreach (var held in gone.Newest)
                yield return new SnapshotHolding(gone.Identity, gone.Name, gone.LastSeen, held, gone.Disk);
        }
    }

    /// <summary>That of each origin, by name.</summary>
    /// <param name="holdings">Which destination holds what.</param>
    /// <param name="sealedAs">The digest that a snapshot was sealed with, if this coordinator saw it. Otherwise the
    /// tree that most destinations hold is taken for the right one.</param>
    /// <param name="order">Which one is the newest.</param>
    public static IReadOnlyList<NewestHeld> OfEach(
        IEnumerable<SnapshotHolding> holdings, Func<NodeName, SnapshotId, Sha256Digest?> sealedAs,
            SnapshotOrder order) =>
    [
        .. holdings.GroupBy(one => one.Held.Origin).OrderBy(origin => origin.Key.ToString(), StringComparer.Ordinal)
        .Select(origin =>
        {
            var newest = origin.Select(one => one.Held.Snapshot).Max(order);
            var holders = origin.Where(one => one.Held.Snapshot == newest).ToList();
            var same = TheRightOf(Groups(holders), sealedAs(origin.Key, newest));
            return new NewestHeld(origin.Key, newest, [.. holders.Where(same.Contains)],
                [.. holders.Where(one => !same.Contains(one))]);
        }),
    ];

    /// <summary>
    /// The holders of exactly the same snapshot. If the owner of the tree is unknown (recorded by an older version),
    /// only the seal is compared; a destination without a known seal is counted alone.
    /// </summary>
    internal static IReadOnlyList<IReadOnlyList<SnapshotHolding>> Groups(IReadOnlyCollection<SnapshotHolding> holders)
    {
        var groups = new List<IReadOnlyList<SnapshotHolding>>();
        foreach (var tree in holders.Where(one => one.Held.Digest is not null).GroupBy(one => one.Held.Digest))
        {
            var owned = tree.Where(one => one.Held.OriginIdentity is not null).GroupBy(one => one.Held.OriginIdentity)
                .Select(owner => owner.ToList()).OrderByDescending(Sound).ToList();
            var unowned = tree.Where(one => one.Held.OriginIdentity is null).ToList();
            if (owned.Count == 0) owned.Add([]);
            owned[0].AddRange(unowned);
            groups.AddRange(owned);
        }
        groups.AddRange(holders.Where(one => one.Held.Digest is null)
            .Select(one => (IReadOnlyList<SnapshotHolding>)[one]));
        return groups;
    }

    private static IReadOnlyList<SnapshotHolding> TheRightOf(IReadOnlyList<IReadOnlyList<SnapshotHolding>> groups,
        Sha256Digest? seal)
    {
        var known = groups.Where(group => group[0].Held.Digest is not null).ToList();
        return (seal is null ? known.Count > 0 ? known : groups : known.Where(group => group[0].Held.Digest == seal))
            .OrderByDescending(Sound).FirstOrDefault() ?? [];
    }

    private static int Sound(IReadOnlyCollection<SnapshotHolding> group) => group.Count(one => !one.Held.IsDamaged);
}
