using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Record.Entries;

/// <summary>The work of a run, as a row of the table of runs.</summary>
internal sealed record WorkForm
{
    /// <summary>Puts it down.</summary>
    public const string Update = """
        UPDATE runs SET is_first = @IsFirst, bytes_read = @BytesRead, since = @Since, files_new = @FilesNew,
            files_changed = @FilesChanged, files_metadata = @FilesMetadata, files_unchanged = @FilesUnchanged,
            files_removed = @FilesRemoved, bytes_sent = @BytesSent, files_received = @FilesReceived,
                bytes_received = @BytesReceived, files_linked = @FilesLinked, bytes_linked = @BytesLinked,
            linked_read = @LinkedRead
        WHERE run = @Run
        """;

    /// <summary>
    /// Its columns, named after the properties here; <see cref="First"/> is the first of them, and null if none was
    /// recorded.
    /// </summary>
    public const string Columns = """
        bytes_sent AS BytesSent, is_first AS IsFirst, bytes_read AS BytesRead, since AS Since, files_new AS FilesNew,
            files_changed AS FilesChanged, files_metadata AS FilesMetadata, files_unchanged AS FilesUnchanged,
        files_removed AS FilesRemoved, files_received AS FilesReceived, bytes_received AS BytesReceived,
            files_linked AS FilesLinked, bytes_linked AS BytesLinked,
        linked_read AS LinkedRead
        """;

    /// <summary>The name of the first column.</summary>
    public const string First = nameof(BytesSent);

    public string Run { get; init; } = "";
    public long? IsFirst { get; init; }
    public long? BytesRead { get; init; }
    public string? Since { get; init; }
    public long? FilesNew { get; init; }
    public long? FilesChanged { get; init; }
    public long? FilesMetadata { get; init; }
    public long? FilesUnchanged { get; init; }
    public long? FilesRemoved { get; init; }
    public long? BytesSent { get; init; }
    public long? FilesReceived { get; init; }
    public long? BytesReceived { get; init; }
    public long? FilesLinked { get; init; }
    public long? BytesLinked { get; init; }
    public long? LinkedRead { get; init; }

    /// <summary>A run's work as values for <see cref="Update"/>.</summary>
    public static WorkForm Values(string run, RunWork work)
    {
        var (source, changes, intake) = (work.Source, work.Source?.Changes, work.Intake);
        return new WorkForm
        {
            Run = run,
            IsFirst = source is null ? null : source.IsFirst ? 1 : 0,
            BytesRead = source?.BytesRead,
            Since = changes?.Since.ToString(),
            FilesNew = changes?.New,
            FilesChanged = changes?.Changed,
            FilesMetadata = changes?.MetadataOnly,
            FilesUnchanged = changes?.Unchanged,
            FilesRemoved = changes?.Removed,
            BytesSent = work.Sent,
            FilesReceived = intake?.ReceivedFiles,
            BytesReceived = intake?.ReceivedBytes,
            FilesLinked = intake?.LinkedFiles,
            BytesLinked = intake?.LinkedBytes,
            LinkedRead = intake?.LastRead is { } read ? DatabaseTime.Of(read) : null,
        };
    }

    /// <summary>The work from a row; null if the row is older than these columns.</summary>
    public RunWork? ToWork() => BytesSent is not { } sent ? null : new RunWork(
        BytesRead is not { } bytes ? null : new SourceWork(bytes, Since is null ? null : new TreeChanges(
            SnapshotId.Parse(Since), FilesNew ?? 0, FilesChanged ?? 0, FilesMetadata ?? 0, FilesUnchanged
                ?? 0, FilesRemoved ?? 0), IsFirst == 1),
        sent,
        FilesReceived is not { } received
            ? null : new ReplicaIntake(received, BytesReceived ?? 0, FilesLinked ?? 0, BytesLinked ?? 0,
                LinkedRead is { } read ? DatabaseTime.From(read) : null));
}
