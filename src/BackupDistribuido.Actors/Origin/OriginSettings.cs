using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Actors.Origin;

/// <summary>Settings of an origin.</summary>
/// <param name="Name">The origin's name.</param>
/// <param name="Coordinator">The address of the coordinator.</param>
/// <param name="Tree">The tree that it protects.</param>
/// <param name="Goal">The copies that its run is to make. Copying starts when so many eligible destinations are
/// connected.</param>
public sealed record OriginSettings(NodeName Name, NodeAddress Coordinator, OriginTree Tree, CopyGoal Goal)
{
    /// <summary>With at least so many destinations copying starts when <see cref="Wait"/> ends.</summary>
    public int StartWith { get; init; } = Goal.Copies;

    /// <summary>How long to wait for destinations; null: without limit.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>Whether single files are reported to the owner.</summary>
    public bool ReportFiles { get; init; }

    /// <summary>The address for destinations that dial because they accept no connections; null: the local address that
    /// reaches the coordinator, and a port that the system chooses.</summary>
    public NodeAddress? Listen { get; init; }

    /// <summary>The address that those destinations dial; null: <see cref="Listen"/>.</summary>
    public NodeAddress? Advertise { get; init; }

    /// <summary>Its sending speed, for all its links together; null: no limit.</summary>
    public Rate? Limit { get; init; }

    /// <summary>The owner's control while it runs; null: none, and it may start.</summary>
    public OriginControl? Control { get; init; }
}
