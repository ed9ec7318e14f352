using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Delivery.Progress;

/// <summary>How far one destination is with its copy of a run's snapshot.</summary>
/// <param name="Done">Content bytes of the tree that are in its staging, those that it had already among them; at most
/// <paramref name="Total"/>.</param>
/// <param name="Total">Content bytes of the tree.</param>
/// <param name="Rate">Growth of <paramref name="Done"/> in bytes per second; null: unknown, or it does not
/// grow.</param>
/// <param name="SecondsLeft">Until it has all of them at that rate, without making them durable; null: unknown, or it
/// has them.</param>
public sealed record CopyProgress(long Done, long Total, MemberStanding Standing, double? Rate = null,
    double? SecondsLeft = null)
{
    private const double Longest = 365 * 86_400;

    /// <summary>Whole percent. 100 only once its replica is stored: content that is not durable does not
    /// count.</summary>
    public int Percent => Standing == MemberStanding.Stored ? 100 : RunProgress.Below100(Done, Total);

    /// <summary>The same as a part of 1.</summary>
    public double Part =>
        Standing == MemberStanding.Stored ? 1 : Total <= 0 ? 0 : Math.Clamp((double)Done / Total, 0, 1);

    /// <summary>From what it has and how fast that grows.</summary>
    public static CopyProgress Of(long done, long total, MemberStanding standing, double? rate)
    {
        // A publishing destination has all of the tree, whatever it has left out of the earlier count.
        var have = standing is MemberStanding.Stored or MemberStanding.Publishing ? total : Math.Clamp(done, 0, total);
        var left = have < total && rate is > 0 ? (total - have) / rate : null;
        return new CopyProgress(have, total, standing, have < total ? rate : null, left <= Longest ? left : null);
    }
}

/// <summary>What a destination has of a run's snapshot, according to its own report.</summary>
public readonly record struct CopyDone(NodeName Name, MemberStanding Standing, long Bytes);
