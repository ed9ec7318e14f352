using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Record.Databases;
using BackupDistribuido.Record.Databases.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;
using static BackupDistribuido.Record.Tests.Samples;

namespace BackupDistribuido.Record.Tests;

/// <summary>The file beneath: its tables' version, what becomes of a damaged one, and who may use it.</summary>
public sealed class DatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    private string File => Path.Combine(_folder["record"], "record.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Commits_wait_for_the_disk_and_only_its_owner_reads_it()
    {
        using var database = SqliteRecord.Open(_folder["record"], TimeProvider.System, out _);
        using var connection = database.OpenForWriting();

        Assert.Equal("wal", connection.ExecuteScalar<string>("PRAGMA journal_mode"));
        Assert.Equal(2, connection.ExecuteScalar<int>("PRAGMA synchronous"));
        Assert.Equal("600\n700\n", _folder.Do("stat -c %a record/record.db record"));
    }

    [Fact]
    public async Task How_the_last_run_of_an_older_version_ended_is_taken_from_its_runs()
    {
        Directory.CreateDirectory(_folder["record"]);
        using (var connection = new SqliteConnection($"Data Source={File}"))
        {
            connection.Open();
            SqliteRecord.Migrate(connection, [.. SqliteRecord.Scripts.TakeWhile(script => script.Number < 5)]);
            // The second is the last; the third brings others to the first one's snapshot.
            connection.Execute("""
                INSERT INTO origins (name, required, seen) VALUES ('laptop', 2, 1), ('new', 1, 1);
                INSERT INTO runs (run, origin, snapshot, required, begun, ended, outcome, copies, reason, skipped) VALUES
                    ('5f0c2d9e8b7a6141', 'laptop', '20261122T120000Z', 2, 1000, 2000, 0, 2, '', 0), ('5f0c2d9e8b7a6142', 'laptop', '20261123T120000Z', 2, 3000, 4000, 2, 0, 'gone', 7),
                    ('5f0c2d9e8b7a6143', 'laptop', '20261122T120000Z', 2, 5000, 6000, 0, 3, '', 0);
                """);
        }

        await using var journal = Open(_folder);

        Assert.Equal([new PastRun(DateTimeOffset.FromUnixTimeMilliseconds(4000), PastOutcome.Failed, Second, 0, 2,
            Reason.Text("gone"), Skipped: 7), null],
            journal.Remembered.Origins.OrderBy(one => one.Name.ToString()).Select(one => one.Last));
    }

    [Fact]
    public async Task A_database_of_an_older_version_is_brought_up_to_date_and_keeps_what_it_has()
    {
        await using (var journal = Open(_folder)) await journal.WriteAsync(Warning(1));
        using var connection = Connect();

        SqliteRecord.Migrate(connection,
            [.. SqliteRecord.Scripts,
                (SqliteRecord.Scripts[^1].Number + 1,
                    "ALTER TABLE events ADD COLUMN run TEXT; UPDATE events SET run = 'x'")]);

        Assert.Equal(("warning", "x"), connection.QuerySingle<(string, string)>("SELECT kind, run FROM events"));
        Assert.Equal(SqliteRecord.Scripts[^1].Number + 1, connection.ExecuteScalar<int>("PRAGMA user_version"));
    }

    [Fact]
    public void A_migration_that_fails_leaves_nothing_behind()
    {
        using (SqliteRecord.Open(_folder["record"], TimeProvider.System, out _)) { }
        using var connection = Connect();
        var before = connection.ExecuteScalar<int>("PRAGMA user_version");

        Assert.Throws<SqliteException>(() =>
            SqliteRecord.Migrate(connection,
                [.. SqliteRecord.Scripts,
                    (before + 1, "CREATE TABLE more (id INTEGER); INSERT INTO nowhere VALUES (1)")]));

        Assert.Equal((before, 0),
            (connection.ExecuteScalar<int>("PRAGMA user_version"),
                connection.ExecuteScalar<int>("SELECT COUNT(*) FROM sqlite_master WHERE name = 'more'")));
    }

    [Fact]
    public void A_newer_versions_database_is_refused_and_left_as_it_is()
    {
        using (SqliteRecord.Open(_folder["record"], TimeProvider.System, out _)) { }
        using (var connection = Connect()) connection.Execute("PRAGMA user_version = 1000");

        var refused = Assert.Throws<RecordException>(() => Open(_folder));

        Assert.Contains("newer bdist", refused.Message, StringComparison.Ordinal);
        using var again = Connect();
        Assert.Equal(1000, again.ExecuteScalar<int>("PRAGMA user_version"));
    }

    [Fact]
    public async Task Of_an_event_that_another_version_put_down_the_line_is_known()
    {
        using (SqliteRecord.Open(_folder["record"], TimeProvider.System, out _)) { }
        using (var connection = Connect())
        {
            connection.Execute("""
                INSERT INTO events (time, kind, text, parts)
                VALUES (4e12, 'joined', 'older', NULL), (4e12, 'joined', 'newer', '{"role":"Observer"}'),
                    (4e12, 'sung', 'unknown', '{}'), (4e12, 'warning', 'null', 'null'), (4e12, 'sung', NULL, '{"a":1}')
                """);
        }

        await using var journal = Open(_folder);

        Assert.Equal([new("sung", "sung {\"a\":1}"), new("warning", "null"), new("sung", "unknown"),
            new("joined", "newer"), new("joined", "older")],
            (await journal.EventsAsync(10)).Select(one => (Recalled)one.Event));
    }

    [Fact]
    public async Task Events_that_an_older_version_put_down_with_their_lines_stay_readable()
    {
        Directory.CreateDirectory(_folder["record"]);
        using (var connection = Connect())
        {
            SqliteRecord.Migrate(connection, [.. SqliteRecord.Scripts.TakeWhile(one => one.Number < 10)]);
            connection.Execute("""
                INSERT INTO events (id, time, kind, text, parts) VALUES (7, 4e12, 'joined', 'joined: origin a', NULL),
                    (9, 4e12, 'warning', 'warning: b', '{"message":"b"}'),
                    (12, 4e12, 'replica-stored', 'c', '{"destination":"c","snapshot":"20261122T120000Z","copies":1,"required":2}')
                """);
        }

        await using var journal = Open(_folder);
        await journal.WriteAsync(Warning(1));

        Assert.Equal([new Warned(Reason.Text("warning 1")), new ReplicaCounted(NodeName.Parse("c"), First, 1, 2),
            new Warned(Reason.Text("b")), new Recalled("joined", "joined: origin a")],
            (await journal.EventsAsync(10)).Select(one => one.Event));
        using var after = Connect();
        Assert.Equal([7, 9, 12, 13], after.Query<int>("SELECT id FROM events ORDER BY id"));
        Assert.Null(after.ExecuteScalar<string>("SELECT text FROM events WHERE id = 13"));
    }

    [Fact]
    public async Task How_a_run_ended_while_the_record_failed_is_put_down_when_it_works_again()
    {
        var newer = NodeName.Parse("newer");
        PastRun Ran(PastOutcome outcome) => new(Noon, outcome, Second, 0, 2, Reason.Text("why"));
        await using (var journal = Open(_folder, warn: said => _warnings.Add(said.ToString())))
        {
            journal.Note(new OriginSeen(Noon, Origin, 2));
            await journal.WriteAsync(new OriginRan(Noon, Origin, Ran(PastOutcome.Protected)));
            using var connection = Connect();
            foreach (var what in new[] { "INSERT", "UPDATE" })
                connection.Execute(
                    $"CREATE TRIGGER no_{what} BEFORE {what} ON origins BEGIN SELECT RAISE(ABORT, 'no room'); END");
            journal.Note(new OriginSeen(Noon, newer, 3));
            journal.Note(new OriginRan(Noon, newer, Ran(PastOutcome.AtRisk)));
            await Assert.ThrowsAsync<RecordException>(() =>
                journal.WriteAsync(new OriginRan(Noon, Origin, Ran(PastOutcome.Failed))));
            foreach (var what in new[] { "INSERT", "UPDATE" }) connection.Execute($"DROP TRIGGER no_{what}");
            await journal.WriteAsync(Warning(1));
        }

        await using var next = Open(_folder);

        Assert.Equal([("laptop", 2, PastOutcome.Failed), ("newer", 3, PastOutcome.AtRisk)],
            next.Remembered.Origins.Select(one => (one.Name.ToString(), one.Required, one.Last!.Outcome))
                .OrderBy(one => one.Item1, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(5000)]
    public async Task A_damaged_one_is_set_aside_and_a_new_one_begun(int from)
    {
        await using (var journal = Open(_folder)) await Task.WhenAll(Enumerable.Range(0, 500)
            .Select(number => journal.WriteAsync(Warning(number))));
        Scribble(from);

        await using var next = Open(_folder, warn: said => _warnings.Add(said.ToString()));
        await next.WriteAsync(Warning(1));

        Assert.Contains("record.db.damaged-", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.Single(await next.EventsAsync(10));
        Assert.Single(Directory.GetFiles(_folder["record"], "record.db.damaged-*Z"));
    }

    [Fact]
    public async Task Damage_that_shows_while_it_is_kept_is_set_aside_too_and_nothing_that_was_waited_for_is_lost()
    {
        await using (var journal = Open(_folder)) await Task.WhenAll(Enumerable.Range(0, 500)
            .Select(number => journal.WriteAsync(Warning(number))));
        await using var kept = Open(_folder, warn: said => _warnings.Add(said.ToString()));
        Scribble(0);

        await kept.WriteAsync(Warning(501));

        Assert.Single(_warnings);
        Assert.Equal(["warning 501"], Lines(await kept.EventsAsync(1)));
    }

    [Fact]
    public async Task One_process_a_folder()
    {
        await using var first = Open(_folder);

        var refused = Assert.Throws<RecordInUseException>(() => Open(_folder));

        Assert.Contains(_folder["record"], refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_a_file_is_refused()
    {
        _folder.Write("record", "");

        Assert.Contains(_folder["record"], Assert.Throws<RecordException>(() => Open(_folder)).Message,
            StringComparison.Ordinal);
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Scribble(int from)
    {
        using var file = System.IO.File.OpenWrite(File);
        file.Position = from;
        var garbage = new byte[Math.Max(4096, file.Length - from)];
        new Random(7).NextBytes(garbage);
        file.Write(garbage);
    }
}
