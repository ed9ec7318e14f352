using System.Data.Common;
using System.Globalization;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using Dapper;
using Npgsql;

namespace BackupDistribuido.Record.Databases.Postgres;

/// <summary>
/// A record in a schema <c>bdist</c> of a PostgreSQL database (version 10 or newer). The session that writes holds an
/// advisory lock: one coordinator a database. It commits synchronously, whatever the server's default is.
/// </summary>
internal sealed class PostgresRecord : IRecordDatabase
{
    private const string Schema = "bdist";

    /// <summary>"bdist" as the number of our lock; such numbers are each database's own.</summary>
    private const long Lock = 0x6264697374;

    private static readonly IReadOnlyList<(int Number, string Script)> Scripts = Migrations.Of("postgres");

    private readonly string _connection;

    private PostgresRecord(NpgsqlConnectionStringBuilder wanted)
    {
        // A network that is cut shall show within seconds, and a session that is lost give its lock away.
        _connection = new NpgsqlConnectionStringBuilder(wanted.ToString())
        {
            Pooling = false,
            SearchPath = Schema,
            ApplicationName = "bdist",
            Timeout = 5,
            CommandTimeout = 5,
            KeepAlive = 5
        }.ToString();
        Name = $"the database {wanted.Database ?? wanted.Username} at {wanted.Host}";
    }

    private string Name { get; }

    /// <summary>Opens it, and makes or brings up to date its tables. <paramref name="warning"/> says what its owner
    /// should know of the server; null: nothing.</summary>
    /// <exception cref="RecordException">The server is not reached or refuses, or the tables are a newer
    /// version's.</exception>
    public static PostgresRecord Open(string connection, out Reason? warning)
    {
        var record = new PostgresRecord(Parse(connection));
        try
        {
            using var writer = record.Connect();
            record.Hold(writer);
            warning = writer.ExecuteScalar<string>("SHOW fsync") == "on" ? null
                : RecordReason.NotDurable(record.Name);
            record.Migrate(writer);
            return record;
        }
        catch (NpgsqlException e)
        {
            throw new RecordException(RecordReason.NotUsable(record.Name, Why(e)), e);
        }
    }

    private static NpgsqlConnectionStringBuilder Parse(string connection)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connection) is { Host.Length: > 0 } parsed
                ? parsed : throw new RecordException(RecordReason.NoHost);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new RecordException(RecordReason.BadConnection(Reason.Of(e)), e);
        }
    }

    /// <inheritdoc/>
    public DbConnection OpenForWriting()
    {
        var connection = Connect();
        try
        {
            Hold(connection);
            connection.Execute("SET synchronous_commit = on");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public DbConnection OpenForReading() => Connect();

    /// <summary>Nothing: damage there is the server's keeper's to mend.</summary>
    public Reason? Renew(DbException failure) => null;

    private NpgsqlConnection Connect()
    {
        var connection = new NpgsqlConnection(_connection);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Hold(NpgsqlConnection connection)
    {
        // The server notices within a moment that a session has ended; ours may have been closed just now.
        for (var attempt = 0; !connection.ExecuteScalar<bool>("SELECT pg_try_advisory_lock(@Lock)",
            new { Lock }); attempt++)
        {
            if (attempt == 10) throw new RecordInUseException(RecordReason.InUse(Name));
            Thread.Sleep(100);
        }
    }

    private void Migrate(NpgsqlConnection connection)
    {
        using var transaction = connection.BeginTransaction();
        connection.Execute(
            $"CREATE SCHEMA IF NOT EXISTS {Schema}; CREATE TABLE IF NOT EXISTS {Schema}.version (number INTEGER NOT "
            + "NULL)", transaction: transaction);
        var version = connection.ExecuteScalar<int?>("SELECT number FROM version", transaction: transaction) ?? 0;
        foreach (var (number, script) in Migrations.Lacking(Scripts, version, Name))
        {
            connection.Execute(script, transaction: transaction);
            connection.Execute(string.Create(CultureInfo.InvariantCulture,
                $"DELETE FROM version; INSERT INTO version VALUES ({number})"), transaction: transaction);
        }
        transaction.Commit();
    }

    private static Reason Why(NpgsqlException e) =>
        Reason.Text(e is PostgresException said ? said.MessageText : e.InnerException?.Message ?? e.Message);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
