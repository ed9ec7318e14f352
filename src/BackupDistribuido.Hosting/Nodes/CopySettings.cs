using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Storage.Layout;

namespace BackupDistribuido.Hosting.Nodes;

/// <summary>Settings of a copy in one process.</summary>
/// <param name="Name">The origin's name.</param>
/// <param name="Tree">The tree that it protects.</param>
/// <param name="Goal">The copies to make, at most one per destination.</param>
/// <param name="Destinations">The folders of the copies, at least one; their names are different.</param>
/// <param name="Roots">How the folders are opened.</param>
/// <param name="RejoinWait">How long a run with too few replicas waits while no destination is copying.</param>
public sealed record CopySettings(NodeName Name, OriginTree Tree, CopyGoal Goal,
    IReadOnlyList<CopyDestination> Destinations, RootOptions Roots, TimeSpan RejoinWait)
{
    /// <summary>Whether single files are reported to the owner.</summary>
    public bool ReportFiles { get; init; }

    /// <summary>How long the others wait for a folder that is slow to open; null: 10 s.</summary>
    public TimeSpan? Wait { get; init; }
}

/// <summary>One folder that a copy fills.</summary>
public sealed record CopyDestination(string Root, NodeName Name);
