using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Core.Runs;

/// <summary>From whom a run's content comes. Names alone don't tell: a destination may have the name that an origin
/// has.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Data">Where it can be dialled; null: it can't, or has not said so.</param>
public abstract record ContentRoot(NodeName Name, NodeAddress? Data)
{
    /// <summary>The origin itself: without it the run waits, and ends.</summary>
    public sealed record AtOrigin(NodeName Name, NodeAddress? Data) : ContentRoot(Name, Data);

    /// <summary>A destination that holds the snapshot: the origin's comings and goings are of no matter.</summary>
    public sealed record AtHolder(NodeName Name, NodeAddress? Data) : ContentRoot(Name, Data);
}
