using BackupDistribuido.Core.Delivery;

namespace BackupDistribuido.Storage.Staging;

/// <summary>Collects what a replica can't hold while it is written, besides what was known <paramref name="before"/>. For one thread at a time.</summary>
/// <param name="root">What can't be held below this ROOT, whatever a call says.</param>
internal sealed class ReplicaHolding(ReplicaLimits root, ReplicaShortfall before = default)
{
    /// <summary>Told once of each kind that can't be held.</summary>
    public Action<ReplicaLimits>? Met { get; set; }

    /// <summary>What has been met so far.</summary>
    public ReplicaShortfall Shortfall { get; private set; } = before;

    /// <summary>Notes, of these kinds, what can't be held below this ROOT; true where that is any.</summary>
    public bool IsBeyondRoot(ReplicaLimits kinds)
    {
        if ((kinds & root) == ReplicaLimits.None) return false;
        Lacks(kinds & root);
        return true;
    }

    /// <summary>Something of an entry can't be held.</summary>
    public void Lacks(ReplicaLimits limit)
    {
        var news = limit & ~Shortfall.Limits;
        if (news == ReplicaLimits.None) return;
        Shortfall = Shortfall with { Limits = Shortfall.Limits | news };
        Met?.Invoke(news);
    }

    /// <summary>A whole entry can't be held.</summary>
    public void Misses(ReplicaLimits limit)
    {
        Lacks(limit);
        Shortfall = Shortfall with { Missing = Shortfall.Missing + 1 };
    }
}
