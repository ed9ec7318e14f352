using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Core.Membership;

/// <summary>Doubts about destinations' reports, as texts for users: each sentence ends with what to do. Pure; no
/// clock.</summary>
public static class Doubts
{
    /// <summary>Maximum number of doubts at once.</summary>
    public const int Most = 50;

    private const int MostNamed = 10;
    private const int DigestShown = 12;

    /// <summary>What there is to doubt now.</summary>
    /// <param name="holdings">Which destination holds what, connected or not.</param>
    /// <param name="duplicates">Those of one identity.</param>
    /// <param name="order">The moment.</param>
    public static IReadOnlyList<Reason> Of(
        IReadOnlyCollection<SnapshotHolding> holdings, IEnumerable<Duplicates> duplicates,
        SnapshotOrder order) =>
        [.. duplicates.Select(pair => pair.Why).Concat(Conflicts(holdings)).Concat(Future(holdings, order))
            .Take(Most)];

    private static IEnumerable<Reason> Conflicts(IReadOnlyCollection<SnapshotHolding> holdings) =>
        from one in holdings.GroupBy(one => (one.Held.Origin, one.Held.Snapshot))
        let trees = NewestHeld.Groups([.. one]).Where(tree => tree[0].Held.Digest is not null).ToList()
        where trees.Count > 1
        let all = string.Join("; ", trees.Take(MostNamed).Select(Tree))
        select ReplicaReason.DifferentTrees(trees.Count, one.Key.Snapshot, one.Key.Origin, all);

    private static string Tree(IReadOnlyList<SnapshotHolding> holders)
    {
        var whose = holders.Select(one => one.Held.OriginIdentity).FirstOrDefault(identity => identity is not null)
            ?? "?";
        return $"{holders[0].Held.Digest!.Value.ToString()[..DigestShown]} ({Duplicates.Shown(whose)}): "
            + $"{Names(holders)}";
    }

    private static IEnumerable<Reason> Future(IReadOnlyCollection<SnapshotHolding> holdings, SnapshotOrder order) =>
        from one in holdings.Where(one => !order.IsCredible(one.Held.Snapshot))
            .GroupBy(one => (one.Held.Origin, one.Held.Snapshot))
        select Future(one.Key.Origin, one.Key.Snapshot, Names([.. one]));

    /// <summary>That a snapshot's id lies in the future.</summary>
    /// <param name="where">The destination, or the folder.</param>
    public static Reason Future(NodeName origin, SnapshotId snapshot, string where) =>
        ReplicaReason.FromTheFuture(snapshot, origin, where);

    private static string Names(IReadOnlyCollection<SnapshotHolding> holders)
    {
        var names = string.Join(", ", holders.Take(MostNamed).Select(one => one.Destination));
        return holders.Count <= MostNamed ? names : $"{names}, …";
    }
}
