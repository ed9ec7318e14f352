using BackupDistribuido.Core.Delivery;

namespace BackupDistribuido.Storage.Staging;

/// <summary>Collects what a replica can't hold while it is written. For one thread at a time.</summary>
internal sealed class ReplicaHolding(Action<ReplicaLimits>? met = null)
{
    /// <summary>What has been met so far.</summary>
    public ReplicaShortfall Shortfall { get; private set; }

    /// <summary>Something of an entry can't be held.</summary>
    public void Lacks(ReplicaLimits limit)
    {
        if (Shortfall.Limits.HasFlag(limit)) return;
        Shortfall = Shortfall with { Limits = Shortfall.Limits | limit };
        met?.Invoke(limit);
    }

    /// <summary>A whole entry can't be held.</summary>
    public void Misses(ReplicaLimits limit)
    {
        Lacks(limit);
        Shortfall = Shortfall with { Missing = Shortfall.Missing + 1 };
    }
}
