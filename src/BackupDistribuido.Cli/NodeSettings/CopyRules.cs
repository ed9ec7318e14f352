using System.Globalization;
using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Hosting;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Storage.Layout;

namespace BackupDistribuido.Cli.NodeSettings;

/// <summary>Reads the settings of a copy from its configuration.</summary>
internal static class CopyRules
{
    /// <summary>Reads it.</summary>
    /// <param name="host">This host's name, for default names.</param>
    /// <param name="dataFolder">Folder for the origin's record of its last run, if none is configured.</param>
    /// <exception cref="CommandFailure">It is not right, with the reason.</exception>
    public static CopySettings Read(NodeConfiguration configuration, string host, string dataFolder, bool reportFiles)
    {
        var source = Path.GetFullPath(configuration.Get(Settings.CopySource));
        var given = configuration.GetList(Settings.CopyDestinations);
        if (given.Count == 0)
            throw CommandFailure.Usage(
                "DEST is missing: give at least one folder for the copies, or set backup.copy.destinations in a file "
                + "for --config; for example: bdist copy ~/photos /mnt/a /mnt/b");
        var roots = given.Select(Path.GetFullPath).Select(path => path.Length > 1 ? path.TrimEnd('/') : path).ToList();
        if (roots.GroupBy(root => root, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw CommandFailure.Usage($"DEST {twice.Key} is given twice; each copy needs its own folder");
        var copies = configuration.Get(Settings.CopyCopies, () => roots.Count);
        if (copies > roots.Count)
            throw CommandFailure.Usage(
                string.Create(CultureInfo.InvariantCulture,
                    $"--copies {copies} is more than the {roots.Count} DEST given; give more folders, or at most "
                    + $"--copies {roots.Count}"));
        var name = configuration.Get(Settings.CopyName, () => DefaultName.Of(host, source));
        // Within one process there is no other node to relay through.
        var topology = configuration.Get(Settings.Topology) is var shape and not TopologyChoice.Relay
            ? shape : TopologyChoice.Star;
        return new CopySettings(name, TreeRules.Tree(configuration, Settings.CopyTree, source, name, dataFolder),
            new CopyGoal(copies, configuration.GetOrNull(Settings.CopyKeep),
                TreeRules.MaxShrinkPercent(configuration, Settings.CopyTree), topology),
            [.. roots.Zip(DefaultName.OfRoots([.. roots.Select(Machine.RealPath)]),
                (root, name) => new CopyDestination(root, name))],
            new RootOptions(configuration.Get(Settings.CopyAdopt), configuration.Get(Settings.CopyRequireMount)),
            configuration.Get(Settings.RejoinWait))
        {
            ReportFiles = reportFiles,
            Wait = configuration.Get(Settings.CopyWait),
        };
    }
}
