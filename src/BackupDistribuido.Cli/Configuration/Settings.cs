using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Hosting.Notices;
using BackupDistribuido.Hosting.Pages;
using BackupDistribuido.Hosting.Processes;
using BackupDistribuido.Web.Access;
using Microsoft.Extensions.Logging;

namespace BackupDistribuido.Cli.Configuration;

/// <summary>Every setting that exists. The files in <c>hocon/</c> explain them in full.</summary>
internal static class Settings
{
    /// <summary>The coordinator's control port.</summary>
    public const int CoordinatorPort = 4053;

    private const int MaxCopies = 1000;
    private const int MaxKeep = 1_000_000;

    public static readonly Setting<NodeAddress> Coordinator = new("backup.coordinator.address", "--coordinator",
        ValueKind.Address(CoordinatorPort, "192.168.1.10:4053"),
            "where the coordinator listens (default 127.0.0.1:4053)", "HOST[:PORT]");

    public static readonly Setting<string> Key =
        new("backup.security.key", "--key", ValueKind.File, "the cluster's key file, made by 'bdist key FILE'", "FILE");
    public static readonly Setting<bool> Insecure = new("backup.security.insecure", "--insecure", ValueKind.Switch,
        "allow unencrypted, unauthenticated connections from other machines (dangerous)");
    public static readonly Setting<OutputMode> Output = new("backup.output.mode", "--output",
        ValueKind.OneOf("plain", ("auto", OutputMode.Auto), ("plain", OutputMode.Plain), ("json", OutputMode.Json)),
            "format of standard output (default auto: a live view on a terminal, plain elsewhere)", "auto|plain|json");
    public static readonly Setting<bool> Files =
        new("backup.output.files", "--files", ValueKind.Switch, "also list each file in plain output");
    public static readonly Setting<LogLevel> LogLevel = new("backup.log.level", "--log-level",
        ValueKind.OneOf("info", ("debug", Microsoft.Extensions.Logging.LogLevel.Debug),
            ("info", Microsoft.Extensions.Logging.LogLevel.Information),
            ("warning", Microsoft.Extensions.Logging.LogLevel.Warning),
                ("error", Microsoft.Extensions.Logging.LogLevel.Error)), "debug, info (default), warning or error",
                    "LEVEL");
    public static readonly Setting<TopologyChoice> Topology = new("backup.topology", "--topology",
        ValueKind.OneOf("chain", ("auto", TopologyChoice.Auto), ("chain", TopologyChoice.Chain),
            ("star", TopologyChoice.Star), ("relay", TopologyChoice.Relay)),
        "how data travels: auto (default), chain, star or relay", "SHAPE");
    public static readonly Setting<UiChoice> Ui = new LooseSetting<UiChoice>("backup.ui", "--ui", "on", ValueKind.Ui,
        "web pages at this address, or off (default 127.0.0.1:8080)", "HOST:PORT|off");
    public static readonly Setting<PasswordHash> UiPassword = new("backup.ui-password", null, ValueKind.PasswordHash);
    public static readonly ListSetting UiOrigins = new("backup.ui-origins", null, ValueKind.WebOrigin);
    public static readonly Setting<bool> UiInsecure = new("backup.ui-insecure", null, ValueKind.Switch);
    public static readonly ListSetting UiRoots = new("backup.ui-roots", null, ValueKind.Folder);
    public static readonly Setting<string> LogFolder = new("backup.log.folder", null, ValueKind.Folder);
    public static readonly Setting<int> LogMaxSize = new("backup.log.max-size-mib", null, ValueKind.Number(1, 1024));
    public static readonly Setting<int> LogFiles = new("backup.log.files", null, ValueKind.Number(1, 1000));

