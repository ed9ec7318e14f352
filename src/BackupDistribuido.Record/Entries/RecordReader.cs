using System.Data.Common;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;
using Dapper;

namespace BackupDistribuido.Record.Entries;

/// <summary>Reads the tables.</summary>
internal static class RecordReader
{
    /// <summary>
    /// Past nodes, and how many copies each origin wants: a coordinator's initial knowledge, those absent the longest
    /// first.
    /// </summary>
    public static Remembered Remembered(DbConnection connection, SnapshotOrder order)
    {
        var remembered = new Remembered();
        // SQL alone can't tell which is the newest: an id of the future is the newest only if there is no other.
        var newest = connection.Query<HeldRow>(
            """
            SELECT destination AS Destination, origin AS Origin, snapshot AS Snapshot, entries AS Entries,
                verified AS Verified, digest AS Digest, owner AS Owner, arrived AS Arrived, missing AS Missing
                FROM replicas
            WHERE gone IS NULL AND snapshot = COALESCE(
                (SELECT MAX(newest.snapshot) FROM replicas newest WHERE newest.destination = replicas.destination
                    AND newest.origin = replicas.origin AND newest.gone IS NULL AND newest.snapshot <= @Limit),
                (SELECT MAX(newest.snapshot) FROM replicas newest WHERE newest.destination = replicas.destination
                    AND newest.origin = replicas.origin AND newest.gone IS NULL))
            """, new { Limit = order.Limit.ToString() })
            .ToLookup(row => row.Destination, row => row.ToHeld());
        foreach (var row in connection.Query<(
            string Identity, string Name, string Address, string Disk, long LastSeen, long? Speed)>(
            "SELECT identity, name, address, disk, last_seen, speed FROM destinations ORDER BY last_seen DESC LIMIT "
            + "@Most", new { Core.Membership.Remembered.Most }).Reverse())
        {
            remembered.Add(new AbsentDestination(row.Identity, NodeName.Parse(row.Name), NodeAddress.Parse(row.Address),
                row.Disk, DatabaseTime.From(row.LastSeen), [.. newest[row.Identity]]));
            if (row.Speed is { } speed) remembered.Ran(row.Identity, speed);
        }
        var last =
            connection.Query<(
                string Name, long Time, long Outcome, string? Snapshot, long Copies, long Required, string? Reason)>(
            "SELECT name, last_time, last_outcome, last_snapshot, last_copies, last_required, last_reason FROM origins "
            + "WHERE last_outcome IS NOT NULL").ToDictionary(row => row.Name);
        var leftOut = connection.Query<(string Name, long Skipped, long Missing)>(
            "SELECT name, last_skipped, last_missing FROM origins WHERE last_skipped > 0 OR last_missing > 0")
                .ToDictionary(row => row.Name);
        foreach (var row in connection.Query<(
            string Name, long Required, string? Protected, string? Topology, long Seen)>(
            "SELECT name, required, protected, topology, seen FROM origins ORDER BY seen DESC LIMIT @Most",
                new { Core.Membership.Remembered.Most }).Reverse())
        {
            remembered.Add(new KnownOrigin(NodeName.Parse(row.Name), (int)row.Required,
                row.Protected is { } text ? SnapshotId.Parse(text) : null,
                // One that a newer version has put there is none of ours.
                Enum.TryParse<TopologyChoice>(row.Topology, out var topology) ? topology : TopologyChoice.Auto,
                last.TryGetValue(row.Name, out var run)
                    ? new PastRun(DatabaseTime.From(run.Time), (PastOutcome)run.Outcome,
                        run.Snapshot is { } wanted ? SnapshotId.Parse(wanted) : null, (int)run.Copies,
                        (int)run.Required, Reason.Parse(run.Reason ?? ""),
                        leftOut.GetValueOrDefault(row.Name).Skipped, leftOut.GetValueOrDefault(row.Name).Missing)
                    : null, Seen: DatabaseTime.From(row.Seen)));
        }
        foreach (var (origin, snapshot) in connection.Query<(string Origin, string Snapshot)>(
            """
            SELECT origin, MAX(snapshot) FROM (SELECT origin, snapshot FROM replicas WHERE snapshot <= @Limit
                UNION SELECT origin, snapshot FROM runs WHERE snapshot <= @Limit) AS seen GROUP BY origin
            """, new { Limit = order.Limit.ToString() }))
        {
            remembered.Saw(NodeName.Parse(origin), SnapshotId.Parse(snapshot), order);
        }
        // A run whose end is known has left no replica of another digest than it sealed.
        foreach (var row in connection.Query<(string Origin, string Snapshot, string Digest)>(
            """
            SELECT replicas.origin, replicas.snapshot, replicas.digest FROM replicas
                JOIN runs ON runs.run = replicas.run
            WHERE replicas.digest IS NOT NULL AND runs.ended IS NOT NULL
              AND replicas.snapshot = (SELECT MAX(last.snapshot) FROM runs last WHERE last.origin = replicas.origin
                  AND last.ended IS NOT NULL AND last.snapshot <= @Limit
                                         AND EXISTS (SELECT 1 FROM replicas kept WHERE kept.run = last.run
                                             AND kept.digest IS NOT NULL))
            """, new { Limit = order.Limit.ToString() }))
        {
            remembered.Sealed(NodeName.Parse(row.Origin), SnapshotId.Parse(row.Snapshot),
                Sha256Digest.Parse(row.Digest));
        }
        return remembered;
    }

