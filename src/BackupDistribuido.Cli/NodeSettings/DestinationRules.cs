using BackupDistribuido.Actors.Destination;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Retention;
using BackupDistribuido.Hosting;
using BackupDistribuido.Storage.Layout;

namespace BackupDistribuido.Cli.NodeSettings;

/// <summary>Reads a destination's settings from its configuration.</summary>
internal static class DestinationRules
{
    /// <summary>Every address that it listens on or dials.</summary>
    public static IReadOnlyList<NodeAddress> Addresses(DestinationSettings settings) =>
        [.. new[] { settings.Coordinator, settings.Listen, settings.Advertise }.OfType<NodeAddress>()];

    /// <summary>Reads it.</summary>
    /// <param name="host">This host's name, for default names.</param>
    /// <exception cref="CommandFailure">It is not right, with the reason.</exception>
    public static DestinationSettings Read(NodeConfiguration configuration, string host)
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
        var name = configuration.Get(Settings.DestinationName, () => DefaultName.OfRoot(host, Machine.RealPath(root)));
        return new DestinationSettings(root, name, configuration.Get(Settings.Coordinator))
        {
            Opening = new RootOptions(configuration.Get(Settings.Adopt), configuration.Get(Settings.RequireMount)),
            Listen = configuration.Find(Settings.DestinationListen),
            Advertise = advertise,
            Staging = new StagingRule(configuration.Get(Settings.StagingMaxAge),
                configuration.Get(Settings.StagingMaxSize) / 100.0),
            Limit = configuration.Find(Settings.DestinationLimit),
            Inbound = configuration.Get(Settings.Inbound),
            VerifyEvery = configuration.Get(Settings.VerifyEvery),
            LookEvery = configuration.Get(Settings.LookEvery),
        };
    }
}
