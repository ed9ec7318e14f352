using System.CommandLine;
using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Hosting;
using BackupDistribuido.Cli.Pages;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Hosting;

namespace BackupDistribuido.Cli.Commands;

/// <summary><c>bdist origin</c>: protects a directory.</summary>
internal static class OriginCommand
{
    public static Command Build(CommandHost host) =>
        new Symbols("origin", "Protect a directory: wait for destinations, copy it to all of them, end.")
            .Argument(Settings.Source)
            .Options(Settings.Copies, Settings.StartWith, Settings.OriginName,
                Settings.Coordinator, Settings.Wait, Settings.Keep, Settings.Topology, Settings.OriginLimit,
                    Settings.Ui)
            .Options(Settings.OriginTree.Flags)
            .ToCommand(flags => Run(host, flags));

    private static Task<int> Run(CommandHost host, Flags flags)
    {
        if (PagedCommand.IsWanted(flags, "origin")) return RunWithPages(host, flags);
        var configuration = new NodeConfiguration(flags, "origin");
        var settings = Read(configuration, host.Environment, host.WantsFiles(configuration));
        SourceFolder.Check(settings.Source);
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

    internal static OriginSettings Read(NodeConfiguration configuration, CommandEnvironment environment,
        bool reportFiles)
    {
        var source = Path.GetFullPath(configuration.Get(Settings.Source));
        var copies = configuration.Get(Settings.Copies);
        var startWith = configuration.Get(Settings.StartWith, () => copies);
        if (startWith > copies)
            throw CommandFailure.Usage(
                FormattableString.Invariant(
                    $"--start-with {startWith} is more than --copies {copies}; give at most {copies}, or more copies"));
        var name = configuration.Get(Settings.OriginName, () => DefaultName.Of(environment.HostName, source));
        return new OriginSettings(
            source, name, configuration.Get(Settings.Coordinator),
            copies, startWith, configuration.GetOrNull(Settings.Wait), configuration.GetOrNull(Settings.Keep),
            TreeRules.Read(configuration, Settings.OriginTree),
                TreeRules.MaxShrinkPercent(configuration, Settings.OriginTree), reportFiles,
            configuration.Get(Settings.Topology),
                TreeRules.RecordFile(configuration, Settings.OriginTree, name, environment.DataFolder),
                    configuration.Get(Settings.OriginTree.Checksum),
            configuration.Find(Settings.OriginLimit), configuration.Find(Settings.OriginListen),
                configuration.Find(Settings.OriginAdvertise));
    }
}
