using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Web.Metrics;

/// <summary>
/// A coordinator's metrics for Prometheus. Base units (seconds, bytes); points in time instead of ages, for an age is
/// right at one moment only (<c>time() - …</c>). Labels: <c>origin</c>, <c>destination</c>, <c>parent</c>,
/// <c>outcome</c>. What each one says stands in its help.
/// </summary>
public static class MetricsDocument
{
    /// <summary>Its media type.</summary>
    public const string ContentType = ExpositionText.ContentType;

    private static readonly string Version = typeof(MetricsDocument).Assembly.GetName().Version!.ToString(3);

    /// <summary>The document of one moment.</summary>
    /// <param name="started">When the coordinator was.</param>
    /// <param name="now">The moment.</param>
    public static string Render(ClusterStatus status, MetricsState state, DateTimeOffset started, DateTimeOffset now)
    {
        var text = new ExpositionText();
        text.Gauge("bdist_build_info", "Always 1; its label is this coordinator's version.",
            new Sample(1, ("version", Version)));
        text.Gauge("bdist_start_time_seconds", "When this coordinator was started, as Unix time.",
            new Sample(Seconds(started)));
        Members(text, status);
        Snapshots(text, status, now);
        Runs(text, status);
        Past(text, state,
            status.Standings.Where(one => one.Last is not null)
                .ToDictionary(one => one.Origin.ToString(), one => one.Last!));
        return text.ToString();
    }

    private static void Members(ExpositionText text, ClusterStatus status)
    {
        var destinations = status.Nodes.Where(node => node.Role == NodeRole.Destination).ToList();
        // A name can belong to one that is here and to another that was.
        var absent = (status.Absent ?? []).Where(gone => destinations.All(here => here.Name != gone.Name))
            .DistinctBy(gone => gone.Name).ToList();
        text.Gauge("bdist_destinations_connected", "Destinations that are connected now.",
            new Sample(status.Connected));
        text.Gauge("bdist_origins_connected", "Origins that are connected now.",
            new Sample(status.Nodes.Count(node => node.Role == NodeRole.Origin)));
        text.Gauge("bdist_destination_connected", "1 if the destination is connected, 0 if it was connected before.",
            [.. destinations.Select(here => Of(here.Name, 1)), .. absent.Select(gone => Of(gone.Name, 0))]);
        text.Gauge("bdist_destination_free_bytes", "Free space below the root of a connected destination.",
            destinations.Where(here => here.FreeBytes is not null)
                .Select(here => Of(here.Name, here.FreeBytes!.Value)));
        text.Gauge("bdist_destination_last_verified_timestamp_seconds",
            "When the destination has verified its newest snapshots last, the oldest of these times, as Unix time; "
            + "none where one never was.",
            destinations.Where(here => here.Verified is not null)
                .Select(here => Of(here.Name, Seconds(here.Verified!.Time))));
        text.Gauge("bdist_destination_last_seen_timestamp_seconds",
            "When a destination that is not connected was last seen, as Unix time.",
            absent.Select(gone => Of(gone.Name, Seconds(gone.LastSeen))));

        static Sample Of(NodeName destination, double value) => new(value, ("destination", destination.ToString()));
    }

    private static void Snapshots(ExpositionText text, ClusterStatus status, DateTimeOffset now)
    {
        var all = status.Standings;
        var newest = all.Where(one => one.Newest is not null).ToList();
        text.Gauge("bdist_origin_standing",
            "1 for the current state of the origin, 0 for every other state.",
                all.SelectMany(one => Enum.GetValues<Standing>().Select(standing =>
            new Sample(one.Standing == standing ? 1 : 0, ("origin", one.Origin.ToString()),
                ("standing", StandingWords.Code(standing))))));
        text.Gauge("bdist_origin_required_copies", "Copies that protect a snapshot of the origin.",
            all.Where(one => one.Required is not null).Select(one => Of(one.Origin, one.Required!.Value)));
        text.Gauge("bdist_origin_stored_copies",
            "Destinations, connected or not, that have the origin's newest snapshot.",
                all.Select(one => Of(one.Origin, one.Newest?.Copies ?? 0)));
        text.Gauge("bdist_origin_offline_copies", "Stored copies whose destinations are not connected.",
            newest.Select(one => Of(one.Origin, one.Newest!.Offline)));
        text.Gauge("bdist_origin_damaged_copies",
            "Destinations that found it damaged when they re-read it; they are not stored copies.",
                newest.Select(one => Of(one.Origin, one.Newest!.Damaged)));
        text.Gauge("bdist_origin_protected",
            "1 if the origin's newest snapshot is stored as often as required and its last run did not end "
            + "otherwise, else 0.", all.Select(one => Of(one.Origin, one.IsProtected ? 1 : 0)));
        text.Gauge("bdist_origin_newest_snapshot_timestamp_seconds",
            "When the origin's newest snapshot was begun, as Unix time.",
                newest.Select(one => Of(one.Origin, Begun(one, one.Newest!.Snapshot))));
        text.Gauge("bdist_origin_newest_protected_snapshot_timestamp_seconds",
            "When the origin's newest protected snapshot was begun, as Unix time.",
            all.Where(one => one.ProtectedSnapshot is not null)
                .Select(one => Of(one.Origin, Begun(one, one.ProtectedSnapshot!.Value))));

        // Of one that seems to come from the future, when it arrived.
        double Begun(OriginStanding one, SnapshotId id) =>
            Seconds(id == one.Newest?.Snapshot && one.Newest.TakenBy(now) is { } taken
                ? taken : new DateTimeOffset(id.Time));
    }