    public static readonly Setting<NodeAddress> CoordinatorListen = new("backup.coordinator.listen", "--listen",
        ValueKind.Address(CoordinatorPort, "0.0.0.0:4053"), "where to listen (default 127.0.0.1:4053)", "HOST[:PORT]");
    public static readonly Setting<NodeAddress> RelayListen =
        new("backup.coordinator.relay.listen", null, ValueKind.Address(null, "0.0.0.0:4056"));
    public static readonly Setting<NodeAddress> RelayAdvertise =
        new("backup.coordinator.relay.advertise", null, ValueKind.Address(null, "203.0.113.9:4056"));
    public static readonly Setting<bool> Record = new("backup.coordinator.record", null, ValueKind.Switch);
    public static readonly Setting<string> Data = new("backup.coordinator.data", "--data", ValueKind.Folder,
        "folder for the history database (default ~/.local/state/bdist; for root /var/lib/bdist)", "DIR");
    public static readonly Setting<string> Database = new("backup.coordinator.database", null, ValueKind.Connection);
    public static readonly Setting<int> EventsMaxAge =
        new("backup.coordinator.events.max-age-days", null, ValueKind.Number(1, 36_500));
    public static readonly Setting<int> EventsMaxCount =
        new("backup.coordinator.events.max-count", null, ValueKind.Number(1, 100_000_000));
    public static readonly Setting<Uri> NotifyWebhook = new("backup.coordinator.notify.webhook", null, ValueKind.Url);
    public static readonly ListSetting NotifyCommand = new("backup.coordinator.notify.command", null, ValueKind.Word);
    public static readonly ListSetting NotifyEvents = new("backup.coordinator.notify.events", null,
        ValueKind.OneOf("at-risk",
            [.. Enum.GetValues<NoticeKind>().Select(kind => (Notice.Name(kind), Notice.Name(kind)))]));
    public static readonly Setting<TimeSpan> NotifyMaxAge =
        new("backup.coordinator.notify.max-age", null, ValueKind.Duration);
    public static readonly Setting<TimeSpan> NotifyTimeout =
        new("backup.coordinator.notify.timeout", null, ValueKind.Duration);
    public static readonly Setting<int> NotifyAttempts =
        new("backup.coordinator.notify.attempts", null, ValueKind.Number(1, 100));
    public static readonly Setting<string> MetricsKeyFile = new("backup.coordinator.metrics-key", null, ValueKind.File);
    public static readonly Setting<TimeSpan> RejoinWait = new("backup.run.rejoin-wait", null, ValueKind.Duration);

    public static readonly Setting<string> Root =
        new("backup.destination.root", "--root", ValueKind.Folder, "folder to store the copies in", "DIR");
    public static readonly Setting<NodeName> DestinationName = new("backup.destination.name", "--name", ValueKind.Name,
        "this destination's name (default HOST-ROOTFOLDER)", "NAME");
    public static readonly Setting<NodeAddress> DestinationListen = new("backup.destination.listen", "--listen",
        ValueKind.Address(null, "192.168.1.20:4054"),
            "data address (default: the address that reaches the coordinator, port 4054 or the next free one)",
                "HOST:PORT");
    public static readonly Setting<NodeAddress> Advertise = new("backup.destination.advertise", "--advertise",
        ValueKind.Address(null, "203.0.113.7:4054"), "the data address that other nodes should connect to",
            "HOST:PORT");
    public static readonly Setting<bool> Adopt = new("backup.destination.adopt", "--adopt", ValueKind.Switch,
        "use a non-empty folder, or continue copies made by another machine");
    public static readonly Setting<bool> RequireMount = new("backup.destination.require-mount", "--require-mount",
        ValueKind.Switch, "refuse a root that is not on a separately mounted file system");
    public static readonly Setting<bool> Inbound = new("backup.destination.inbound", null, ValueKind.Switch);
    public static readonly Setting<Rate> DestinationLimit = new("backup.destination.limit", "--limit", ValueKind.Rate,
        "limit for sending and for receiving: 20MB/s, 512KiB/s (default: none)", "RATE");
    public static readonly Setting<LandlockUse> Landlock = new("backup.destination.landlock", null,
        ValueKind.OneOf("auto", ("auto", LandlockUse.Auto), ("off", LandlockUse.Off),
            ("required", LandlockUse.Required)));
    public static readonly Setting<TimeSpan> StagingMaxAge =
        new("backup.destination.staging.max-age", null, ValueKind.Duration);
    public static readonly Setting<int> StagingMaxSize =
        new("backup.destination.staging.max-size-percent", null, ValueKind.Number(0, 100));
    public static readonly Setting<TimeSpan?> VerifyEvery =
        new("backup.destination.verify-every", null, ValueKind.Period);
    public static readonly Setting<TimeSpan> LookEvery = new("backup.destination.look-every", null, ValueKind.Interval);

    public static readonly Setting<string> Source =
        new("backup.origin.source", "SOURCE", ValueKind.Folder, "the directory to back up");
    public static readonly Setting<NodeName> OriginName =
        new("backup.origin.name", "--name", ValueKind.Name, "this origin's name (default HOST-FOLDER)", "NAME");
    public static readonly Setting<int> Copies =
        new("backup.origin.copies", "--copies", ValueKind.Number(1, MaxCopies), "required copies (default 1)", "N");
    public static readonly Setting<bool> StartWhenReady = new("backup.origin.start-when-ready", null, ValueKind.Switch);
    public static readonly Setting<int> StartWith = new("backup.origin.start-with", "--start-with",
        ValueKind.Number(1, MaxCopies), "destinations that suffice to start when --wait ends (default N)", "M");
    public static readonly Setting<TimeSpan> Wait = new("backup.origin.wait", "--wait", ValueKind.Duration,
        "how long to wait for destinations: 30s, 10m, 2h (default: forever)", "DURATION");
    public static readonly Setting<int> Keep = new("backup.origin.keep", "--keep", ValueKind.Number(1, MaxKeep),
        "snapshots to keep at the destinations (default: all)", "K");

