using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Web.Metrics;

namespace BackupDistribuido.Web.Tests.Metrics;

/// <summary>What is shipped for operators speaks of metrics that exist.</summary>
public sealed class OperationsFilesTests
{
    private static readonly Regex Name = new(@"\bbdist_[a-z_]+", RegexOptions.CultureInvariant);

    [Theory]
    [InlineData("operations/alerts.yml")]
    [InlineData("operations/grafana.json")]
    [InlineData("operations.md")]
    public void Its_metrics_exist(string file)
    {
        var known = Name.Matches(Everything()).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        var used =
            Name.Matches(File.ReadAllText(Path.Combine(Docs(), file))).Select(match => match.Value).Distinct().ToList();

        Assert.NotEmpty(used);
        Assert.Empty(used.Except(known));
    }

    /// <summary>A document that has every metric.</summary>
    private static string Everything()
    {
        var nas = NodeName.Parse("nas");
        NodeEvent[] all =
        [
            MetricsStateTests.Finished(RunOutcome.AtRisk, 1),
                new ReplicaCounted(nas, SnapshotId.Parse("20261122T163305Z"), 1, 2),
                    new DestinationLost(nas, Reason.Text("gone")),
                    new NodeLeft(NodeRole.Destination, nas, Reason.Text("gone"), 0),
        ];
        var status = SampleStatus.Many with
        {
            Runs = [SampleStatus.Chain("db") with { Progress = new RunProgress(1, 2,
            false) }],
            Absent =
                    [new AbsentNode(NodeName.Parse("away"), NodeAddress.Parse("10.0.0.9:4054"), SampleStatus.Now)]
        };
        return MetricsDocument.Render(status,
            all.Aggregate(MetricsState.Empty, (state, one) => state.After(one, SampleStatus.Now)), SampleStatus.Now,
                SampleStatus.Now);
    }

    private static string Docs([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs"));
}
