using System.Globalization;
using System.Text;
using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Cli.Output;

/// <summary>A coordinator's status for people. As JSON it is a <see cref="Web.Pages.StatusDocument"/>.</summary>
internal static class StatusText
{
    /// <summary>Three tables: nodes, runs, newest snapshots.</summary>
    public static string Render(ClusterStatus status, DateTimeOffset now)
    {
        var text = new StringBuilder();
        Table(text, "Connected", "nobody is connected", ["ROLE", "NAME", "ADDRESS", "SINCE", "FREE"], status.Nodes.Select(node => new[]
        {
            Words.Of(node.Role), node.Name.ToString(), node.Address?.ToString() ?? "-",
            Words.Span(Math.Max(0, (now - node.Since).TotalSeconds)), node.FreeBytes is { } free ? Words.Bytes(free) : "-",
        }));
        Table(text, "Runs", "no run", ["ORIGIN", "SNAPSHOT", "STATE", "COPIES", "SENT", "PLAN"], status.Runs.Select(run => new[]
        {
            run.Origin.ToString(), run.Snapshot.ToString(), Words.Of(run.Phase), Fraction(run.Copies, run.Required),
            $"{Words.Bytes(run.BytesDone)} of {Words.Bytes(run.BytesTotal)}", run.Plan,
        }));
        Table(text, "Newest snapshots", "no connected destination has one", ["ORIGIN", "SNAPSHOT", "COPIES", ""], status.Snapshots.Select(snapshot => new[]
        {
            snapshot.Origin.ToString(), snapshot.Snapshot.ToString(), Fraction(snapshot.Copies, snapshot.Required), snapshot.IsProtected ? "protected" : "",
        }));
        return text.ToString().TrimStart('\n');
    }

    private static string Fraction(int copies, int? required) =>
        required is null ? copies.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{copies}/{required}");

    private static void Table(StringBuilder text, string title, string none, string[] heads, IEnumerable<string[]> rows)
    {
        var all = rows.ToList();
        text.Append('\n').Append(title).Append('\n');
        if (all.Count == 0)
        {
            text.Append("  ").Append(none).Append('\n');
            return;
        }
        all.Insert(0, heads);
        var widths = heads.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
            text.Append("  ").Append(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
    }
}
