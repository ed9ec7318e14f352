using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Hosting;

namespace BackupDistribuido.Cli.NodeSettings;

/// <summary>What an origin is started with, as its owner has it.</summary>
internal static class OriginRules
{
    /// <summary>Reads it.</summary>
    /// <param name="host">This host's name, for default names.</param>
    /// <param name="dataFolder">Folder for its record of the last run, if none is configured.</param>
    /// <exception cref="CommandFailure">It is not right, with the reason.</exception>
    public static OriginSettings Read(NodeConfiguration configuration, string host, string dataFolder, bool reportFiles)
    {
        var source = Path.GetFullPath(configuration.Get(Settings.Source));
        var copies = configuration.Get(Settings.Copies);
        var startWith = configuration.Get(Settings.StartWith, () => copies);
        if (startWith > copies)
            throw CommandFailure.Usage(
                FormattableString.Invariant(
                    $"--start-with {startWith} is more than --copies {copies}; give at most {copies}, or more copies"));
        var name = configuration.Get(Settings.OriginName, () => DefaultName.Of(host, source));
        return new OriginSettings(
            source, name, configuration.Get(Settings.Coordinator),
            copies, startWith, configuration.GetOrNull(Settings.Wait), configuration.GetOrNull(Settings.Keep),
            TreeRules.Read(configuration, Settings.OriginTree),
                TreeRules.MaxShrinkPercent(configuration, Settings.OriginTree), reportFiles,
            configuration.Get(Settings.Topology),
                TreeRules.RecordFile(configuration, Settings.OriginTree, name, dataFolder),
                    configuration.Get(Settings.OriginTree.Checksum),
            configuration.Find(Settings.OriginLimit), configuration.Find(Settings.OriginListen),
                configuration.Find(Settings.OriginAdvertise));
    }
}
