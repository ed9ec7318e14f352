using System.CommandLine;
using BackupDistribuido.Actors.Destination;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Hosting;
using BackupDistribuido.Cli.Pages;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Hosting;
using BackupDistribuido.Hosting.Processes;
using BackupDistribuido.Storage.Roots;

namespace BackupDistribuido.Cli.Commands;

/// <summary><c>bdist destination</c>: keeps copies below a folder.</summary>
internal static class DestinationCommand
{
    public static Command Build(CommandHost host) =>
        new Symbols("destination", "Keep copies below a folder; runs until it is stopped.")
            .Options(Settings.Root, Settings.DestinationName, Settings.Coordinator,
                Settings.DestinationListen, Settings.Advertise, Settings.Adopt, Settings.RequireMount,
                    Settings.DestinationLimit, Settings.Ui)
            .ToCommand(flags => Run(host, flags));

    private static async Task<int> Run(CommandHost host, Flags flags)
    {
        if (PagedCommand.IsWanted(flags, "destination")) return await RunWithPages(host, flags);
        var configuration = new NodeConfiguration(flags, "destination");
        var settings = Read(configuration, host.Environment.HostName);
        var launch =
            new NodeLaunch(NodeRole.Destination, "destination", settings.Name, configuration, Addresses(settings));
        return await host.Run(launch with { Note = await Confine(host, launch, settings) },
            (nodes, context, stop) => nodes.RunDestination(settings, context, stop));
    }

    private static Task<string> Confine(CommandHost host, NodeLaunch launch, DestinationSettings settings) =>
        Confinement.Ensure(launch.Configuration.Get(Settings.Landlock), host.Environment.Confinement,
            host.LogsOf(launch), host.Nodes, settings, () => SecurityRule.Of(launch.Configuration, launch.Addresses));

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
        var settings = Read(configuration, host.Environment.HostName);
        launch = launch with { Addresses = Addresses(settings) };
        launch = launch with { Note = await Confine(host, launch, settings) };
        var confined = host.Environment.Confinement is { IsOn: true } ? settings.Root : null;
        return await host.Run(launch,
            (_, context, stop) => PagedCommand.Run(NodeRole.Destination, host, flags, kept, confined, context, stop));
    }

    /// <summary>Every address that it listens on or dials.</summary>
    internal static IReadOnlyList<NodeAddress> Addresses(DestinationSettings settings) =>
        [.. new[] { settings.Coordinator, settings.Listen, settings.Advertise }.OfType<NodeAddress>()];

    internal static DestinationSettings Read(NodeConfiguration configuration, string host)
    {
        var root = Path.GetFullPath(configuration.Get(Settings.Root));
        var advertise = configuration.Find(Settings.Advertise);
        if (advertise is { Port: 0 })
            throw CommandFailure.Usage(
                $"--advertise {advertise}: others can't dial port 0; give the port that reaches this destination");
        if (advertise is { IsLinkLocal: true })
            throw CommandFailure.Usage(
                $"--advertise {advertise}: a link-local address means something on this machine alone; give one that "
                + "others can dial");
        return new DestinationSettings(
            root, configuration.Get(Settings.DestinationName, () => DefaultName.OfRoot(host, Machine.RealPath(root))),
                configuration.Get(Settings.Coordinator),
            configuration.Find(Settings.DestinationListen), advertise,
            configuration.Get(Settings.Adopt), configuration.Get(Settings.RequireMount),
            new StagingRule(configuration.Get(Settings.StagingMaxAge),
                configuration.Get(Settings.StagingMaxSize) / 100.0), configuration.Find(Settings.DestinationLimit),
            configuration.Get(Settings.Inbound), configuration.Get(Settings.VerifyEvery),
                LookEvery: configuration.Get(Settings.LookEvery));
    }
}
