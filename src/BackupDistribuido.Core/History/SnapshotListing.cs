using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Core.History;

/// <summary>How a list of snapshots continues, and what is not in it.</summary>
/// <param name="Next">Where the next part begins; null: this was the last one.</param>
/// <param name="OnlyNewest">Destinations of which only the newest snapshots are known, at most
/// <see cref="MostNamed"/>.</param>
/// <param name="LeftOut">This many snapshots of destinations, the oldest, are left out: the coordinator has no room for
/// more.</param>
public sealed record SnapshotListing(CatalogueCursor? Next, IReadOnlyList<NodeName> OnlyNewest, long LeftOut)
{
    /// <summary>Most destinations that are named.</summary>
    public const int MostNamed = 200;

    /// <summary>Most holders in a part that has more than one snapshot.</summary>
    public const int MostHolders = 4000;

    /// <summary>A part of the list of all snapshots that destinations have, by greatest id first.</summary>
    /// <param name="known">What is known of them.</param>
    /// <param name="origin">Only those of that origin; null: all.</param>
    /// <param name="after">Where the part begins; null: with the first.</param>
    /// <param name="most">So many ids at most.</param>
    /// <param name="required">How many copies an origin wants; null if unknown.</param>
    public static (IReadOnlyList<SnapshotHistory> Snapshots, SnapshotListing Listing) Of(
        KnownCatalogues known, NodeName? origin, CatalogueCursor? after, int most, Func<NodeName, int?> required)
    {
        var (part, holders) = (new List<HeldByAll>(), 0);
        var all = known.List(origin, after, most);
        foreach (var one in all)
        {
            holders += one.Holdings.Count;
            if (part.Count > 0 && holders > MostHolders) break;
            part.Add(one);
        }
        var isLast = part.Count == all.Count && all.Count < most;
        var next = isLast ? null : new CatalogueCursor(part[^1].Snapshot, part[^1].Origin);
        return ([.. part.SelectMany(one => Of(one, required(one.Origin)))],
            new SnapshotListing(next, [.. known.OnlyNewest.Take(MostNamed)], known.LeftOut));
    }

    /// <summary>Two trees that happen to have one id are two snapshots; the one that most hold comes first.</summary>
    private static IEnumerable<SnapshotHistory> Of(HeldByAll held, int? required)
    {
        var entries = held.Holdings.ToDictionary(one => one.Identity, one => one.Entry, StringComparer.Ordinal);
        var holdings = held.Holdings
            .Select(one => new SnapshotHolding(one.Identity, one.Destination, one.LastSeen, one.Entry.ToHeld()))
            .ToList();
        foreach (var same in NewestHeld.Groups(holdings).OrderByDescending(one => one.Count))
        {
            var holders = same.Select(one => new ReplicaHolder(one.Destination, one.LastSeen, one.Held.Verified,
                entries[one.Identity].Missing, entries[one.Identity].Stored));
            // One that only its newest are known of does not say how many files there are.
            var tree = same.Select(one => entries[one.Identity].Tree).MaxBy(one => one.Files ?? -1);
            yield return new SnapshotHistory(held.Origin, held.Snapshot, required, [.. holders], tree);
        }
    }
}
