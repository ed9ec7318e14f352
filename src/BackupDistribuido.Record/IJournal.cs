using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Record.Databases;

namespace BackupDistribuido.Record;

/// <summary>A coordinator's record: what is put down in it, and what it tells.</summary>
public interface IJournal
{
    /// <summary>Puts an entry down. The task ends when it is durable.</summary>
    /// <exception cref="RecordException">It could not be, though it was tried for some seconds; nothing of it is
    /// there.</exception>
    Task WriteAsync(JournalEntry entry);

    /// <summary>Puts an entry down soon. It is lost, which is said once, where it can't be or where too many are
    /// waiting; but how an origin's last run ended is put down when the record works again.</summary>
    void Note(JournalEntry entry);

    /// <summary>The newest runs, the last one first; of one origin, or of all.</summary>
    Task<IReadOnlyList<RunHistory>> RunsAsync(NodeName? origin, int most);

    /// <summary>
    /// The newest snapshots that a destination still has, or that had a run; the last one first; of one origin, or of
    /// all. <paramref name="connected"/> are the identities of the destinations that are here now.
    /// </summary>
    Task<IReadOnlyList<SnapshotHistory>> SnapshotsAsync(NodeName? origin, int most, IReadOnlySet<string> connected);

    /// <summary>One snapshot as <see cref="SnapshotsAsync"/> tells it, however old; null where the record has no
    /// such.</summary>
    Task<SnapshotHistory?> SnapshotAsync(NodeName origin, SnapshotId snapshot, IReadOnlySet<string> connected);

    /// <summary>The newest events, the last one first.</summary>
    Task<IReadOnlyList<EventHistory>> EventsAsync(int most);
}
