using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Retention;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Storage.Layout;

namespace BackupDistribuido.Actors.Destination;

/// <summary>Settings of a destination.</summary>
/// <param name="Root">The folder of its copies.</param>
/// <param name="Name">The destination's name.</param>
/// <param name="Coordinator">The address of the coordinator.</param>
public sealed record DestinationSettings(string Root, NodeName Name, NodeAddress Coordinator)
{
    /// <summary>How the folder is opened; with <see cref="RootOptions.Adopt"/> also an origin's folder that another
    /// identity made is used.</summary>
    public RootOptions Opening { get; init; } = new();

    /// <summary>Data address; null: the local address that reaches the coordinator, port 4054 or the next free
    /// one.</summary>
    public NodeAddress? Listen { get; init; }

    /// <summary>The data address that parents dial; null: <see cref="Listen"/>.</summary>
    public NodeAddress? Advertise { get; init; }

    /// <summary>How long, and how much, staging is kept for runs that may come back; null: the default rule.</summary>
    public StagingRule? Staging { get; init; }

    /// <summary>Its sending speed for all its links together, and its receiving speed; null: no limit.</summary>
    public Rate? Limit { get; init; }

    /// <summary>Whether it opens a data port; without one it dials its parents, and its children must have
    /// one.</summary>
    public bool Inbound { get; init; } = true;

    /// <summary>How long a replica may stay unread before it is re-read; null: only when the owner asks.</summary>
    public TimeSpan? VerifyEvery { get; init; }

    /// <summary>How often it checks that the newest snapshots are still there; null: every minute.</summary>
    public TimeSpan? LookEvery { get; init; }

    /// <summary>The owner's control while it runs; null: none.</summary>
    public DestinationControl? Control { get; init; }
}
