using System.Data.Common;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;
using Dapper;

namespace BackupDistribuido.Record.Entries;

/// <summary>What the tables say.</summary>
internal static class RecordReader
{
    /// <summary>Who was here, and how many copies each origin wants: what a coordinator begins with. It hears of those first that were here the longest ago.</summary>
    public static Remembered Remembered(DbConnection connection)
    {
        var remembered = new Remembered();
        var newest = connection.Query<(string Destination, string Origin, string Snapshot, long? Entries, string? Verified)>(
            """
            SELECT destination, origin, snapshot, entries, verified FROM replicas
            WHERE gone IS NULL AND snapshot = (SELECT MAX(newest.snapshot) FROM replicas newest WHERE newest.destination = replicas.destination AND newest.origin = replicas.origin AND newest.gone IS NULL)
            """)
            .ToLookup(row => row.Destination, row => new HeldSnapshot(NodeName.Parse(row.Origin), SnapshotId.Parse(row.Snapshot), row.Entries, Verified: Verified(row.Verified)));
        foreach (var row in connection.Query<(string Identity, string Name, string Address, string Disk, long LastSeen, long? Speed)>(
            "SELECT identity, name, address, disk, last_seen, speed FROM destinations ORDER BY last_seen DESC LIMIT @Most", new { Core.Membership.Remembered.Most }).Reverse())
        {
            remembered.Add(new AbsentDestination(row.Identity, NodeName.Parse(row.Name), NodeAddress.Parse(row.Address), row.Disk, Moment.From(row.LastSeen), [.. newest[row.Identity]]));
            if (row.Speed is { } speed) remembered.Ran(row.Identity, speed);
        }
        var last = connection.Query<(string Name, long Time, long Outcome, string? Snapshot, long Copies, long Required, string? Reason)>(
            "SELECT name, last_time, last_outcome, last_snapshot, last_copies, last_required, last_reason FROM origins WHERE last_outcome IS NOT NULL").ToDictionary(row => row.Name);
        foreach (var row in connection.Query<(string Name, long Required, string? Protected, string? Topology)>(
            "SELECT name, required, protected, topology FROM origins ORDER BY seen DESC LIMIT @Most", new { Core.Membership.Remembered.Most }).Reverse())
        {
            remembered.Add(new KnownOrigin(NodeName.Parse(row.Name), (int)row.Required, row.Protected is { } text ? SnapshotId.Parse(text) : null,
                // One that a newer version has put there is none of ours.
                Enum.TryParse<TopologyChoice>(row.Topology, out var topology) ? topology : TopologyChoice.Auto,
                last.TryGetValue(row.Name, out var run)
                    ? new PastRun(Moment.From(run.Time), (PastOutcome)run.Outcome, run.Snapshot is { } wanted ? SnapshotId.Parse(wanted) : null, (int)run.Copies, (int)run.Required, run.Reason ?? "")
                    : null));
        }
        return remembered;
    }

    /// <summary>The newest runs, the last one first.</summary>
    public static IReadOnlyList<RunHistory> Runs(DbConnection connection, NodeName? origin, int most) =>
    [
        .. connection.Query<RunRow>("""
            SELECT run AS Run, origin AS Origin, snapshot AS Snapshot, required AS Required, begun AS Begun, ended AS Ended, outcome AS Outcome,
                COALESCE(copies, (SELECT COUNT(*) FROM replicas WHERE replicas.run = runs.run)) AS Copies,
                COALESCE(entries, 0) AS Entries, COALESCE(files, 0) AS Files, COALESCE(bytes, 0) AS Bytes, COALESCE(skipped, 0) AS Skipped, COALESCE(seconds, 0.0) AS Seconds,
                COALESCE(reason, '') AS Reason, (SELECT COUNT(*) FROM epochs WHERE epochs.run = runs.run) AS Epochs
            FROM runs WHERE @Origin IS NULL OR origin = @Origin ORDER BY begun DESC LIMIT @most
            """, new { Origin = origin?.ToString(), most }).Select(row => row.ToHistory()),
    ];

    /// <summary>The newest snapshots, the last one first; of one origin, or of all; or only that snapshot.</summary>
    public static IReadOnlyList<SnapshotHistory> Snapshots(DbConnection connection, NodeName? origin, SnapshotId? snapshot, int most, IReadOnlySet<string> connected)
    {
        var rows = connection.Query<(string Origin, string Snapshot, long? Required, string? Identity, string? Name, long? LastSeen, string? Verified)>("""
            SELECT chosen.origin, chosen.snapshot, origins.required, destinations.identity, destinations.name, destinations.last_seen, replicas.verified
            FROM (SELECT origin, snapshot FROM replicas WHERE gone IS NULL AND (@Origin IS NULL OR origin = @Origin) AND (@Snapshot IS NULL OR snapshot = @Snapshot)
                  UNION SELECT origin, snapshot FROM runs WHERE (@Origin IS NULL OR origin = @Origin) AND (@Snapshot IS NULL OR snapshot = @Snapshot)
                  ORDER BY snapshot DESC, origin LIMIT @most) AS chosen
            LEFT JOIN origins ON origins.name = chosen.origin
            LEFT JOIN replicas ON replicas.origin = chosen.origin AND replicas.snapshot = chosen.snapshot AND replicas.gone IS NULL
            LEFT JOIN destinations ON destinations.identity = replicas.destination
            ORDER BY chosen.snapshot DESC, chosen.origin, destinations.name
            """, new { Origin = origin?.ToString(), Snapshot = snapshot?.ToString(), most });
        return
        [
            .. rows.GroupBy(row => (row.Origin, row.Snapshot)).Select(one => new SnapshotHistory(
                NodeName.Parse(one.Key.Origin), SnapshotId.Parse(one.Key.Snapshot), (int?)one.First().Required,
                [.. one.Where(row => row.Name is not null).Select(row => new ReplicaHolder(NodeName.Parse(row.Name!), connected.Contains(row.Identity!) ? null : Moment.From(row.LastSeen!.Value), Verified(row.Verified)))])),
        ];
    }

    private static Verification? Verified(string? text) => text is null ? null : Verification.Parse(text);

    /// <summary>The newest events, the last one first.</summary>
    public static IReadOnlyList<EventHistory> Events(DbConnection connection, int most) =>
    [
        .. connection.Query<(long Time, string Kind, string Text, string? Parts)>("SELECT time, kind, text, parts FROM events ORDER BY id DESC LIMIT @most", new { most })
            .Select(row => new EventHistory(Moment.From(row.Time), row.Kind, row.Text, EventForm.Read(row.Kind, row.Parts))),
    ];

    // By its properties: of a result without rows SQLite names no types, so that no constructor could be chosen by them.
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
            RunId.Parse(Run), NodeName.Parse(Origin), SnapshotId.Parse(Snapshot), (int)Required, Moment.From(Begun), Ended is { } ended ? Moment.From(ended) : null,
            (RunOutcome?)Outcome, (int)Copies, new TreeTotals(Entries, Files, Bytes), Skipped, Seconds, Epochs, Reason);
    }
}
