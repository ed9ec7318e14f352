using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Delivery.Progress;

/// <summary>What a run waits for while no destination copies.</summary>
/// <param name="For">Destinations that may come back; empty: any.</param>
/// <param name="SecondsLeft">Until it ends without them; null: no time limit.</param>
public sealed record RunWait(IReadOnlyList<NodeName> For, double? SecondsLeft);

/// <summary>
/// How far a run is, in one number: the content bytes that are in place at destinations, of those that its required
/// copies have together. Computed by the run (<c>ProgressMeter</c>) and shown by everybody: the coordinator's
/// and the origin's terminal, <c>status</c>, JSON, metrics and pages.
/// </summary>
/// <param name="Safe">
/// Those that are in place at the destinations that are furthest, as many as there are copies required. It never goes
/// back within a run: where a copy is lost, it stands still until that is made up for; <paramref name="Again"/> says
/// how far.
/// </param>
/// <param name="Total">Content bytes of the tree times the copies required.</param>
/// <param name="IsReached">The required copies are stored. Only then it is 100 %.</param>
/// <param name="Rate">Bytes per second that these destinations receive in total; null: unknown, or nothing
/// arrives.</param>
/// <param name="SecondsLeft">Until the slowest of them has all content; null: unknown.</param>
/// <param name="Again">Bytes of <paramref name="Safe"/> that were lost again, and have to come once more.</param>
/// <param name="Wait">Its wait; null: none.</param>
public sealed record RunProgress(
    long Safe, long Total, bool IsReached, double? Rate = null, double? SecondsLeft = null, long Again =
        0, RunWait? Wait = null)
{
    /// <summary>Whole percent, 0 to 100; 100 only where the required copies are stored.</summary>
    public int Percent => IsReached ? 100 : Below100(Safe, Total);

    /// <summary>The same as a part of 1.</summary>
    public double Part => IsReached ? 1 : Total <= 0 ? 0 : Math.Clamp((double)Safe / Total, 0, 1);

    /// <summary>Of a tree that has so many bytes: those that are in place, on average over the required
    /// copies.</summary>
    public long Of(long tree) => IsReached ? tree : (long)Math.Min(tree, Part * tree);

    /// <summary>Whole percent, at most 99.</summary>
    internal static int Below100(long done, long total) =>
        total <= 0 ? 0 : (int)Math.Clamp(done * 100.0 / total, 0, 99);
}