    private static void Runs(ExpositionText text, ClusterStatus status)
    {
        // A run that ends and the next one may both be visible for a moment.
        var runs = status.Runs.GroupBy(run => run.Origin).Select(origin => origin.MaxBy(run => run.Snapshot)!).ToList();
        text.Gauge("bdist_runs", "Runs that are under way.", new Sample(status.Runs.Count));
        text.Gauge("bdist_run_copies", "Replicas that the origin's current run has stored so far.",
            runs.Select(run => Of(run.Origin, run.Copies)));
        text.Gauge("bdist_run_waiting",
            "1 if the origin's current run has too few replicas, and no destination is copying.",
            runs.Select(run => Of(run.Origin, run.Phase == RunPhase.Waiting ? 1 : 0)));
        text.Gauge("bdist_run_size_bytes", "Content of the tree of the origin's current run.",
            runs.Select(run => Of(run.Origin, run.BytesTotal)));
        text.Gauge("bdist_run_sent_bytes", "How much of it is in place, on average over the required copies.",
            runs.Select(run => Of(run.Origin, run.BytesDone)));
        var known =
            runs.Where(run => run.Progress is not null).Select(run => (run.Origin, Progress: run.Progress!)).ToList();
        text.Gauge("bdist_run_safe_bytes",
            "Content that is in place at destinations, of the content of the required copies together; it never falls "
            + "within a run.", known.Select(run => Of(run.Origin, run.Progress.Safe)));
        text.Gauge("bdist_run_wanted_bytes", "Content of the required copies together.",
            known.Select(run => Of(run.Origin, run.Progress.Total)));
        text.Gauge("bdist_link_received_bytes",
            "Content that the destination has received in the origin's current run, by the link that it has: from its "
            + "parent in the plan.",
            runs.SelectMany(run => (run.Members ?? []).Where(member => member.Parent is not null).Select(member =>
                new Sample(member.Received, ("origin", run.Origin.ToString()),
                    ("parent", member.Parent!.Value.ToString()), ("destination", member.Name.ToString())))));
    }

    private static void Past(ExpositionText text, MetricsState state, IReadOnlyDictionary<string, PastRun> known)
    {
        text.Counter("bdist_runs_finished_total", "Runs that are over, by their outcome.",
            state.Runs.SelectMany(origin => new[]
        {
            Outcome(origin.Key, RunOutcome.Protected, origin.Value.Protected),
                Outcome(origin.Key, RunOutcome.AtRisk, origin.Value.AtRisk),
                    Outcome(origin.Key, RunOutcome.Failed, origin.Value.Failed),
        }));
        text.Summary("bdist_run_duration_seconds", "How long the origin's runs took.", state.Runs.Select(origin =>
            (new Sample(origin.Value.Seconds, ("origin", origin.Key)),
                new Sample(origin.Value.Count, ("origin", origin.Key)))));
        Last("bdist_last_run_timestamp_seconds", "When the origin's last run was over, as Unix time.",
            run => Seconds(run.Ended));
        Last("bdist_last_run_duration_seconds", "How long it took.", run => run.Seconds);
        // Also for origins whose last end is unknown, and that never ran.
        text.Gauge("bdist_last_run_success", "1 if it ended protected, else 0.",
            known.Select(one => Success(one.Key, one.Value.Outcome == PastOutcome.Protected))
            .Concat(state.LastRuns.Where(one => !known.ContainsKey(one.Key))
                .Select(one => Success(one.Key, one.Value.Outcome == RunOutcome.Protected))));
        Last("bdist_last_run_copies", "Replicas that it stored.", run => run.Copies);
        Last("bdist_last_run_files", "Files in its tree.", run => run.Totals.Files);
        Last("bdist_last_run_size_bytes", "Content of its tree.", run => run.Totals.Bytes);
        Last("bdist_last_run_skipped_entries", "Entries of its tree that are not in the snapshot.", run => run.Skipped);
        text.Counter("bdist_replicas_stored_total", "Replicas that the destination has stored.",
            Destinations(state.Replicas));
        text.Counter("bdist_run_losses_total", "How often a run continued without the destination.",
            Destinations(state.Losses));
        text.Counter("bdist_departures_total", "How often the destination left, died or was disconnected.",
            Destinations(state.Departures));
        text.Counter("bdist_warnings_total", "Warnings to the coordinator's owner.", new Sample(state.Warnings));

        void Last(string name, string help, Func<LastRun, double> value) =>
            text.Gauge(name, help,
                state.LastRuns.Select(origin => new Sample(value(origin.Value), ("origin", origin.Key))));

        static Sample Success(string origin, bool isSuccess) => new(isSuccess ? 1 : 0, ("origin", origin));

        static IEnumerable<Sample> Destinations(IEnumerable<KeyValuePair<string, long>> counts) =>
            counts.Select(one => new Sample(one.Value, ("destination", one.Key)));

        static Sample Outcome(string origin, RunOutcome outcome, long count) => new(count, ("origin", origin),
            ("outcome",
                outcome switch { RunOutcome.Protected => "protected", RunOutcome.AtRisk => "at-risk", _ => "failed" }));
    }

    private static Sample Of(NodeName origin, double value) => new(value, ("origin", origin.ToString()));

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
