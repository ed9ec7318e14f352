using System.Data.Common;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using Dapper;

namespace BackupDistribuido.Record.Entries;

/// <summary>Puts entries into the tables, each so that a second time changes nothing.</summary>
internal sealed class EntryWriter(DbConnection connection, DbTransaction transaction)
{
    /// <summary>Puts one down.</summary>
    public void Write(JournalEntry entry)
    {
        var time = DatabaseTime.Of(entry.Time);
        switch (entry)
        {
            case OriginSeen seen:
                Run("""
                    INSERT INTO origins (name, required, topology, seen) VALUES (@Name, @Required, @Topology, @time)
                    ON CONFLICT (name) DO UPDATE SET required = excluded.required, topology = excluded.topology,
                        seen = excluded.seen
                    """, new
                {
                    Name = seen.Origin.ToString(),
                    seen.Required,
                    Topology = seen.Topology.ToString(),
                    time
                });
                break;
            case OriginRan ran:
                Run("""
                    UPDATE origins SET last_time = @Time, last_outcome = @Outcome, last_snapshot = @Snapshot,
                        last_copies = @Copies, last_required = @Required, last_reason = @Reason,
                        last_skipped = @Skipped, last_missing = @Missing
                    WHERE name = @Name
                    """, new
                {
                    Name = ran.Origin.ToString(),
                    Time = DatabaseTime.Of(ran.Last.Time),
                    Outcome = (int)ran.Last.Outcome,
                    Snapshot = ran.Last.Snapshot?.ToString(),
                    ran.Last.Copies,
                    ran.Last.Required,
                    Reason = ran.Last.Reason.Encode(),
                    ran.Last.Skipped,
                    ran.Last.Missing,
                });
                break;
            case SpeedsSeen seen:
                foreach (var (identity, speed) in seen.BytesPerSecond)
                    Run("UPDATE destinations SET speed = @speed WHERE identity = @identity", new { identity, speed });
                break;
            case DestinationSeen seen:
                Write(seen, time);
                break;
            case DestinationsAlive alive:
                foreach (var identity in alive.Identities)
                    Run("UPDATE destinations SET last_seen = @time WHERE identity = @identity", new { identity, time });
                break;
            case RunBegun begun:
                Run("""
                    INSERT INTO runs (run, origin, snapshot, required, keep, begun) VALUES (@Run, @Origin, @Snapshot,
                        @Required, @Keep, @time) ON CONFLICT (run) DO NOTHING
                    """, new
                {
                    Run = begun.Run.ToString(),
                    Origin = begun.Origin.ToString(),
                    Snapshot = begun.Snapshot.ToString(),
                    begun.Required,
                    begun.Keep,
                    time
                });
                break;
            case ReplicaStored stored:
                Run("""
                    INSERT INTO replicas (destination, origin, snapshot, run, digest, stored) VALUES (@Identity,
                        @Origin, @Snapshot, @Run, @Digest, @time)
                    ON CONFLICT (destination, origin, snapshot) DO UPDATE SET run = excluded.run,
                        digest = excluded.digest, owner = CASE WHEN replicas.digest = excluded.digest
                        THEN replicas.owner END,
                        verified = CASE WHEN replicas.gone IS NULL THEN replicas.verified END, gone = NULL
                    """, new
                {
                    stored.Destination.Identity,
                    Origin = stored.Origin.ToString(),
                    Snapshot = stored.Snapshot.ToString(),
                    Run = stored.Run.ToString(),
                    Digest = stored.Digest.ToString(),
                    time,
                });
                break;
            case Happened happened:
                Write(happened, time);
                break;
        }
    }

