using System.Globalization;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Coordination;

/// <summary>
/// Stops the copying of a tree that is empty, or much smaller than its last snapshot: the state after a disk was not
/// mounted, or after a mistake, is not worth protecting. Ordinary changes pass: a third deleted, a folder removed,
/// entries moved from one folder to another.
/// </summary>
public static class ShrinkGuard
{
    /// <summary>A tree that had fewer entries below its root than this may lose any of them but the last.</summary>
    public const int Few = 4;

    /// <summary>The share of a tree that counts as much: the default limit; and after such a loss nothing is removed,
    /// even if the owner allows it.</summary>
    public const int UsualPercent = 50;

    /// <summary>The share that is much where whole directories lost all that they had at once.</summary>
    public const int EmptiedPercent = 25;

    /// <summary>The share that is much where it was mounted and is not any more.</summary>
    public const int UnmountedPercent = 10;

    /// <summary>The newest snapshot of an origin that any of these destinations has, of those whose size is
    /// known.</summary>
    public static HeldSnapshot? Newest(NodeName origin, IEnumerable<DestinationRegistration> destinations,
        SnapshotOrder order) =>
        destinations.SelectMany(destination => destination.Newest)
            .Where(held => held.Origin == origin && held.Entries is not null)
            .OrderBy(held => held.Snapshot, order).ThenBy(held => held.Entries).LastOrDefault();

    /// <summary>
    /// Why a tree must not be copied, for its owner; null if it may. <paramref name="maxPercent"/> is the share of its
    /// entries that may not be missing; null: any may, and the tree may be empty. <paramref name="newest"/> is its
    /// newest snapshot, <paramref name="loss"/> what it lacks compared with its last run; null if unknown.
    /// </summary>
    public static Reason? WhyStopped(TreeContents tree, int? maxPercent, HeldSnapshot? newest, TreeLoss? loss)
    {
        if (maxPercent is not { } max) return null;
        if (tree.IsEmpty) return WhyEmpty(newest, loss);
        return WhyStopped(tree.Totals, maxPercent, newest) ?? (loss is null ? null : WhyStopped(loss, max));
    }

    /// <summary>Whether a tree is so much smaller that nothing older may be removed after it, though its owner allows
    /// it to be copied.</summary>
    public static bool HasShrunk(TreeContents tree, HeldSnapshot? newest, TreeLoss? loss) =>
        WhyStopped(tree, UsualPercent, newest, loss) is not null;

    /// <summary>The same by its totals and its newest snapshot alone. Entries that can't be read are among both: which
    /// of them could be read before is not known.</summary>
    public static Reason? WhyStopped(TreeTotals tree, int? maxPercent, HeldSnapshot? newest)
    {
        if (maxPercent is not { } max || newest is not { Entries: { } held }) return null;
        // The root is an entry too.
        var (before, now) = (held - 1, Math.Max(0, tree.Entries - 1));
        if (now == 0 && before > 0) return WhyEmpty(newest, null);
        if (before < Few) return null;
        if (tree.Bytes == 0 && newest.Bytes > 0)
            return SourceReason.NoContent(newest.Snapshot, newest.Bytes.Value);
        return IsMuch(before - now, before, max)
            ? SourceReason.ShrunkAgainstSnapshot(now + 1, newest.Snapshot, held, max)
            : null;
    }

    private static Reason WhyEmpty(HeldSnapshot? newest, TreeLoss? loss) => newest?.Entries > 1
        ? SourceReason.EmptyAgainstSnapshot(newest.Snapshot, newest.Entries.Value)
        : loss?.Before > 0 ? SourceReason.EmptyAgainstRun(loss.Before + 1)
        : SourceReason.EmptyTree;

    private static Reason? WhyStopped(TreeLoss loss, int max)
    {
        // Entries that exist under another name were moved.
        var missing = loss.Before - loss.Now;
        var (mount, folder) = (loss.Unmounted, loss.Emptied);
        if (loss.Before >= Few && IsMuch(Math.Min(missing, mount.Entries), loss.Before, UnmountedPercent))
            return SourceReason.Unmounted(mount.Largest, mount.InLargest, loss.Before);
        if (loss.Before >= Few && IsMuch(Math.Min(missing, folder.Entries), loss.Before, EmptiedPercent))
            return SourceReason.FolderEmptied(folder.Largest, folder.InLargest, loss.Before);
        return loss.Before >= Few && IsMuch(missing + loss.Hollow, loss.Before, max)
            ? SourceReason.ShrunkAgainstRun(loss.Now + 1, loss.Before + 1, max)
            : null;
    }

    private static bool IsMuch(long missing, long of, int percent) =>
        missing > 0 && (Int128)missing * 100 >= (Int128)of * percent;
}
