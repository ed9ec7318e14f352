using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Coordination;

/// <summary>When an origin's copying starts: pure arithmetic over what origin and destinations say of
/// themselves.</summary>
public static class StartCondition
{
    /// <summary>
    /// Where one of these can't be held, hardly a file of the last snapshot looks as the origin wants it, and a link
    /// makes it look no other: it is copied. Where attributes can't, only the few files are that have any.
    /// </summary>
    private const ReplicaLimits NoLinks =
        ReplicaLimits.HardLinks | ReplicaLimits.Owners | ReplicaLimits.Modes | ReplicaLimits.Times;

    /// <summary>Why a destination can't take the origin's tree, or null where it can.</summary>
    public static Reason? WhyNotEligible(OriginRegistration origin, DestinationRegistration destination)
    {
        if (WhyOverlapping(origin.Node.Identity, destination.Place, origin.Node.Name) is { } overlap) return overlap;
        if (origin.LargestFile > destination.MaxFileBytes)
            return RootReason.FileTooLarge(destination.MaxFileBytes.Value, origin.LargestFile.Value);
        return origin.Totals is { } totals
            ? WhyNoRoom(totals, origin.Room ?? totals.Bytes, origin.Node.Name, destination) : null;
    }

    /// <summary>
    /// The part of the last snapshot that it has is linked from there, if links can be held and the metadata is as it
    /// should be. If all of that has changed, the disk may fill up during the run; that ends only its part of the run.
    /// Holes take no <paramref name="room"/>: the tree has never grown by more than that.
    /// </summary>
    internal static Reason? WhyNoRoom(TreeTotals tree, long room, NodeName origin, DestinationRegistration destination)
    {
        var held = (destination.Lacks & NoLinks) != ReplicaLimits.None
            ? null : destination.Newest.FirstOrDefault(held => held.Origin == origin);
        var needed = tree with
        {
            Bytes = Math.Min(room, Math.Max(0, tree.Bytes - (held?.Bytes ?? 0))),
            Entries = Math.Max(0, tree.Entries - (held?.Bytes is null ? 0 : held.Entries ?? 0))
        };
        var staged = destination.Leftovers?.FirstOrDefault(left => left.Origin == origin);
        // An unreported figure is not zero: whether it is enough shows when the disk is written to.
        var there = destination.RoomFor(origin);
        var bytes = Sum(there.FreeBytes ?? long.MaxValue, staged?.Bytes ?? 0);
        if (bytes < needed.Bytes)
        {
            var (has, wants) = (Quantity.Bytes(bytes), Quantity.Bytes(needed.Bytes));
            return has != wants
                ? RootReason.TooLittleSpace(bytes, needed.Bytes) : RootReason.TooFewBytes(bytes, needed.Bytes);
        }
        if (there.FreeInodes is not { } free) return null;
        var inodes = Sum(free, staged?.Inodes ?? 0);
        return inodes < needed.Entries ? RootReason.TooFewInodes(inodes, needed.Entries) : null;
    }

    private static long Sum(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    /// <summary>Why copies of <paramref name="source"/> can't go below <paramref name="root"/>, two places in one form;
    /// null where they can.</summary>
    public static Reason? WhyOverlapping(string source, string root, NodeName origin)
    {
        var copies = $"{root.TrimEnd('/')}/{origin}";
        return IsWithin(copies, source) ? RootReason.InSource
            : IsWithin(source, copies) ? RootReason.HasSource(origin)
            : null;
    }

    private static bool IsWithin(string inner, string outer) =>
        inner == outer || inner.StartsWith(outer.TrimEnd('/') + '/', StringComparison.Ordinal);

    /// <summary>Whether copying starts with so many eligible destinations; <paramref name="newest"/> is the newest of
    /// its snapshots that any connected destination has.</summary>
    public static bool IsMet(OriginRegistration origin, int eligible, HeldSnapshot? newest) =>
        !origin.Holds && origin.Refusal is null && origin.Totals is { } totals
            && ShrinkGuard.WhyStopped(totals, origin.MaxShrinkPercent, newest) is null && eligible > 0
            && eligible >= (origin.WaitIsOver ? Math.Min(origin.StartWith, origin.Required) : origin.Required);
}
