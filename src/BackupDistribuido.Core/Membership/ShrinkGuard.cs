using System.Globalization;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Membership;

/// <summary>Stops the copying of a tree that is suddenly empty, or much smaller than its last snapshot: a disk that is not mounted, or a mistake, is no state to protect.</summary>
public static class ShrinkGuard
{
    /// <summary>So many entries may always be lost, whatever share of the tree they are.</summary>
    public const int AlwaysAllowed = 100;

    /// <summary>The newest snapshot of an origin that any of these destinations has, of those whose size is known.</summary>
    public static HeldSnapshot? Newest(NodeName origin, IEnumerable<DestinationRegistration> destinations) =>
        destinations.SelectMany(destination => destination.Newest).Where(held => held.Origin == origin && held.Entries is not null).MaxBy(held => (held.Snapshot, held.Entries));

    /// <summary>
    /// Why a tree of that size must not be copied, as its owner should read it; null where it may. <paramref name="maxPercent"/> is the share of <paramref name="newest"/>'s entries that may be
    /// missing; null: any.
    /// </summary>
    public static string? WhyStopped(TreeTotals tree, int? maxPercent, HeldSnapshot? newest)
    {
        if (maxPercent is not { } max || newest is not { Entries: { } before }) return null;
        // The root is an entry of its own.
        if (tree.Entries <= 1 && before > 1)
            return Invariant($"SOURCE is empty, and its last snapshot {newest.Snapshot} has {before} entries; check that it is mounted, or give --allow-shrink to copy it as it is");
        var lost = before - tree.Entries;
        return lost > AlwaysAllowed && (Int128)lost * 100 > (Int128)before * max
            ? Invariant($"SOURCE has {tree.Entries} entries, and its last snapshot {newest.Snapshot} has {before}: more than {max} % are missing; check that it is whole and mounted, or give --allow-shrink to copy it as it is")
            : null;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
