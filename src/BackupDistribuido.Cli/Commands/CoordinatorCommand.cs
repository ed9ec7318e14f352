using System.CommandLine;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.NodeSettings;
using BackupDistribuido.Cli.Running;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Cli.Commands;

/// <summary><c>bdist coordinator</c>: tracks the members and plans deliveries.</summary>
internal static class CoordinatorCommand
{
    public static Command Build(CommandHost host) =>
        new Symbols("coordinator", "Run the coordinator: track machines, plan transfers, keep history.")
            .Options(Settings.CoordinatorListen, Settings.Data, Settings.Ui)
            .ToCommand(flags => Run(host, flags));

    private static Task<int> Run(CommandHost host, Flags flags)
    {
        var configuration = new NodeConfiguration(flags, "coordinator");
        var settings = CoordinatorRules.Read(configuration, host.Environment.DataFolder);
        return host.Run(new NodeLaunch(NodeRole.Coordinator, "coordinator", null, configuration, [settings.Listen]),
            (nodes, context, stop) => nodes.RunCoordinator(settings, context, stop));
    }
}
