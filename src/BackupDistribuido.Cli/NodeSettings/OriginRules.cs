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
        return new OriginSettings(name, configuration.Get(Settings.Coordinator),
            TreeRules.Tree(configuration, Settings.OriginTree, source, name, dataFolder),
            new CopyGoal(copies, configuration.GetOrNull(Settings.Keep),
                TreeRules.MaxShrinkPercent(configuration, Settings.OriginTree), configuration.Get(Settings.Topology)))
        {
            StartWith = startWith,
            Wait = configuration.GetOrNull(Settings.Wait),
            ReportFiles = reportFiles,
            Listen = configuration.Find(Settings.OriginListen),
            Advertise = configuration.Find(Settings.OriginAdvertise),
            Limit = configuration.Find(Settings.OriginLimit),
        };
    }
}