    public static readonly Setting<NodeAddress> OriginListen =
        new("backup.origin.listen", null, ValueKind.Address(null, "192.168.1.30:4055"));
    public static readonly Setting<NodeAddress> OriginAdvertise =
        new("backup.origin.advertise", null, ValueKind.Address(null, "203.0.113.8:4055"));
    public static readonly Setting<Rate> OriginLimit = new("backup.origin.limit", "--limit", ValueKind.Rate,
        "limit for sending, all destinations together: 20MB/s, 512KiB/s (default: none)", "RATE");
    public static readonly TreeSettings OriginTree = TreeSettings.Below("backup.origin");

    public static readonly Setting<string> CopySource =
        new("backup.copy.source", "SOURCE", ValueKind.Folder, "the directory to back up");
    public static readonly ListSetting CopyDestinations = new("backup.copy.destinations", "DEST", ValueKind.Folder,
        "folders to store the copies in");
    public static readonly Setting<NodeName> CopyName =
        new("backup.copy.name", "--name", ValueKind.Name, "the origin's name (default HOST-FOLDER)", "NAME");
    public static readonly Setting<int> CopyCopies = new("backup.copy.copies", "--copies",
        ValueKind.Number(1, MaxCopies), "required copies (default: the number of DESTs)", "N");
    public static readonly Setting<TimeSpan> CopyWait = new("backup.copy.wait", "--wait", ValueKind.Duration,
        "how long to wait for a DEST that is slow to open (default 10s)", "DURATION");
    public static readonly Setting<int> CopyKeep =
        new("backup.copy.keep", "--keep", ValueKind.Number(1, MaxKeep), "snapshots to keep (default: all)", "K");
    public static readonly Setting<bool> CopyAdopt =
        new("backup.copy.adopt", "--adopt", ValueKind.Switch,
            "use non-empty folders, or continue copies made by another machine");
    public static readonly Setting<bool> CopyRequireMount = new("backup.copy.require-mount", "--require-mount",
        ValueKind.Switch, "refuse a DEST that is not on a separately mounted file system");
    public static readonly TreeSettings CopyTree = TreeSettings.Below("backup.copy");

    public static readonly Setting<NodeName> QueryOrigin =
        new("backup.query.origin", "--origin", ValueKind.Name, "only this origin", "NAME");
    public static readonly Setting<int> QueryCopies = new("backup.query.copies", "--copies",
        ValueKind.Number(1, MaxCopies), "replicas to wait for (default: as many as the origin requires)", "N");
    public static readonly Setting<TimeSpan> QueryTimeout = new("backup.query.timeout", "--timeout", ValueKind.Duration,
        "how long to wait: 30s, 10m, 2h (default: forever)", "DURATION");
    public static readonly Setting<int> QueryLimit = new("backup.query.limit", "--limit", ValueKind.Number(1, 200),
        "how many to show (default: 20 runs, all snapshots)", "N");
    public static readonly Setting<bool> QueryWatch =
        new("backup.query.watch", "--watch", ValueKind.Switch, "refresh every two seconds until stopped");

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Setting> All =
    [
        Coordinator, Key, Insecure, Output, Files, LogLevel, LogFolder, LogMaxSize, LogFiles, Topology, Ui, UiPassword,
            UiOrigins, UiInsecure, UiRoots, CoordinatorListen, RelayListen, RelayAdvertise, Record, Data, Database,
                EventsMaxAge, EventsMaxCount, RejoinWait,
        NotifyWebhook, NotifyCommand, NotifyEvents, NotifyMaxAge, NotifyTimeout, NotifyAttempts, MetricsKeyFile,
        Root, DestinationName, DestinationListen, Advertise, Adopt, RequireMount, Inbound, DestinationLimit, Landlock,
            StagingMaxAge, StagingMaxSize, VerifyEvery, LookEvery,
        Source, OriginName, Copies, StartWhenReady, StartWith, Wait, Keep, OriginListen, OriginAdvertise, OriginLimit,
            .. OriginTree.All,
        CopySource, CopyDestinations, CopyName, CopyCopies, CopyWait, CopyKeep, CopyAdopt, CopyRequireMount,
            .. CopyTree.All,
        QueryOrigin, QueryCopies, QueryTimeout, QueryLimit, QueryWatch,
    ];
}
