using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Record.Databases;
using BackupDistribuido.Record.Databases.Postgres;
using static BackupDistribuido.Record.Tests.Samples;

namespace BackupDistribuido.Record.Tests;

/// <summary>Tests that share a server; each has a database of its own.</summary>
[CollectionDefinition(Name)]
public sealed class Postgres : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";

    /// <summary>A new database, or a skipped test.</summary>
    public static Lazy<RecordPlace> NewPlace(PostgresServer server) => new(() =>
    {
        Skip.IfNot(server.WhyMissing is null, server.WhyMissing);
        return new RecordPlace.Server(server.NewDatabase());
    });
}

[Collection(Postgres.Name)]
public sealed class PostgresJournalTests(PostgresServer server) : JournalTests
{
    private readonly Lazy<RecordPlace> _place = Postgres.NewPlace(server);

    protected override RecordPlace Place => _place.Value;
}

[Collection(Postgres.Name)]
public sealed class PostgresRetentionTests(PostgresServer server) : RetentionTests
{
    private readonly Lazy<RecordPlace> _place = Postgres.NewPlace(server);

    protected override RecordPlace Place => _place.Value;
}

[Collection(Postgres.Name)]
public sealed class PostgresKilledWriterTests(PostgresServer server) : KilledWriterTests
{
    private readonly Lazy<RecordPlace> _place = Postgres.NewPlace(server);

    protected override RecordPlace Place => _place.Value;
}

/// <summary>What only a server has.</summary>
[Collection(Postgres.Name)]
public sealed class PostgresTests(PostgresServer server)
{
    private readonly Lazy<RecordPlace> _place = Postgres.NewPlace(server);

    private string Connection => ((RecordPlace.Server)_place.Value).Connection;

    [SkippableFact]
    public async Task One_coordinator_a_database()
    {
        await using var first = Open(_place.Value);
        Assert.Contains("another coordinator", Assert.Throws<RecordInUseException>(() => Open(_place.Value)).Message,
            StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_servers_crash_costs_no_more_than_a_moment_and_nothing_that_was_acknowledged()
    {
        // It says so where the server takes its time to start.
        await using var journal = Open(_place.Value, warn: _ => { });
        await journal.WriteAsync(Warning(1));
        Assert.Null(server.Crash());
        var writing = journal.WriteAsync(Warning(2));
        Assert.Null(server.Start());
        await writing;
        await journal.WriteAsync(Warning(3));
        Assert.Equal(["warning 3", "warning 2", "warning 1"], Lines(await journal.EventsAsync(10)));
    }

    [SkippableFact]
    public async Task A_session_that_was_ended_is_begun_anew()
    {
        await using var journal = Open(_place.Value);
        await journal.WriteAsync(Warning(1));
        PostgresServer.Execute(Connection,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bdist' AND datname = "
            + "current_database()");
        await journal.WriteAsync(Warning(2));
        Assert.Equal(2, (await journal.EventsAsync(10)).Count);
    }

    [SkippableFact]
    public async Task A_commit_waits_for_the_disk_whatever_the_database_says()
    {
        PostgresServer.Execute(Connection,
            $"ALTER DATABASE {Connection[(Connection.LastIndexOf('=') + 1)..]} SET synchronous_commit = off");
        using var record = PostgresRecord.Open(Connection, out _);
        await using var writer = record.OpenForWriting();
        await using var command = writer.CreateCommand();
        command.CommandText = "SHOW synchronous_commit";
        Assert.Equal("on", await command.ExecuteScalarAsync());
    }

    [SkippableFact]
    public void A_newer_versions_tables_are_refused()
    {
        using (PostgresRecord.Open(Connection, out _)) { }
        PostgresServer.Execute(Connection, "UPDATE bdist.version SET number = 1000");
        Assert.Contains("newer bdist", Assert.Throws<RecordException>(() => Open(_place.Value)).Message,
            StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_text_that_PostgreSQL_has_no_room_for_is_put_down_all_the_same()
    {
        await using var journal = Open(_place.Value);
        await journal.WriteAsync(new Happened(Noon, new Warned(Reason.Text("a\0b\uD800"))));
        var kept = Assert.Single(await journal.EventsAsync(1));
        Assert.Equal(new Warned(Reason.Text("a%00b\uFFFD")), kept.Event);
    }

    [SkippableFact]
    public async Task Events_that_an_older_version_put_down_with_their_lines_stay_readable()
    {
        using (PostgresRecord.Open(Connection, out _)) { }
        PostgresServer.Execute(Connection, """
            ALTER TABLE bdist.events ALTER COLUMN text SET NOT NULL;
            UPDATE bdist.version SET number = 9;
            INSERT INTO bdist.events (time, kind, text, parts) VALUES (4e12, 'joined', 'joined: origin a', NULL),
                (4e12, 'warning', 'warning: b', '{"message":"b"}')
            """);

        await using var journal = Open(_place.Value);
        await journal.WriteAsync(Warning(1));

        Assert.Equal([new Warned(Reason.Text("warning 1")), new Warned(Reason.Text("b")),
            new Recalled("joined", "joined: origin a")], (await journal.EventsAsync(10)).Select(one => one.Event));
    }

    [Theory]
    [InlineData("Host=/nowhere", "can't be used")]
    [InlineData("Host=127.0.0.1;Port=1", "can't be used")]
    [InlineData("Database=bdist", "names no Host")]
    [InlineData("Hots=a", "not valid for Npgsql")]
    public void A_server_that_is_not_there_is_a_clear_refusal(string connection, string why) =>
        Assert.Contains(why, Assert.Throws<RecordException>(() => Open(new RecordPlace.Server(connection))).Message,
            StringComparison.Ordinal);
}
