using System.Data.Common;
using System.Globalization;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using Dapper;
using Microsoft.Data.Sqlite;

namespace BackupDistribuido.Record.Databases.Sqlite;

/// <summary>
/// A record in <c>FOLDER/record.db</c>: SQLite with a write-ahead log and full synchronisation, so that a commit that
/// returned survives a loss of power. <c>FOLDER/record.lock</c> is held while it is open: one coordinator a folder.
/// </summary>
internal sealed class SqliteRecord : IRecordDatabase
{
    private const int Damaged = 11, NoDatabase = 26; // SQLITE_CORRUPT, SQLITE_NOTADB

    // Files that belong to one database: a log left beside a new database would be taken for the new one's.
    private static readonly string[] Parts = ["", "-wal", "-shm"];

    /// <summary>The scripts for its tables.</summary>
    internal static readonly IReadOnlyList<(int Number, string Script)> Scripts = Migrations.Of("sqlite");

    private readonly string _file;
    private readonly TimeProvider _clock;
    private readonly FileStream _lock;

    private SqliteRecord(string file, TimeProvider clock, FileStream held) =>
        (_file, _clock, _lock) = (file, clock, held);

    /// <summary>Opens or makes it. <paramref name="warning"/> says where a damaged one was set aside; null: none
    /// was.</summary>
    /// <exception cref="RecordException">SQLite is missing, the folder can't be made or written, another process has
    /// it, or the database is a newer version's.</exception>
    public static SqliteRecord Open(string folder, TimeProvider clock, out Reason? warning)
    {
        var record = new SqliteRecord(Path.Combine(folder, "record.db"), clock, Lock(folder));
        try
        {
            warning = record.Prepare();
            return record;
        }
        catch (SqliteException e)
        {
            record.Dispose();
            throw new RecordException(RecordReason.NotOpened(record._file, Reason.Of(e)), e);
        }
        catch (TypeInitializationException e) when (e.GetBaseException() is DllNotFoundException)
        {
            // The published program is two files, and one is easily left behind.
            record.Dispose();
            throw new RecordException(RecordReason.NoLibrary, e);
        }
        catch
        {
            record.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public DbConnection OpenForWriting() => Connect();

    /// <inheritdoc/>
    public DbConnection OpenForReading() => Connect();

    /// <inheritdoc/>
    public Reason? Renew(DbException failure)
    {
        if (failure is not SqliteException { SqliteErrorCode: Damaged or NoDatabase }) return null;
        var warning = SetAside(Reason.Of(failure));
        Migrate();
        return warning;
    }

    private Reason? Prepare()
    {
        // Created here, so that no one else can read it: SQLite gives its other files the same mode.
        if (!File.Exists(_file))
            new FileStream(_file,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite
                }).Dispose();
        try
        {
            Migrate();
            using var connection = Connect();
            var check = connection.ExecuteScalar<string>("PRAGMA quick_check(1)");
            if (check == "ok") return null;
            throw new SqliteException(check, Damaged);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Damaged or NoDatabase)
        {
            var warning = SetAside(Reason.Of(e));
            Migrate();
            return warning;
        }
    }

    private void Migrate()
    {
        using var connection = Connect();
        // A property of the file: it stays.
        connection.Execute("PRAGMA journal_mode = WAL");
        Migrate(connection, Scripts);
    }

    /// <summary>
    /// Upgrades a database whose <c>user_version</c> is the number of the last script that was applied.
    /// </summary>
    internal static void Migrate(SqliteConnection connection, IReadOnlyList<(int Number, string Script)> scripts)
    {
        foreach (var (number, script) in Migrations.Lacking(scripts,
            connection.ExecuteScalar<int>("PRAGMA user_version"), connection.DataSource))
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(script, transaction: transaction);
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {number}"),
                transaction: transaction);
            transaction.Commit();
        }
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _file,
            Pooling = false,
            DefaultTimeout = 5
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute("PRAGMA synchronous = FULL");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private Reason SetAside(Reason why)
    {
        var time = _clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var aside = $"{_file}.damaged-{time}";
        foreach (var part in Parts.Where(part => File.Exists(_file + part)))
            File.Move(_file + part, aside + part, overwrite: true);
        return RecordReason.SetAside(_file, why, aside);
    }

    private static FileStream Lock(string folder)
    {
        try
        {
            if (!Directory.Exists(folder))
                Directory.CreateDirectory(folder,
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new FileStream(Path.Combine(folder, "record.lock"),
                new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None
                });
        }
        catch (UnauthorizedAccessException e)
        {
            throw new RecordException(RecordReason.NotWritable(folder), e);
        }
        // .NET's own code for a file that is locked: EAGAIN.
        catch (IOException e) when (e.HResult == 11)
        {
            throw new RecordInUseException(RecordReason.InUse(folder), e);
        }
        catch (IOException e)
        {
            throw new RecordException(RecordReason.At(folder, Reason.Of(e)), e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
