using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Web.Components.History;
using Bunit;

namespace BackupDistribuido.Web.Tests.Components;

public sealed class HistoryPageTests : RenderedPage
{
    /// <summary>The newest first, as the record tells them.</summary>
    private static readonly RunHistory[] Runs =
    [
        Run("mail", "20261122T190000Z", null, 0, 0, 0, Reason.None),
        Run("laptop", "20261122T180000Z", RunOutcome.AtRisk, 1, 3 << 20, 90, RunReason.OriginLeft),
        Run("laptop", "20261122T170000Z", RunOutcome.Protected, 2, 1 << 20, 0.42, Reason.None),
    ];

    private static RunHistory Run(string origin, string snapshot, RunOutcome? outcome, int copies, long bytes,
        double seconds, Reason reason) => new(
        RunId.New(), NodeName.Parse(origin), SnapshotId.Parse(snapshot), 2, SampleStatus.Now.AddHours(-1),
            outcome is null
                ? null : SampleStatus.Now, outcome, copies)
        {
            Totals = new TreeTotals(1300, 1234, bytes),
            Skipped = 0,
            Seconds = seconds,
            Epochs = 1,
            Reason = reason,
        };

    [Theory]
    [InlineData(Language.English, "Duration", "Bytes", "Copies", "0.4 s", "1.0 MiB", "3.0 MiB")]
    [InlineData(Language.Spanish, "Duración", "Bytes", "Copias", "0,4 s", "1,0 MiB", "3,0 MiB")]
    public void The_charts_have_each_run_that_is_over_the_oldest_first(Language language, string duration, string bytes,
        string copies, string took, string first, string second)
    {
        Queries.Runs = Runs;

        var page = Show<HistoryPage>(Coordinator(SampleStatus.Nobody), language);

        string[] runs = ["laptop 20261122T170000Z", "laptop 20261122T180000Z"];
        var charts = page.FindAll("figure.chart");
        Assert.Equal([duration, bytes, copies],
            charts.Select(chart => chart.QuerySelector("figcaption")!.FirstChild!.TextContent.Trim()));
        string[][] figures = [[took, "1 min"], [first, second], ["2/2", "1/2"]];
        for (var i = 0; i < charts.Count; i++)
        {
            Assert.Equal(runs.Zip(figures[i], (run, figure) => $"{run}: {figure}"),
                charts[i].QuerySelectorAll("rect title").Select(title => title.TextContent));
            Assert.Equal(figures[i][^1], charts[i].QuerySelector("figcaption small")!.TextContent);
            Assert.Equal(["good", "bad"], charts[i].QuerySelectorAll("rect").Select(bar => bar.ClassName));
        }
        // The third of it is a third as high.
        var heights = charts[1].QuerySelectorAll("rect")
            .Select(bar => double.Parse(bar.GetAttribute("height")!, System.Globalization.CultureInfo.InvariantCulture))
            .ToList();
        Assert.Equal(3, heights[1] / heights[0], 2);
    }

    [Theory]
    [InlineData(Language.English, "at risk 1/2", "the origin left", "1,234", "end unknown 0/2")]
    [InlineData(Language.Spanish, "en riesgo 1/2", "el origen se despidió", "1.234", "final desconocido 0/2")]
    public void Each_run_is_told_with_its_outcome_and_why(Language language, string outcome, string why, string files,
        string unheard)
    {
        Queries.Runs = Runs;

        var rows = Show<HistoryPage>(Coordinator(SampleStatus.Nobody), language).FindAll("tbody tr");

        Assert.Equal(3, rows.Count);
        Assert.Equal(unheard, rows[0].QuerySelector(".badge")!.TextContent);
        Assert.Equal((outcome, why),
            (rows[1].QuerySelector(".badge")!.TextContent, rows[1].QuerySelector(".why")!.TextContent));
        Assert.Contains(files, rows[1].TextContent, StringComparison.Ordinal);
        Assert.Equal($"/run/{Runs[2].Run}", rows[2].QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public void The_origins_can_be_looked_at_one_by_one()
    {
        Queries.Runs = [.. Runs, Run("mail", "20261121T170000Z", RunOutcome.Protected, 2, 7, 3, Reason.None)];
        var page = Show<HistoryPage>(Coordinator(SampleStatus.Nobody), Language.English);
        Assert.Equal(4, page.FindAll("tbody tr").Count);

        page.Find("select").Change("mail");

        Assert.Equal(["mail", "mail"], page.FindAll("tbody tr th").Select(name => name.TextContent));
        Assert.Equal(["mail 20261121T170000Z: 2/2"],
            page.FindAll("figure.chart")[2].QuerySelectorAll("rect title").Select(title => title.TextContent));
    }
}