    /// <summary>The newest runs, the last one first.</summary>
    public static IReadOnlyList<RunHistory> Runs(DbConnection connection, NodeName? origin, int most) =>
    [
        .. connection.Query<RunRow, WorkForm, RunHistory>($"""
            SELECT run AS Run, origin AS Origin, snapshot AS Snapshot, required AS Required, begun AS Begun,
                ended AS Ended, outcome AS Outcome,
                COALESCE(copies, (SELECT COUNT(*) FROM replicas WHERE replicas.run = runs.run)) AS Copies,
                COALESCE(entries, 0) AS Entries, COALESCE(files, 0) AS Files, COALESCE(bytes, 0) AS Bytes,
                    COALESCE(skipped, 0) AS Skipped, COALESCE(seconds, 0.0) AS Seconds,
                COALESCE(reason, '') AS Reason, (SELECT COUNT(*) FROM epochs WHERE epochs.run = runs.run) AS Epochs,
                {WorkForm.Columns}
            FROM runs WHERE @Origin IS NULL OR origin = @Origin ORDER BY begun DESC LIMIT @most
            """, (row, work) => row.ToHistory() with { Work = work?.ToWork() }, new { Origin = origin?.ToString(),
                most }, splitOn: WorkForm.First),
    ];

    /// <summary>
    /// The newest snapshots, newest first; of one origin or of all; or only that snapshot. A destination with another
    /// tree under its id is not a holder, and neither is one whose name another identity has by now.
    /// </summary>
    public static IReadOnlyList<SnapshotHistory> Snapshots(
        DbConnection connection, NodeName? origin, SnapshotId? snapshot, int most, IReadOnlySet<string> connected,
            SnapshotOrder order)
    {
        var rows = connection.Query<HolderRow>("""
            SELECT chosen.origin AS Origin, chosen.snapshot AS Snapshot, origins.required AS Required,
                destinations.identity AS Identity, destinations.name AS Name,
                destinations.last_seen AS LastSeen, replicas.verified AS Verified, replicas.digest AS Digest,
                    replicas.owner AS Owner, replicas.missing AS Missing, runs.ended AS Ended
            FROM (SELECT origin, snapshot FROM (
                    SELECT origin, snapshot FROM replicas WHERE gone IS NULL AND (@Origin IS NULL OR origin = @Origin)
                        AND (@Snapshot IS NULL OR snapshot = @Snapshot)
                    UNION SELECT origin, snapshot FROM runs WHERE (@Origin IS NULL OR origin = @Origin)
                        AND (@Snapshot IS NULL OR snapshot = @Snapshot)) AS known
                  ORDER BY CASE WHEN snapshot <= @Limit THEN 0 ELSE 1 END, snapshot DESC, origin LIMIT @most) AS chosen
            LEFT JOIN origins ON origins.name = chosen.origin
            LEFT JOIN replicas ON replicas.origin = chosen.origin AND replicas.snapshot = chosen.snapshot
                AND replicas.gone IS NULL
            LEFT JOIN runs ON runs.run = replicas.run
            LEFT JOIN destinations ON destinations.identity = replicas.destination
                AND NOT EXISTS (SELECT 1 FROM destinations later WHERE later.name = destinations.name
                    AND later.identity <> destinations.identity AND later.last_seen > destinations.last_seen)
            ORDER BY CASE WHEN chosen.snapshot <= @Limit THEN 0 ELSE 1 END, chosen.snapshot DESC, chosen.origin,
                destinations.name
            """, new
        {
            Origin = origin?.ToString(),
            Snapshot = snapshot?.ToString(),
            most,
            Limit = order.Limit.ToString()
        });
        return [.. rows.GroupBy(row => (row.Origin, row.Snapshot))
            .Select(one => History(SnapshotId.Parse(one.Key.Snapshot), [.. one], connected, order))];
    }