    private void Write(DestinationSeen seen, long time)
    {
        var registration = seen.Registration;
        var identity = registration.Node.Identity;
        Run("""
            INSERT INTO destinations (identity, name, address, disk, first_seen, last_seen) VALUES (@identity, @Name,
                @Address, @Disk, @time, @time)
            ON CONFLICT (identity) DO UPDATE SET name = excluded.name, address = excluded.address, disk = excluded.disk,
                last_seen = excluded.last_seen
            """, new
        {
            identity,
            Name = registration.Node.Name.ToString(),
            Address = registration.Data.ToString(),
            Disk = Storable(registration.Disk),
            time
        });
        // A snapshot that it no longer names is gone. A full list says nothing about those that are not in it.
        if (seen.IsNewLife && registration.Newest.Count < Core.Membership.RegistrationRules.MaxHeld)
        {
            var values = new DynamicParameters(new { identity, time });
            Run($"UPDATE replicas SET gone = @time WHERE destination = @identity AND gone IS NULL AND origin NOT IN "
                + $"{List(values, registration.Newest.Select(held => held.Origin.ToString()))}", values);
        }
        foreach (var held in registration.Newest)
        {
            var row = new
            {
                identity,
                time,
                Origin = held.Origin.ToString(),
                Snapshot = held.Snapshot.ToString(),
                held.Entries,
                Verified = held.Verified?.ToString(),
                Digest = held.Digest?.ToString(),
                Owner = held.OriginIdentity is { } owner ? Storable(owner) : null,
                held.Missing,
                Arrived = held.Arrived is { } arrived ? DatabaseTime.Of(arrived) : (long?)null,
                Limit = SnapshotOrder.Upon(held.Snapshot, seen.Time).Limit.ToString(),
            };
            // It may have snapshots from the future although it does not name them.
            if (seen.IsNewLife)
                Run("UPDATE replicas SET gone = @time WHERE destination = @identity AND gone IS NULL AND origin = "
                    + "@Origin AND snapshot > @Snapshot AND snapshot <= @Limit", row);
            // Another tree than a run has stored there is none of that run's.
            Run("""
                INSERT INTO replicas (destination, origin, snapshot, entries, verified, digest, owner, arrived, missing,
                    stored)
                VALUES (@identity, @Origin, @Snapshot, @Entries, @Verified, @Digest, @Owner, @Arrived, @Missing, @time)
                ON CONFLICT (destination, origin, snapshot) DO UPDATE SET entries = excluded.entries,
                    verified = excluded.verified, missing = excluded.missing,
                    run = CASE WHEN excluded.digest IS NULL OR replicas.digest = excluded.digest THEN replicas.run END,
                    digest = COALESCE(excluded.digest, replicas.digest), owner = COALESCE(excluded.owner,
                        replicas.owner), arrived = COALESCE(excluded.arrived, replicas.arrived), gone = NULL
                """, row);
        }
        WriteOlder(seen, identity, time);
    }

    /// <summary>Its findings in older snapshots. It names them, so they exist.</summary>
    private void WriteOlder(DestinationSeen seen, string identity, long time)
    {
        foreach (var older in seen.Registration.Older ?? [])
        {
            Run("""
                INSERT INTO replicas (destination, origin, snapshot, verified, stored) VALUES (@identity, @Origin,
                    @Snapshot, @Verified, @time)
                ON CONFLICT (destination, origin, snapshot) DO UPDATE SET verified = excluded.verified, gone = NULL
                """, new
            {
                identity,
                time,
                Origin = older.Origin.ToString(),
                Snapshot = older.Snapshot.ToString(),
                Verified = older.Verified.ToString()
            });
        }
    }

    private void Write(Happened happened, long time)
    {
        if (EventForm.Of(happened.Event) is var (kind, parts))
            Run("INSERT INTO events (time, kind, parts) VALUES (@time, @kind, @parts)", new { time, kind, parts });
        switch (happened.Event)
        {
            case RunStarted started:
                Run("INSERT INTO epochs (run, epoch, topology, destinations, opened) VALUES (@Run, @Epoch, @Topology, "
                    + "@Destinations, @time) ON CONFLICT (run, epoch) DO NOTHING",
                    new
                    {
                        Run = started.Run.ToString(),
                        Epoch = started.Epoch.Number,
                        Topology = Storable(started.Topology),
                        Destinations =
                            string.Join(' ', started.Destinations),
                        time
                    });
                break;
            case SnapshotProtected reached:
                Run("UPDATE origins SET protected = @Snapshot WHERE name = @Origin AND (protected IS NULL OR protected "
                    + "< @Snapshot OR protected > @Limit)",
                    new
                    {
                        Origin = reached.Origin.ToString(),
                        Snapshot = reached.Snapshot.ToString(),
                        Limit = SnapshotOrder.Upon(reached.Snapshot).Limit.ToString()
                    });
                break;
            case RunFinished finished:
                Write(finished, time);
                break;
        }
    }

