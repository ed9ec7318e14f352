using System.CommandLine;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.NodeSettings;
using BackupDistribuido.Cli.Running;
using BackupDistribuido.Core.Coordination;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Hosting;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Storage.Layout;

namespace BackupDistribuido.Cli.Commands;

/// <summary><c>bdist copy</c>: all nodes in one process.</summary>
internal static class CopyCommand
{
    public static Command Build(CommandHost host) =>
        new Symbols("copy", "Back up a directory to local folders.")
            .Argument(Settings.CopySource)
            .Argument(Settings.CopyDestinations)
            .Options(Settings.CopyCopies, Settings.CopyName, Settings.CopyWait, Settings.CopyKeep,
                Settings.CopyAdopt, Settings.CopyRequireMount, Settings.Topology)
            .Options(Settings.CopyTree.Flags)
            .ToCommand(flags => Run(host, flags));

    private static Task<int> Run(CommandHost host, Flags flags)
    {
        var configuration = new NodeConfiguration(flags, "copy", "coordinator");
        var (machine, reportFiles) = (host.Environment, host.WantsFiles(configuration));
        var settings = CopyRules.Read(configuration, machine.HostName, machine.DataFolder, reportFiles);
        SourceFolder.Check(settings.Tree.Source);
        CheckOverlap(settings);
        return host.Run(new NodeLaunch(NodeRole.Origin, "copy", settings.Name, configuration, []),
            (nodes, context, stop) => nodes.RunCopy(settings, context, stop));
    }

    /// <summary>A copy below its own source would be copied again by the next run, and the other way round.</summary>
    private static void CheckOverlap(CopySettings settings)
    {
        var source = Machine.RealPath(settings.Tree.Source);
        foreach (var destination in settings.Destinations)
        {
            if (StartCondition.WhyOverlapping(source, Machine.RealPath(destination.Root), settings.Name) is { } why)
                throw CommandFailure.Usage(
                    $"DEST {destination.Root} and SOURCE {settings.Tree.Source} overlap: {why}; "
                        + "choose a folder elsewhere");
        }
    }
}
