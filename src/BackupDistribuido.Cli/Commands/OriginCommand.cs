using System.CommandLine;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.NodeSettings;
using BackupDistribuido.Cli.Running;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Cli.Commands;

/// <summary><c>bdist origin</c>: protects a directory.</summary>
internal static class OriginCommand
{
    public static Command Build(CommandHost host) =>
        new Symbols("origin", "Back up a directory to the connected destinations, then exit.")
            .Argument(Settings.Source)
            .Options(Settings.Copies, Settings.StartWith, Settings.OriginName,
                Settings.Coordinator, Settings.Wait, Settings.Keep, Settings.Topology, Settings.OriginLimit)
            .Option(Settings.Ui, "web pages at this address (default off; without a value 127.0.0.1:8081)")
            .Options(Settings.OriginTree.Flags)
            .ToCommand(flags => Run(host, flags));

    private static Task<int> Run(CommandHost host, Flags flags)
    {
        if (PageRules.AreWanted(flags, "origin")) return RunWithPages(host, flags);
        var configuration = new NodeConfiguration(flags, "origin");
        var (machine, reportFiles) = (host.Environment, host.WantsFiles(configuration));
        var settings = OriginRules.Read(configuration, machine.HostName, machine.DataFolder, reportFiles);
        SourceFolder.Check(settings.Tree.Source);
        return host.Run(new NodeLaunch(NodeRole.Origin, "origin", settings.Name, configuration, [settings.Coordinator]),
            (nodes, context, stop) => nodes.RunOrigin(settings, context, stop));
    }

    private static Task<int> RunWithPages(CommandHost host, Flags given)
    {
        var (flags, kept) = KeptChoices.For(given, "origin", host.Environment.DataFolder);
        var launch = new NodeLaunch(NodeRole.Origin, "origin", null, new NodeConfiguration(flags, "origin"),
            [])
        { ExitIsItsOwn = true };
        return host.Run(launch,
            (_, context, stop) => PagedCommand.Run(NodeRole.Origin, host, flags, kept, null, context, stop));
    }
}
