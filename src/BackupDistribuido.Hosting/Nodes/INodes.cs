using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Destination;
using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Hosting.Nodes;

/// <summary>
/// The nodes, as the command line starts them: each call ends when its node has ended, with the command's exit code. A
/// failure that its owner can act on is a <see cref="CommandFailure"/>; any other exception is a defect.
/// </summary>
public interface INodes
{
    /// <summary>Runs a coordinator until it is asked to stop.</summary>
    Task<ExitCode> RunCoordinator(CoordinatorSettings settings, NodeContext context, CancellationToken stop);

    /// <summary>Runs a destination until it is asked to stop.</summary>
    Task<ExitCode> RunDestination(DestinationSettings settings, NodeContext context, CancellationToken stop);

    /// <summary>Makes a destination's ROOT where it isn't there, under the same conditions as
    /// <see cref="RunDestination"/>, and with the same failures, which leave nothing behind.</summary>
    Task MakeRoot(DestinationSettings settings, NodeSecurity security);

    /// <summary>Runs an origin until its run is over; asked to stop, it leaves at once.</summary>
    Task<ExitCode> RunOrigin(OriginSettings settings, NodeContext context, CancellationToken stop);

    /// <summary>Runs a coordinator, destinations and an origin in this process, content over loopback, until the run is
    /// over.</summary>
    Task<ExitCode> RunCopy(CopySettings settings, NodeContext context, CancellationToken stop);

    /// <summary>A coordinator to be asked. Whether it is reached shows when it is.</summary>
    ICoordinator Reach(NodeAddress coordinator, NodeContext context);

    /// <summary>Makes a cluster's key in a new file of mode 0600. A file that exists, or can't be made, is a
    /// <see cref="CommandFailure"/>.</summary>
    void MakeKey(string file);
}
