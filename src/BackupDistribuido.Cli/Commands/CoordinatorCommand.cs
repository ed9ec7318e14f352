using System.CommandLine;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Hosting;
using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Cli.Commands;

/// <summary><c>bdist coordinator</c>: knows who is there, and plans deliveries.</summary>
internal static class CoordinatorCommand
{
    public static Command Build(CommandHost host) =>
        new Symbols("coordinator", "Know the members, plan deliveries, keep the record; runs until it is stopped.")
            .Options(Settings.CoordinatorListen)
            .ToCommand(flags => Run(host, flags));

    private static Task<int> Run(CommandHost host, Flags flags)
    {
        var configuration = new NodeConfiguration(flags, "coordinator");
        var settings = Read(configuration);
        return host.Run(new NodeLaunch(NodeRole.Coordinator, "coordinator", null, configuration, settings.Web is { } web ? [settings.Listen, web] : [settings.Listen]),
            (nodes, context, stop) => nodes.RunCoordinator(settings, context, stop));
    }

    internal static CoordinatorSettings Read(NodeConfiguration configuration) =>
        new(configuration.Get(Settings.CoordinatorListen), configuration.Get(Settings.RejoinWait), configuration.Find(Settings.Web));
}
