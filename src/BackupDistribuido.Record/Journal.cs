using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Record.Databases;
using BackupDistribuido.Record.Databases.Postgres;
using BackupDistribuido.Record.Databases.Sqlite;
using BackupDistribuido.Record.Entries;
using Dapper;

namespace BackupDistribuido.Record;

/// <summary>
/// A record that is being kept. One thread writes: it takes what waits, at most <see cref="MaxBatch"/> entries, into
/// one transaction, so that many entries cost one synchronisation. At most <see cref="Capacity"/> wait.
/// </summary>
public sealed class Journal : IJournal, IAsyncDisposable
{
    /// <summary>Most entries that wait to be written.</summary>
    public const int Capacity = 4096;

    /// <summary>Most entries in one transaction.</summary>
    public const int MaxBatch = 256;

    /// <summary>How long a failing write is retried: a disk may be full for a moment.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250), RetentionPause =
        TimeSpan.FromHours(1);

    private readonly Channel<Waiting> _queue =
        Channel.CreateBounded<Waiting>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly UnwrittenEntries _unwritten = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IRecordDatabase _database;
    private readonly Retention _retention;
    private readonly TimeProvider _clock;
    private readonly Action<Reason> _warn;
    private DbConnection? _connection;
    private long _swept;
    private int _isFailing;

    private Journal(IRecordDatabase database, Retention retention, TimeProvider clock, Action<Reason> warn)
    {
        (_database, _retention, _clock, _warn) = (database, retention, clock, warn);
        _connection = database.OpenForWriting();
        Remembered = RecordReader.Remembered(_connection, Order);
        Sweep(_connection);
        new Thread(Keep) { IsBackground = true, Name = "bdist-journal" }.Start();
    }

    /// <summary>The message from its opening.</summary>
    public Remembered Remembered { get; }

    /// <summary>Opens the record at a place, or begins it. <paramref name="warn"/> gets what its owner should know, now
    /// or later, from any thread.</summary>
    /// <exception cref="RecordException">The place can't be used, or another process uses it.</exception>
    public static Journal Open(RecordPlace place, Retention retention, TimeProvider clock, Action<Reason> warn)
    {
        Reason? warning;
        IRecordDatabase database = place switch
        {
            RecordPlace.Folder folder => SqliteRecord.Open(folder.Path, clock, out warning),
            RecordPlace.Server server => PostgresRecord.Open(server.Connection, out warning),
            _ => throw new UnreachableException(),
        };
        if (warning is not null) warn(warning);
        return new Journal(database, retention, clock, warn);
    }

    private SnapshotOrder Order => new(_clock.GetUtcNow());

