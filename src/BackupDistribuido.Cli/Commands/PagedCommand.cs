using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.NodeSettings;
using BackupDistribuido.Cli.Running;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Hosting.Control;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Web.Control;

namespace BackupDistribuido.Cli.Commands;

/// <summary>Runs an origin or a destination with pages: the process stays until it is stopped.</summary>
internal static class PagedCommand
{
    /// <summary>
    /// Runs the node. It connects automatically if the command line has its settings; a destination also if they were
    /// chosen earlier.
    /// </summary>
    /// <param name="confined">The folder that a confined process may write to; null: it is not confined.</param>
    public static Task<ExitCode> Run(NodeRole role, CommandHost host, Flags flags, KeptChoices kept,
        string? confined, NodeContext context, CancellationToken stop)
    {
        var configuration = new NodeConfiguration(flags, role == NodeRole.Origin ? "origin" : "destination");
        var machine = host.Environment;
        var start = new PagedStart(First(role, flags, configuration),
            role == NodeRole.Destination || flags.TryGet(Settings.Source, out _),
            configuration.GetList(Settings.UiRoots), confined);
        return role == NodeRole.Origin
            ? PagedNode.RunOriginAsync(host.Nodes, new OriginChoices(flags, kept, machine.HostName, machine.DataFolder),
                start, context, stop)
            : PagedNode.RunDestinationAsync(host.Nodes, new DestinationChoices(flags, kept, machine.HostName), start,
                context, stop);
    }

    private static NodeSetup First(NodeRole role, Flags flags, NodeConfiguration configuration)
    {
        var (folder, name) = role == NodeRole.Origin
            ? (Settings.Source, Settings.OriginName) : (Settings.Root, Settings.DestinationName);
        return new NodeSetup(configuration.Find(folder) is { } path ? Path.GetFullPath(path) : "",
            configuration.GetOrNull(name)?.ToString() ?? "",
            configuration.Get(Settings.Coordinator).ToString(), role == NodeRole.Origin
                ? configuration.Get(Settings.Copies) : 1,
            // A user who names the tree on the command line wants it copied.
            StartWhenReady: role == NodeRole.Destination || flags.TryGet(Settings.Source, out _)
                || configuration.Get(Settings.StartWhenReady));
    }
}
