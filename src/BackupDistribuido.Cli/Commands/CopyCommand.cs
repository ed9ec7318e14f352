using System.CommandLine;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Hosting;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Hosting;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Storage.Roots;

namespace BackupDistribuido.Cli.Commands;

/// <summary><c>bdist copy</c>: all nodes in one process.</summary>
internal static class CopyCommand
{
    public static Command Build(CommandHost host) =>
        new Symbols("copy", "Copy a directory to folders of this machine, all in one process.")
            .Argument(Settings.CopySource)
            .Argument(Settings.CopyDestinations)
            .Options(Settings.CopyCopies, Settings.CopyName, Settings.CopyWait, Settings.CopyKeep,
                Settings.CopyAdopt, Settings.CopyRequireMount, Settings.Topology)
            .Options(Settings.CopyTree.Flags)
            .ToCommand(flags => Run(host, flags));

    private static Task<int> Run(CommandHost host, Flags flags)
    {
        var configuration = new NodeConfiguration(flags, "copy", "coordinator");
        var settings = Read(configuration, host.Environment, host.WantsFiles(configuration));
        SourceFolder.Check(settings.Source);
        CheckOverlap(settings);
        return host.Run(new NodeLaunch(NodeRole.Origin, "copy", settings.Name, configuration, []),
            (nodes, context, stop) => nodes.RunCopy(settings, context, stop));
    }

    /// <summary>A copy below its own source would be copied again by the next run, and the other way round.</summary>
    private static void CheckOverlap(CopySettings settings)
    {
        var source = Machine.RealPath(settings.Source);
        foreach (var destination in settings.Destinations)
        {
            if (StartCondition.WhyOverlapping(source, Machine.RealPath(destination.Root), settings.Name) is { } why)
                throw CommandFailure.Usage(
                    $"DEST {destination.Root} and SOURCE {settings.Source} overlap: {why}; choose a folder elsewhere");
        }
    }

    internal static CopySettings Read(NodeConfiguration configuration, CommandEnvironment environment, bool reportFiles)
    {
        var source = Path.GetFullPath(configuration.Get(Settings.CopySource));
        var given = configuration.GetList(Settings.CopyDestinations);
        if (given.Count == 0)
            throw CommandFailure.Usage(
                "DEST is missing: give at least one folder for the copies, or set backup.copy.destinations in a file for --config; for example: bdist copy ~/photos /mnt/a /mnt/b");
        var roots = given.Select(Path.GetFullPath).Select(path => path.Length > 1 ? path.TrimEnd('/') : path).ToList();
        if (roots.GroupBy(root => root, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw CommandFailure.Usage($"DEST {twice.Key} is given twice; each copy needs a folder of its own");
        var copies = configuration.Get(Settings.CopyCopies, () => roots.Count);
        if (copies > roots.Count)
            throw CommandFailure.Usage(
                FormattableString.Invariant(
                    $"--copies {copies} is more than the {roots.Count} DEST given; give more folders, or at most --copies {roots.Count}"));
        var name = configuration.Get(Settings.CopyName, () => DefaultName.Of(environment.HostName, source));
        return new CopySettings(
            source, name,
            [.. roots.Zip(DefaultName.OfRoots([.. roots.Select(Machine.RealPath)]),
                (root, name) => new CopyDestination(root, name))],
            copies, configuration.GetOrNull(Settings.CopyKeep), configuration.Get(Settings.CopyAdopt),
            configuration.Get(Settings.CopyRequireMount), configuration.Get(Settings.RejoinWait),
            TreeRules.Read(configuration, Settings.CopyTree),
                TreeRules.MaxShrinkPercent(configuration, Settings.CopyTree), reportFiles,
            configuration.Get(Settings.Topology),
                TreeRules.RecordFile(configuration, Settings.CopyTree, name, environment.DataFolder),
                    configuration.Get(Settings.CopyTree.Checksum),
            configuration.Get(Settings.CopyWait));
    }
}
