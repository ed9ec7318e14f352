using System.Globalization;
using System.Text.RegularExpressions;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Web.Metrics;

namespace BackupDistribuido.Web.Tests.Metrics;

public sealed class MetricsDocumentTests
{
    private static readonly ClusterStatus Status = SampleStatus.Many with
    {
        Absent = [new AbsentNode(NodeName.Parse("away"), NodeAddress.Parse("10.0.0.9:4054"),
            SampleStatus.Now.AddHours(-2)),
                new AbsentNode(NodeName.Parse("nas"), NodeAddress.Parse("10.0.0.8:4054"), SampleStatus.Now)],
        Snapshots =
        [
            SampleStatus.Snapshot("laptop-photos", 2, 2), SampleStatus.Snapshot("mail", 3, null),
            SampleStatus.Snapshot("db", 1, 3) with { NewestProtected = SnapshotId.Parse("20261121T163305Z"),
                Holders = [new ReplicaHolder(NodeName.Parse("away"), SampleStatus.Now)] },
        ],
    };

    private static string Render(ClusterStatus? status = null, MetricsState? state = null) =>
        MetricsDocument.Render(status ?? Status, state ?? MetricsState.Empty, SampleStatus.Now, SampleStatus.Now);

    [Theory]
    [InlineData("bdist_start_time_seconds 1795372200")]
    [InlineData("bdist_destinations_connected 3")]
    [InlineData("bdist_origins_connected 2")]
    [InlineData("bdist_destination_connected{destination=\"nas\"} 1")]
    [InlineData("bdist_destination_connected{destination=\"away\"} 0")]
    [InlineData("bdist_destination_free_bytes{destination=\"nas\"} 1610612736")]
    [InlineData("bdist_destination_last_seen_timestamp_seconds{destination=\"away\"} 1795365000")]
    [InlineData("bdist_origin_required_copies{origin=\"db\"} 3")]
    [InlineData("bdist_origin_stored_copies{origin=\"db\"} 1")]
    [InlineData("bdist_origin_offline_copies{origin=\"db\"} 1")]
    [InlineData("bdist_origin_protected{origin=\"db\"} 0")]
    [InlineData("bdist_origin_protected{origin=\"laptop-photos\"} 1")]
    [InlineData("bdist_origin_protected{origin=\"mail\"} 0")]
    [InlineData("bdist_origin_newest_snapshot_timestamp_seconds{origin=\"db\"} 1795365185")]
    [InlineData("bdist_origin_newest_protected_snapshot_timestamp_seconds{origin=\"db\"} 1795278785")]
    [InlineData("bdist_origin_newest_protected_snapshot_timestamp_seconds{origin=\"laptop-photos\"} 1795365185")]
    [InlineData("bdist_runs 2")]
    [InlineData("bdist_run_copies{origin=\"db\"} 1")]
    [InlineData("bdist_run_waiting{origin=\"db\"} 1")]
    [InlineData("bdist_run_size_bytes{origin=\"laptop-photos\"} 40")]
    [InlineData("bdist_run_sent_bytes{origin=\"laptop-photos\"} 30")]
    [InlineData("bdist_warnings_total 0")]
    public void It_says(string line) => Assert.Contains(line, Render().Split('\n'));

    [Theory]
    [InlineData("bdist_runs_finished_total{origin=\"laptop-photos\",outcome=\"protected\"} 1")]
    [InlineData("bdist_runs_finished_total{origin=\"laptop-photos\",outcome=\"failed\"} 0")]
    [InlineData("bdist_run_duration_seconds_sum{origin=\"laptop-photos\"} 10.5")]
    [InlineData("bdist_run_duration_seconds_count{origin=\"laptop-photos\"} 1")]
    [InlineData("bdist_last_run_timestamp_seconds{origin=\"laptop-photos\"} 1795372200")]
    [InlineData("bdist_last_run_duration_seconds{origin=\"laptop-photos\"} 10.5")]
    [InlineData("bdist_last_run_success{origin=\"laptop-photos\"} 1")]
    [InlineData("bdist_last_run_copies{origin=\"laptop-photos\"} 2")]
    [InlineData("bdist_last_run_files{origin=\"laptop-photos\"} 10")]
    [InlineData("bdist_last_run_size_bytes{origin=\"laptop-photos\"} 2048")]
    [InlineData("bdist_last_run_skipped_entries{origin=\"laptop-photos\"} 3")]
    public void Of_runs_it_says(string line) =>
        Assert.Contains(line,
            Render(state: MetricsState.Empty.After(MetricsStateTests.Finished(RunOutcome.Protected, 10.5),
                SampleStatus.Now)).Split('\n'));

