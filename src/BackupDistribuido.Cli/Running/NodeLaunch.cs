using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Hosting.Logging;

namespace BackupDistribuido.Cli.Running;

/// <summary>The nodes that a command starts.</summary>
/// <param name="Role">Whose events these are.</param>
/// <param name="Command">The command's name, for messages and the log's file name.</param>
/// <param name="Name">The node's name; null where it has none.</param>
/// <param name="Configuration">The command's configuration.</param>
/// <param name="Addresses">Every address that it listens on or dials.</param>
/// <param name="Live">Whether it is a node, for which a live view makes sense; otherwise it asks one.</param>
/// <param name="Note">The first line of the log.</param>
internal sealed record NodeLaunch(
    NodeRole Role, string Command, NodeName? Name, NodeConfiguration Configuration,
        IReadOnlyList<NodeAddress> Addresses, bool Live = true, string? Note = null)
{
    /// <summary>The command's own exit code stands when it is asked to stop, whatever its run was doing.</summary>
    public bool ExitIsItsOwn { get; init; }

    /// <summary>Its logs, as its owner has them.</summary>
    /// <param name="defaultFolder">Where they go when no folder is configured.</param>
    public LogSettings Logs(string defaultFolder) => new(Command, Name, Configuration.Get(Settings.LogLevel),
        Configuration.Find(Settings.LogFolder), defaultFolder, Configuration.Get(Settings.LogMaxSize),
        Configuration.Get(Settings.LogFiles));
}
