using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Coordination;

/// <summary>A snapshot that some destinations have and others lack.</summary>
/// <param name="Snapshot">The newest one of its origin, with its size, digest and owner.</param>
/// <param name="Holders">The destinations that have it, in the order given.</param>
/// <param name="Lacking">The destinations with an older one or none, in the order given.</param>
public sealed record LaggingSnapshot(HeldSnapshot Snapshot,
    IReadOnlyList<NodeName> Holders, IReadOnlyList<NodeName> Lacking);

/// <summary>
/// Which destinations should be brought to the newest snapshot of an origin by its holders: those that joined after its
/// run, were away, or gave up. Pure; no clock.
/// </summary>
public static class CatchUp
{
    /// <summary>
    /// For each origin whose newest snapshot some connected destinations lack. If they disagree about its digest, those
    /// with <paramref name="sealedAs"/>'s are right, or, if that is unknown, those with the most common digest; the
    /// others are left alone, because their owner must decide. So are those that found theirs damaged; one whose copy
    /// is gone lacks it.
    /// </summary>
    /// <param name="destinations">The connected destinations.</param>
    /// <param name="sealedAs">The digest that a snapshot was sealed with, where this coordinator saw it.</param>
    /// <param name="order">Which snapshot is the newer one.</param>
    public static IEnumerable<LaggingSnapshot> Lags(
        IReadOnlyCollection<DestinationRegistration> destinations, Func<NodeName, SnapshotId, Sha256Digest?> sealedAs,
            SnapshotOrder order)
    {
        foreach (var newest in NewestHeld.OfEach(NewestHeld.All(destinations, []), sealedAs, order))
        {
            var copies = newest.Same.Where(one => !one.Held.IsDamaged).ToList();
            if (copies.Find(one =>
                one.Held is
                {
                    Digest: not null, OriginIdentity: not null, Entries: not null,
                    Bytes: not null
                })?.Held is not { } snapshot) continue;
            var lacking = destinations.Where(one => Of(one, newest.Origin) is var has
                && (has?.Snapshot != newest.Id || has?.IsGone == true) && CanHold(one, snapshot))
                .Select(one => one.Node.Name).ToList();
            if (lacking.Count > 0)
                yield return new LaggingSnapshot(snapshot, [.. copies.Select(one => one.Destination)], lacking);
        }
    }

    private static HeldSnapshot? Of(DestinationRegistration destination, NodeName origin) =>
        destination.Newest.FirstOrDefault(held => held.Origin == origin);

    private static bool CanHold(DestinationRegistration destination, HeldSnapshot snapshot) =>
        StartCondition.WhyOverlapping(snapshot.OriginIdentity!, destination.Place, snapshot.Origin) is null
        && StartCondition.WhyNoRoom(new TreeTotals(snapshot.Entries!.Value, 0, snapshot.Bytes!.Value),
            snapshot.Bytes.Value, snapshot.Origin, destination) is null;
}
