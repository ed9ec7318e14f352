using BackupDistribuido.Core.Delivery;

namespace BackupDistribuido.Storage.Staging;

/// <summary>Collects what a replica can't hold while it is written, besides what was known <paramref name="before"/>. For one thread at a time.</summary>
internal sealed class ReplicaHolding(ReplicaShortfall before = default)
{
    /// <summary>Told once of each kind that can't be held.</summary>
    public Action<ReplicaLimits>? Met { get; set; }

    /// <summary>What has been met so far.</summary>
    public ReplicaShortfall Shortfall { get; private set; } = before;

    /// <summary>Something of an entry can't be held.</summary>
    public void Lacks(ReplicaLimits limit)
    {
        if (Shortfall.Limits.HasFlag(limit)) return;
        Shortfall = Shortfall with { Limits = Shortfall.Limits | limit };
        Met?.Invoke(limit);
    }

    /// <summary>A whole entry can't be held.</summary>
    public void Misses(ReplicaLimits limit)
    {
        Lacks(limit);
        Shortfall = Shortfall with { Missing = Shortfall.Missing + 1 };
    }
}
