using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Record.Databases;

namespace BackupDistribuido.Record;

/// <summary>A coordinator's record: entries go in, answers come out.</summary>
public interface IJournal
{
    /// <summary>Puts an entry down. The task ends when it is durable.</summary>
    /// <exception cref="RecordException">It could not be, though it was tried for some seconds; nothing of it is
    /// there.</exception>
    Task WriteAsync(JournalEntry entry);

    /// <summary>
    /// Records an entry soon. If it can't be recorded, or too many are waiting, it is lost, which is reported once; but
    /// the end of an origin's last run is recorded when the record works again.
    /// </summary>
    void Note(JournalEntry entry);

    /// <summary>The newest runs, the last one first; of one origin, or of all.</summary>
    Task<IReadOnlyList<RunHistory>> RunsAsync(NodeName? origin, int most);

    /// <summary>
    /// The newest snapshots that a destination still has, or that had a run; the last one first; of one origin, or of
    /// all. <paramref name="connected"/> are the identities of the destinations that are here now.
    /// </summary>
    Task<IReadOnlyList<SnapshotHistory>> SnapshotsAsync(NodeName? origin, int most, IReadOnlySet<string> connected);

    /// <summary>
    /// One snapshot as <see cref="SnapshotsAsync"/> returns it, however old; null if the record does not have it.
    /// </summary>
    Task<SnapshotHistory?> SnapshotAsync(NodeName origin, SnapshotId snapshot, IReadOnlySet<string> connected);

    /// <summary>The newest events, the last one first.</summary>
    Task<IReadOnlyList<EventHistory>> EventsAsync(int most);
}
