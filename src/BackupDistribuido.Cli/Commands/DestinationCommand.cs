using System.CommandLine;
using BackupDistribuido.Actors.Destination;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.NodeSettings;
using BackupDistribuido.Cli.Running;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Hosting.Processes;

namespace BackupDistribuido.Cli.Commands;

/// <summary><c>bdist destination</c>: keeps copies below a folder.</summary>
internal static class DestinationCommand
{
    public static Command Build(CommandHost host) =>
        new Symbols("destination", "Run a destination: store copies below a folder.")
            .Options(Settings.Root, Settings.DestinationName, Settings.Coordinator,
                Settings.DestinationListen, Settings.Advertise, Settings.Adopt, Settings.RequireMount,
                Settings.DestinationLimit)
            .Option(Settings.Ui, "web pages at this address (default off; without a value 127.0.0.1:8082)")
            .ToCommand(flags => Run(host, flags));

    private static async Task<int> Run(CommandHost host, Flags flags)
    {
        if (PageRules.AreWanted(flags, "destination")) return await RunWithPages(host, flags);
        var configuration = new NodeConfiguration(flags, "destination");
        var settings = DestinationRules.Read(configuration, host.Environment.HostName);
        var launch =
            new NodeLaunch(NodeRole.Destination, "destination", settings.Name, configuration,
                DestinationRules.Addresses(settings));
        return await host.Run(launch with { Note = await Confine(host, launch, settings) },
            (nodes, context, stop) => nodes.RunDestination(settings, context, stop));
    }

    private static Task<string> Confine(CommandHost host, NodeLaunch launch, DestinationSettings settings) =>
        Confinement.Ensure(launch.Configuration.Get(Settings.Landlock), host.Environment.Confinement,
            launch.Logs(host.Environment.LogFolder), host.Nodes, settings,
            () => SecurityRule.Of(launch.Configuration, launch.Addresses));

    private static async Task<int> RunWithPages(CommandHost host, Flags given)
    {
        var (flags, kept) = KeptChoices.For(given, "destination", host.Environment.DataFolder);
        var configuration = new NodeConfiguration(flags, "destination");
        var launch = new NodeLaunch(NodeRole.Destination, "destination", null, configuration, []);
        // Without a folder there is nothing yet to confine the process to.
        if (configuration.Find(Settings.Root) is null)
            return await host.Run(
                launch with { Note = "landlock: off until a folder is chosen and the program started again" },
                (_, context, stop) => PagedCommand.Run(NodeRole.Destination, host, flags, kept, null, context, stop));
        var settings = DestinationRules.Read(configuration, host.Environment.HostName);
        launch = launch with { Addresses = DestinationRules.Addresses(settings) };
        launch = launch with { Note = await Confine(host, launch, settings) };
        var confined = host.Environment.Confinement is { IsOn: true } ? settings.Root : null;
        return await host.Run(launch,
            (_, context, stop) => PagedCommand.Run(NodeRole.Destination, host, flags, kept, confined, context, stop));
    }
}