    private void Write(RunFinished finished, long time)
    {
        var end = finished.Summary;
        var run = end.Run.ToString();
        Run("""
            UPDATE runs SET ended = @time, outcome = @Outcome, copies = @Copies, entries = @Entries, files = @Files,
                bytes = @Bytes, skipped = @Skipped, seconds = @Seconds, reason = @Reason
            WHERE run = @run
            """, new
        {
            run,
            time,
            Outcome = (int)end.Outcome,
            end.Copies,
            end.Totals.Entries,
            end.Totals.Files,
            end.Totals.Bytes,
            end.Skipped,
            end.Seconds,
            Reason = end.Reason.Encode()
        });
        Run(WorkForm.Update, WorkForm.Values(run, end.Work));
        // A destination that claimed another digest than the sealed one has no replica of this snapshot.
        var values = new DynamicParameters(new { run });
        Run($"DELETE FROM replicas WHERE run = @run AND destination IN (SELECT identity FROM destinations WHERE name "
            + $"NOT IN {StoredAt(values, end)})", values);
        Run("UPDATE replicas SET entries = @Entries WHERE run = @run AND entries IS NULL",
            new { run, end.Totals.Entries });
        if (end is { Outcome: Core.Delivery.RunOutcome.Protected, Skipped: 0, HasShrunk: false }
            && connection.ExecuteScalar<long?>("SELECT keep FROM runs WHERE run = @run", new { run },
                transaction) is { } keep)
            Retire(finished, keep, time);
    }

    /// <summary>
    /// The destinations of a protected run that left nothing out remove the snapshots that their origin does not want
    /// kept: those older than this many sound ones. A snapshot that a destination keeps all the same is recorded again
    /// when it says so.
    /// </summary>
    private void Retire(RunFinished finished, long keep, long time)
    {
        var values = new DynamicParameters(new
        {
            time,
            keep,
            Origin = finished.Origin.ToString(),
            Limit = SnapshotOrder.Upon(finished.Summary.Snapshot).Limit.ToString()
        });
        Run($"""
            UPDATE replicas SET gone = @time
            WHERE origin = @Origin AND gone IS NULL AND snapshot <= @Limit AND destination IN (SELECT identity
                FROM destinations WHERE {Latest}
                AND name IN {StoredAt(values, finished.Summary)})
              AND (SELECT COUNT(*) FROM replicas other WHERE other.destination = replicas.destination
                  AND other.origin = replicas.origin AND other.gone IS NULL AND other.snapshot <= @Limit
                   AND other.snapshot > replicas.snapshot AND (other.verified IS NULL
                       OR other.verified NOT LIKE 'damaged%')) >= @keep
            """, values);
    }

    /// <summary>If several had one name, the one that has it now.</summary>
    private const string Latest =
        "NOT EXISTS (SELECT 1 FROM destinations later WHERE later.name = destinations.name AND later.identity <> "
        + "destinations.identity AND later.last_seen > destinations.last_seen)";

    /// <summary>Texts as a list of SQL, whose values are added to <paramref name="values"/>. Dapper makes its own lists
    /// of several parameters here and of one array there.</summary>
    private static string StoredAt(DynamicParameters values, Core.Delivery.RunSummary end) => List(values,
        end.Destinations.Where(one => one.State == Core.Delivery.ReplicaState.Stored).Select(one => $"{one.Name}"));

    private static string List(DynamicParameters values, IEnumerable<string> texts)
    {
        var names = new List<string>();
        foreach (var text in texts.DefaultIfEmpty(""))
        {
            values.Add($"item{names.Count}", text);
            names.Add($"@item{names.Count}");
        }
        return $"({string.Join(", ", names)})";
    }

    // What other nodes say may have a NUL in it, which PostgreSQL's texts can't have.
    private static string Storable(string text) => text.Replace('\0', '\uFFFD');

    private void Run(string sql, object values) => connection.Execute(sql, values, transaction);
}
