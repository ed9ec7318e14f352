using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Membership;

/// <summary>A snapshot that some destinations have and others lack.</summary>
/// <param name="Snapshot">The newest one of its origin, with its size, digest and owner.</param>
/// <param name="Holders">Who has it, in the order given.</param>
/// <param name="Lacking">Who has an older one or none, in the order given.</param>
public sealed record Lag(HeldSnapshot Snapshot, IReadOnlyList<NodeName> Holders, IReadOnlyList<NodeName> Lacking);

/// <summary>
/// Who should be brought to the newest snapshot of an origin by those who have it: destinations that joined after its run, were away, or gave up. Pure; no clock.
/// </summary>
public static class CatchUp
{
    /// <summary>
    /// For each origin of which not all connected destinations have the newest snapshot. Where they disagree about its digest, those with <paramref name="sealedAs"/>'s have it, or, where that is not
    /// known, those with the digest that most have; the others are left alone: what they have is a person's matter. So are those who found theirs damaged.
    /// </summary>
    /// <param name="destinations">The connected destinations.</param>
    /// <param name="sealedAs">The digest that a snapshot was sealed with, where this coordinator saw it.</param>
    public static IEnumerable<Lag> Lags(IReadOnlyCollection<DestinationRegistration> destinations, Func<NodeName, SnapshotId, Sha256Digest?> sealedAs)
    {
        foreach (var held in destinations.SelectMany(one => one.Newest).GroupBy(one => one.Origin))
        {
            var newest = held.Max(one => one.Snapshot);
            var copies = held.Where(one => one.Snapshot == newest && one is { Digest: not null, OriginIdentity: not null, Entries: not null, Bytes: not null, IsDamaged: false }).ToList();
            var right = sealedAs(held.Key, newest) ?? copies.GroupBy(one => one.Digest).OrderByDescending(group => group.Count()).FirstOrDefault()?.Key;
            if (copies.Find(one => one.Digest == right) is not { } snapshot) continue;
            var holders = destinations.Where(one => Of(one, held.Key) is { } has && has.Snapshot == newest && has.Digest == right && !has.IsDamaged).Select(one => one.Node.Name).ToList();
            var lacking = destinations.Where(one => Of(one, held.Key) is not { } has || has.Snapshot != newest).Where(one => CanHold(one, snapshot)).Select(one => one.Node.Name).ToList();
            if (lacking.Count > 0) yield return new Lag(snapshot, holders, lacking);
        }
    }

    private static HeldSnapshot? Of(DestinationRegistration destination, NodeName origin) => destination.Newest.FirstOrDefault(held => held.Origin == origin);

    private static bool CanHold(DestinationRegistration destination, HeldSnapshot snapshot) =>
        StartCondition.WhyOverlapping(snapshot.OriginIdentity!, destination.Place, snapshot.Origin) is null
        && StartCondition.WhyNoRoom(new TreeTotals(snapshot.Entries!.Value, 0, snapshot.Bytes!.Value), snapshot.Bytes.Value, snapshot.Origin, destination) is null;
}
