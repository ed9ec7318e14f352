using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Cli.Hosting;

/// <summary>What a command starts.</summary>
/// <param name="Role">Whose events these are.</param>
/// <param name="Command">The command's name, for messages and the log's file name.</param>
/// <param name="Name">The node's name; null where it has none.</param>
/// <param name="Configuration">The command's configuration.</param>
/// <param name="Addresses">Every address that it listens on or dials.</param>
/// <param name="Live">Whether it is a node, for which a live view makes sense; otherwise it asks one.</param>
/// <param name="Note">A line for the log, before all others.</param>
internal sealed record NodeLaunch(
    NodeRole Role, string Command, NodeName? Name, NodeConfiguration Configuration,
        IReadOnlyList<NodeAddress> Addresses, bool Live = true, string? Note = null)
{
    /// <summary>The command's own exit code stands when it is asked to stop, whatever its run was doing.</summary>
    public bool ExitIsItsOwn { get; init; }
}
