using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Retention;

/// <summary>A published snapshot as the rules of retention see it.</summary>
/// <param name="Entries">How many entries its manifest has, including the root; null if its manifest is missing or has
/// no seal.</param>
/// <param name="IsDamaged">Whether it was found damaged.</param>
/// <param name="LacksNames">Whether some of its entries are missing because of their names, or this is unknown.</param>
/// <param name="Missing">How many of its entries this destination could not hold, so that its tree is without
/// them.</param>
public readonly record struct KeptSnapshot(SnapshotId Id, long? Entries, bool IsDamaged, bool LacksNames = false,
    long Missing = 0)
{
    /// <summary>Whether it can take the place of an older one.</summary>
    public bool IsSound => !IsDamaged && Entries is not null;
}

/// <summary>Which snapshots go, oldest first, and which stay beyond the number because nothing as complete has followed
/// them.</summary>
/// <param name="Named">The one of those that stay that has every name, while no newer one that counts has; null: not
/// needed.</param>
public sealed record RetentionPlan(IReadOnlyList<SnapshotId> Removed, IReadOnlyList<SnapshotId> HeldBack,
    SnapshotId? Named = null)
{
    /// <summary>Nothing goes.</summary>
    public static RetentionPlan None { get; } = new([], []);
}

/// <summary>
/// Which snapshots a destination removes if an origin wants only that many to be kept. Nothing that is older and more
/// complete is removed because something newer and poorer came. Pure; no clock.
/// </summary>
public static class RetentionRule
{
    /// <summary>A snapshot with fewer entries than this share of an older one's, in percent, can't replace
    /// it.</summary>
    public const int EnoughPercent = 75;

    /// <summary>
    /// Snapshots older than the newest <paramref name="keep"/> sound ones are removed. One that is damaged, or has no
    /// manifest, does not count among those; it is removed if it is older than all of them. If none that stays has
    /// about as many entries as an older one, the newest such one stays too, unless the owner said that the tree
    /// <paramref name="mayShrink"/>. If all that stay lack entries because of their names, the newest older one that
    /// does not stays too. If fewer entries are missing from an older one than from all of those, the one with the
    /// fewest stays, unless <paramref name="mayShrink"/>: only one, so that their number does not grow.
    /// </summary>
    /// <param name="oldestFirst">All that are published.</param>
    /// <param name="keep">At least one is kept, whatever it says.</param>
    /// <param name="stored">The protected one that makes room: it stays, and where it is not sound nothing
    /// goes.</param>
    /// <param name="mayShrink">Whether a smaller tree may take the place of a larger one.</param>
    public static RetentionPlan Plan(IReadOnlyList<KeptSnapshot> oldestFirst, int keep, SnapshotId stored,
        bool mayShrink)
    {
        if (!oldestFirst.Any(one => one.Id == stored && one.IsSound)) return RetentionPlan.None;
        var newest = oldestFirst.Where(one => one.IsSound).TakeLast(Math.Max(1, keep)).ToList();
        if (newest.Count < keep) return RetentionPlan.None;
        var isOlder = oldestFirst.TakeWhile(one => one.Id != newest[0].Id).Where(one => one.Id != stored).ToList();
        var most = oldestFirst.Where(one => one.IsSound && !isOlder.Contains(one)).Max(one => one.Entries!.Value);
        var lacks = oldestFirst.Where(one => one.IsSound && !isOlder.Contains(one)).All(one => one.LacksNames);
        SnapshotId? named = lacks
            ? isOlder.Where(one => one is { IsSound: true, LacksNames: false }).Select(one => (SnapshotId?)one.Id)
            .LastOrDefault() : null;
        var least = oldestFirst.Where(one => one.IsSound && (!isOlder.Contains(one) || one.Id == named))
            .Min(one => one.Missing);
        var fullest = Enumerable.Reverse(isOlder).Where(one => one.IsSound && one.Missing < least)
            .Select(one => (KeptSnapshot?)one).MinBy(one => one?.Missing)?.Id;
        var (removed, held) = (new List<SnapshotId>(), new List<SnapshotId>());
        foreach (var one in Enumerable.Reverse(isOlder))
        {
            if (!mayShrink && one.IsSound
                && (one.Id == fullest || (Int128)most * 100 < (Int128)one.Entries!.Value * EnoughPercent))
            {
                held.Insert(0, one.Id);
                most = Math.Max(most, one.Entries!.Value);
            }
            else if (one.Id != named) removed.Insert(0, one.Id);
        }
        return new RetentionPlan(removed, held, named);
    }
}
