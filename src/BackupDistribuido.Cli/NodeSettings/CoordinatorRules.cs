using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Hosting;
using BackupDistribuido.Hosting.Notices;
using BackupDistribuido.Record;

namespace BackupDistribuido.Cli.NodeSettings;

/// <summary>Reads a coordinator's settings from its configuration.</summary>
internal static class CoordinatorRules
{
    /// <summary>Reads it.</summary>
    /// <param name="defaultData">Where it keeps its record when no place is configured.</param>
    /// <exception cref="CommandFailure">It is not right, with the reason.</exception>
    public static CoordinatorSettings Read(NodeConfiguration configuration, string defaultData) =>
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
