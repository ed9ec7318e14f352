using System.CommandLine;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Hosting;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Hosting;
using BackupDistribuido.Hosting.Notices;
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
        new(configuration.Get(Settings.CoordinatorListen), configuration.Get(Settings.RejoinWait),
            Record(configuration, defaultData),
            configuration.Find(Settings.RelayListen), configuration.Find(Settings.RelayAdvertise),
                Notices(configuration));

    private static NoticeSettings? Notices(NodeConfiguration configuration)
    {
        var (webhook, command) =
            (configuration.Find(Settings.NotifyWebhook), configuration.GetList(Settings.NotifyCommand));
        var maxAge = configuration.GetOrNull(Settings.NotifyMaxAge);
        if (webhook is null && command.Count == 0 && maxAge is null) return null;
        var kinds = Enum.GetValues<NoticeKind>()
            .Where(kind => configuration.GetList(Settings.NotifyEvents).Contains(Notice.Name(kind))).ToHashSet();
        return new NoticeSettings(webhook, command, kinds, maxAge, configuration.Get(Settings.NotifyTimeout),
            configuration.Get(Settings.NotifyAttempts));
    }

    private static RecordSettings? Record(NodeConfiguration configuration, string defaultData)
    {
        if (!configuration.Get(Settings.Record)) return null;
        var (data, database) = (configuration.Find(Settings.Data), configuration.Find(Settings.Database));
        if (data is not null && database is not null)
            throw CommandFailure.Usage(
                $"the record can't be kept in a folder ({data}) and in a database: give --data DIR or set "
                + $"{Settings.Database.Key}, not both");
        return new RecordSettings(database is null
            ? new RecordPlace.Folder(Path.GetFullPath(data ?? defaultData)) : new RecordPlace.Server(database),
            new Retention(TimeSpan.FromDays(configuration.Get(Settings.EventsMaxAge)),
                configuration.Get(Settings.EventsMaxCount)));
    }
}