    [Theory]
    [InlineData("bdist_replicas_stored_total{destination=\"nas\"} 1")]
    [InlineData("bdist_run_losses_total{destination=\"nas\"} 1")]
    [InlineData("bdist_departures_total{destination=\"nas\"} 1")]
    public void Of_destinations_it_says(string line)
    {
        var nas = NodeName.Parse("nas");
        NodeEvent[] all = [new ReplicaCounted(nas, SnapshotId.Parse("20261122T163305Z"), 1, 2),
            new DestinationLost(nas, Reason.Text("gone")),
                new NodeLeft(NodeRole.Destination, nas, Reason.Text("gone"), 0)];
        Assert.Contains(line,
            Render(state: all.Aggregate(MetricsState.Empty, (state, one) => state.After(one, SampleStatus.Now)))
                .Split('\n'));
    }

    [Fact]
    public void Of_links_it_says_what_they_have_brought()
    {
        var links = Render(SampleStatus.Nobody with { Runs = [SampleStatus.Chain("db")] }).Split('\n')
            .Where(line => line.StartsWith("bdist_link_received_bytes{", StringComparison.Ordinal));

        Assert.Equal(["bdist_link_received_bytes{origin=\"db\",parent=\"db\",destination=\"nas\"} 30",
            "bdist_link_received_bytes{origin=\"db\",parent=\"nas\",destination=\"office\"} 20"], links);
    }

    [Fact]
    public void An_origin_whose_last_run_failed_is_not_protected_though_an_older_snapshot_is()
    {
        var lines = Render(SampleStatus.Failed).Split('\n');

        Assert.Contains("bdist_origin_protected{origin=\"laptop-photos\"} 0", lines);
        Assert.Contains("bdist_last_run_success{origin=\"laptop-photos\"} 0", lines);
        Assert.Contains("bdist_origin_standing{origin=\"laptop-photos\",standing=\"failed\"} 1", lines);
        Assert.Contains("bdist_origin_standing{origin=\"laptop-photos\",standing=\"protected\"} 0", lines);
    }

    [Fact]
    public void An_origin_that_has_no_snapshot_is_not_protected()
    {
        var text = Render(SampleStatus.Nobody with { Nodes = [SampleStatus.Origin("new", 1)] });

        Assert.Contains("\nbdist_origin_protected{origin=\"new\"} 0\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("bdist_origin_required_copies", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("es-ES")]
    [InlineData("tr-TR")]
    public void Each_line_is_as_the_format_wants_it_in_any_culture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            var text = Render(state: MetricsState.Empty.After(MetricsStateTests.Finished(RunOutcome.AtRisk, 1.5),
                SampleStatus.Now));
            Assert.EndsWith("\n", text, StringComparison.Ordinal);
            Assert.All(text.TrimEnd('\n').Split('\n'), line => Assert.Matches(
                new Regex("""^(# HELP [a-z_]+ .+|# TYPE [a-z_]+ (gauge|counter|summary)|[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? [0-9.E+-]+)$""", RegexOptions.CultureInvariant), line));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void No_series_is_there_twice()
    {
        var twice = Status with { Runs = [.. Status.Runs, SampleStatus.Run("db", RunPhase.Copying, 0, 3, 0, 0)] };
        var series = Render(twice).Split('\n').Where(line => line is not ['#', ..] and not "")
            .Select(line => line[..line.LastIndexOf(' ')]).ToList();

        Assert.Equal(series.Distinct(StringComparer.Ordinal), series);
    }
}