    private static SnapshotHistory History(SnapshotId snapshot,
        IReadOnlyList<HolderRow> rows, IReadOnlySet<string> connected, SnapshotOrder order)
    {
        var origin = NodeName.Parse(rows[0].Origin);
        var holdings = rows.Where(row => row.Name is not null).Select(row => new SnapshotHolding(
            row.Identity!, NodeName.Parse(row.Name!), connected.Contains(row.Identity!)
                ? null : DatabaseTime.From(row.LastSeen!.Value),
            new HeldSnapshot(origin, snapshot, Digest: Digest(row.Digest), OriginIdentity: row.Owner,
                Verified: Verified(row.Verified))
            { Missing = row.Missing }));
        // A run whose end is known has left no replica of another digest than it sealed.
        var seal = Digest(rows.FirstOrDefault(row => row is { Ended: not null, Digest: not null })?.Digest);
        var same = NewestHeld.OfEach(holdings, (_, _) => seal, order).SingleOrDefault()?.Same ?? [];
        return new SnapshotHistory(origin, snapshot, (int?)rows[0].Required,
            [.. same.Select(one =>
                new ReplicaHolder(one.Destination, one.LastSeen, one.Held.Verified, one.Held.Missing))]);
    }

    private static Sha256Digest? Digest(string? text) => text is null ? null : Sha256Digest.Parse(text);

    private static Verification? Verified(string? text) => text is null ? null : Verification.Parse(text);

    /// <summary>The newest events, newest first. For events of another version, the recorded line or the known
    /// parts.</summary>
    public static IReadOnlyList<EventHistory> Events(DbConnection connection, int most) =>
    [
        .. connection.Query<(long Time, string Kind, string? Text, string? Parts)>(
            "SELECT time, kind, text, parts FROM events ORDER BY id DESC LIMIT @most", new { most })
            .Select(row => new EventHistory(DatabaseTime.From(row.Time), EventForm.Read(row.Kind, row.Parts)
                ?? new Recalled(row.Kind, row.Text ?? $"{row.Kind} {row.Parts}"))),
    ];

    // By its properties: of a result without rows SQLite names no types, so that no constructor could be chosen by
    // them.
    private sealed record HeldRow
    {
        public string Destination { get; init; } = "";
        public string Origin { get; init; } = "";
        public string Snapshot { get; init; } = "";
        public long? Entries { get; init; }
        public string? Verified { get; init; }
        public string? Digest { get; init; }
        public string? Owner { get; init; }
        public long? Arrived { get; init; }
        public long? Missing { get; init; }

        public HeldSnapshot ToHeld() =>
            new(NodeName.Parse(Origin), SnapshotId.Parse(Snapshot), Entries, Digest: RecordReader.Digest(Digest),
                OriginIdentity: Owner, Verified: RecordReader.Verified(Verified))
            {
                Arrived = Arrived is { } arrived ? DatabaseTime.From(arrived) : null,
                Missing = Missing,
            };
    }

    private sealed record HolderRow
    {
        public string Origin { get; init; } = "";
        public string Snapshot { get; init; } = "";
        public long? Required { get; init; }
        public string? Identity { get; init; }
        public string? Name { get; init; }
        public long? LastSeen { get; init; }
        public string? Verified { get; init; }
        public string? Digest { get; init; }
        public string? Owner { get; init; }
        public long? Missing { get; init; }
        public long? Ended { get; init; }
    }

    private sealed record RunRow
    {
        public string Run { get; init; } = "";
        public string Origin { get; init; } = "";
        public string Snapshot { get; init; } = "";
        public long Required { get; init; }
        public long Begun { get; init; }
        public long? Ended { get; init; }
        public long? Outcome { get; init; }
        public long Copies { get; init; }
        public long Entries { get; init; }
        public long Files { get; init; }
        public long Bytes { get; init; }
        public long Skipped { get; init; }
        public double Seconds { get; init; }
        public string Reason { get; init; } = "";
        public long Epochs { get; init; }

        public RunHistory ToHistory() => new(
            RunId.Parse(Run), NodeName.Parse(Origin), SnapshotId.Parse(Snapshot), (int)Required,
            DatabaseTime.From(Begun), Ended is { } ended ? DatabaseTime.From(ended) : null,
            (RunOutcome?)Outcome, (int)Copies)
        {
            Totals = new TreeTotals(Entries, Files, Bytes),
            Skipped = Skipped,
            Seconds = Seconds,
            Epochs = Epochs,
            Reason = Core.Reasons.Reason.Parse(Reason),
        };
    }
}
