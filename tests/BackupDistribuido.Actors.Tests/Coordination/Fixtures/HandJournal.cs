using System.Collections.Concurrent;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Record;
using BackupDistribuido.Record.Databases;

namespace BackupDistribuido.Actors.Tests.Coordination.Fixtures;

/// <summary>A record that answers when the test says so.</summary>
internal sealed class HandJournal : IJournal
{
    private readonly TaskCompletionSource _answer = new();

    /// <summary>Replicas that were to be put down.</summary>
    public ConcurrentQueue<ReplicaStored> Written { get; } = [];

    /// <summary>All that was noted.</summary>
    public ConcurrentQueue<JournalEntry> Noted { get; } = [];

    /// <summary>What it has of snapshots.</summary>
    public IReadOnlyList<SnapshotHistory> Snapshots { get; set; } = [];

    /// <summary>Why it can't be asked for snapshots.</summary>
    public string? Unreadable { get; set; }

    /// <summary>Everything that waits is durable, or can't be for that reason.</summary>
    public void Answer(string? problem)
    {
        // Whoever waits goes on at once, on this thread: with a context it would not.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        if (problem is null) _answer.SetResult();
        else _answer.SetException(new RecordException(Reason.Text(problem)));
        SynchronizationContext.SetSynchronizationContext(context);
    }

    public Task WriteAsync(JournalEntry entry)
    {
        Written.Enqueue((ReplicaStored)entry);
        return _answer.Task;
    }

    public void Note(JournalEntry entry) => Noted.Enqueue(entry);

    public Task<IReadOnlyList<RunHistory>> RunsAsync(NodeName? origin, int most) =>
        Task.FromResult<IReadOnlyList<RunHistory>>([]);

    public Task<IReadOnlyList<SnapshotHistory>> SnapshotsAsync(
        NodeName? origin, int most, IReadOnlySet<string> connected) => Task.FromResult(Snapshots);

    public Task<SnapshotHistory?> SnapshotAsync(NodeName origin, SnapshotId snapshot, IReadOnlySet<string> connected) =>
        Unreadable is { } why
            ? Task.FromException<SnapshotHistory?>(new RecordException(Reason.Text(why)))
            : Task.FromResult(Snapshots.FirstOrDefault(one => one.Origin == origin && one.Snapshot == snapshot));

    public Task<IReadOnlyList<EventHistory>> EventsAsync(int most) => Task.FromResult<IReadOnlyList<EventHistory>>([]);
}
