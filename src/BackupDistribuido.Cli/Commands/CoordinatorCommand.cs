using System.CommandLine;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Hosting;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Record;

namespace BackupDistribuido.Cli.Commands;

/// <summary><c>bdist coordinator</c>: knows who is there, and plans deliveries.</summary>
internal static class CoordinatorCommand
{
    public static Command Build(CommandHost host) =>
        new Symbols("coordinator", "Know the members, plan deliveries, keep the record; runs until it is stopped.")
            .Options(Settings.CoordinatorListen, Settings.Data, Settings.Ui)
            .ToCommand(flags => Run(host, flags));

    private static Task<int> Run(CommandHost host, Flags flags)
    {
        var configuration = new NodeConfiguration(flags, "coordinator");
        var settings = Read(configuration, host.Environment.DataFolder);
        return host.Run(new NodeLaunch(NodeRole.Coordinator, "coordinator", null, configuration, [settings.Listen]),
            (nodes, context, stop) => nodes.RunCoordinator(settings, context, stop));
    }

    internal static CoordinatorSettings Read(NodeConfiguration configuration, string defaultData) =>
        new(configuration.Get(Settings.CoordinatorListen), configuration.Get(Settings.RejoinWait), Record(configuration, defaultData),
            configuration.Find(Settings.RelayListen), configuration.Find(Settings.RelayAdvertise));

    private static RecordSettings? Record(NodeConfiguration configuration, string defaultData) => !configuration.Get(Settings.Record) ? null
        : new RecordSettings(Path.GetFullPath(configuration.Find(Settings.Data) ?? defaultData), new Retention(TimeSpan.FromDays(configuration.Get(Settings.EventsMaxAge)), configuration.Get(Settings.EventsMaxCount)));
}