    /// <inheritdoc/>
    public async Task WriteAsync(JournalEntry entry)
    {
        var waiting = new Waiting(entry, _unwritten.NextTurn(),
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await _queue.Writer.WriteAsync(waiting).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw new RecordException(RecordReason.Closed, e);
        }
        await waiting.Written!.Task.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Note(JournalEntry entry)
    {
        var waiting = new Waiting(entry, _unwritten.NextTurn(), null);
        if (_queue.Writer.TryWrite(waiting)) return;
        _unwritten.Keep(entry, waiting.Turn);
        WarnOnce(RecordReason.Full);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunHistory>> RunsAsync(NodeName? origin, int most) =>
        ReadAsync(connection => RecordReader.Runs(connection, origin, most));

    /// <inheritdoc/>
    public Task<IReadOnlyList<SnapshotHistory>> SnapshotsAsync(
        NodeName? origin, int most, IReadOnlySet<string> connected) =>
        ReadAsync(connection => RecordReader.Snapshots(connection, origin, snapshot: null, most, connected, Order));

    /// <inheritdoc/>
    public Task<SnapshotHistory?> SnapshotAsync(NodeName origin, SnapshotId snapshot, IReadOnlySet<string> connected) =>
        ReadAsync(connection => RecordReader.Snapshots(connection, origin, snapshot, most: 1, connected, Order)
            .SingleOrDefault());

    /// <inheritdoc/>
    public Task<IReadOnlyList<EventHistory>> EventsAsync(int most) =>
        ReadAsync(connection => RecordReader.Events(connection, most));

    private Task<T> ReadAsync<T>(Func<DbConnection, T> read) => Task.Run(() =>
    {
        try
        {
            using var connection = _database.OpenForReading();
            return read(connection);
        }
        catch (Exception e) when (IsOfTheDatabase(e))
        {
            throw new RecordException(RecordReason.NotRead(Reason.Of(e)), e);
        }
    });

    private void Keep()
    {
        var batch = new List<Waiting>(MaxBatch);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var waiting)) batch.Add(waiting);
            var failure = WriteWithPatience(batch);
            foreach (var waiting in batch)
            {
                if (failure is null) waiting.Written?.SetResult();
                else waiting.Written?.SetException(new RecordException(RecordReason.NotWritten(Reason.Of(failure)),
                    failure));
            }
            if (failure is null)
            {
                Volatile.Write(ref _isFailing, 0);
                foreach (var waiting in batch) _unwritten.Written(waiting.Entry, waiting.Turn);
                WriteUnwritten();
                continue;
            }
            foreach (var waiting in batch) _unwritten.Keep(waiting.Entry, waiting.Turn);
            WarnOnce(Reason.Of(failure));
        }
        WriteUnwritten();
        _connection?.Dispose();
        _database.Dispose();
        _ended.SetResult();
    }

    /// <summary>Null once it is written, or why it could not be.</summary>
    private Exception? WriteWithPatience(List<Waiting> batch)
    {
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                Write(batch);
                return null;
            }
            catch (Exception e) when (IsOfTheDatabase(e))
            {
                if (Renewed(e as DbException)) continue;
                if (Stopwatch.GetElapsedTime(began) >= Patience) return e;
                Thread.Sleep(RetryPause);
            }
            catch (Exception defect)
            {
                // An entry that can't be recorded must not end the thread and lose all later entries.
                return defect;
            }
        }
    }

    /// <summary>
    /// After a batch, not in it: owed entries that can't be recorded don't hold new ones back, and stay owed.
    /// </summary>
    private void WriteUnwritten()
    {
        foreach (var (entry, turn) in _unwritten.Take(MaxBatch))
        {
            try
            {
                Write([new Waiting(entry, turn, null)]);
                _unwritten.Written(entry, turn);
            }
            catch (Exception e) when (IsOfTheDatabase(e))
            {
                return;
            }
            catch (Exception)
            {
                // A defect in it will not go away.
                _unwritten.Written(entry, turn);
            }
        }
    }

    /// <summary>Gives the connection up: the next attempt opens another one. True where a new database was begun in
    /// place of a damaged one.</summary>
    private bool Renewed(DbException? failure)
    {
        try
        {
            _connection?.Dispose();
            _connection = null;
            if (failure is null || _database.Renew(failure) is not { } warning) return false;
            _warn(warning);
            return true;
        }
        catch (Exception e) when (IsOfTheDatabase(e))
        {
            return false;
        }
    }

    // A connection that broke says so in several ways.
    private static bool IsOfTheDatabase(Exception e) =>
        e is DbException or RecordException or IOException or UnauthorizedAccessException or TimeoutException;

    private void Write(List<Waiting> batch)
    {
        var connection = _connection ??= _database.OpenForWriting();
        using (var transaction = connection.BeginTransaction())
        {
            var writer = new EntryWriter(connection, transaction);
            foreach (var waiting in batch) writer.Write(waiting.Entry);
            transaction.Commit();
        }
        if (_clock.GetElapsedTime(_swept) >= RetentionPause) Sweep(connection);
    }

    /// <summary>Removes the events that need not be kept any more.</summary>
    private void Sweep(DbConnection connection)
    {
        _swept = _clock.GetTimestamp();
        connection.Execute("DELETE FROM events WHERE time < @oldest OR id <= (SELECT MAX(id) - @MaxCount FROM events)",
            new { oldest = DatabaseTime.Of(_clock.GetUtcNow() - _retention.MaxAge), _retention.MaxCount });
    }

    private void WarnOnce(Reason why)
    {
        if (Interlocked.Exchange(ref _isFailing, 1) == 0)
            _warn(RecordReason.NotWrittenNow(why));
    }

    /// <summary>Writes what still waits, and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _ended.Task.ConfigureAwait(false);
    }

    /// <param name="Turn">Grows with each entry.</param>
    private sealed record Waiting(JournalEntry Entry, long Turn, TaskCompletionSource? Written);
}
