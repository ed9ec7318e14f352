using System.Globalization;
using System.Net;
using System.Text;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Web.Pages;

/// <summary>A coordinator's status as one HTML page: no script, nothing fetched from anywhere, everything that comes from outside escaped.</summary>
public static class StatusPage
{
    /// <summary>After so many seconds a browser asks again.</summary>
    public const int RefreshSeconds = 5;

    /// <summary>The page. <paramref name="now"/> is what ages are counted from; times are shown in UTC.</summary>
    public static string Render(ClusterStatus status, DateTimeOffset now, Language language)
    {
        var words = Wording.Of(language);
        var page = new StringBuilder(8192);
        Head(page, words);
        Top(page, status, now, words);
        Section(page, words.Runs, words.NoRuns, status.Runs, run => Run(run, words, language));
        Section(page, words.Snapshots, words.NoSnapshots, status.Snapshots, snapshot => Snapshot(snapshot, now, words));
        Section(page, words.Destinations, words.NoDestinations, [.. status.Nodes.Where(node => node.Role == NodeRole.Destination)], node => Node(node, now, words, language));
        Section(page, words.Origins, words.NoOrigins, [.. status.Nodes.Where(node => node.Role == NodeRole.Origin)], node => Node(node, now, words, language));
        page.Append(Invariant($"<footer><p>{words.Note}</p><p><a href=\"/?lang={(language == Language.Spanish ? "en" : "es")}\">{words.Other}</a> · <a href=\"/status.json\">status.json</a></p></footer>\n</main>\n</body>\n</html>\n"));
        return page.ToString();
    }

    private static void Head(StringBuilder page, Wording words) => page.Append(Invariant($"""
        <!DOCTYPE html>
        <html lang="{words.Code}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="refresh" content="{RefreshSeconds}">
        <title>bdist · {words.Title}</title>
        <style>
        {StatusStyle.Text}
        </style>
        </head>
        <body>
        <main>

        """));

    private static void Top(StringBuilder page, ClusterStatus status, DateTimeOffset now, Wording words) => page.Append(Invariant($"""
        <header>
        <h1>bdist</h1>
        <p class="count"><strong>{status.Connected}</strong> {words.ConnectedNoun(status.Connected)}</p>
        <p class="when">{words.Refreshed} <time datetime="{now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}">{now.UtcDateTime:HH:mm:ss} UTC</time></p>
        </header>

        """));

    private static void Section<T>(StringBuilder page, string title, string none, IReadOnlyList<T> items, Func<T, string> render)
    {
        page.Append(Invariant($"<section>\n<h2>{title}{(items.Count > 1 ? Invariant($" <small>{items.Count}</small>") : "")}</h2>\n"));
        if (items.Count == 0) page.Append(Invariant($"<p class=\"none\">{none}</p>\n"));
        else page.Append("<ul>\n").AppendJoin("", items.Select(item => $"<li>{render(item)}</li>\n")).Append("</ul>\n");
        page.Append("</section>\n");
    }

    private static string Run(RunStatus run, Wording words, Language language)
    {
        var percent = Figures.Percent(run.BytesDone, run.BytesTotal);
        var (state, label) = run.Phase == RunPhase.Waiting ? ("warn", words.Waiting) : run.Phase == RunPhase.Protected ? ("good", words.Protected) : ("busy", words.Copying);
        return Row(run.Origin.ToString(), run.Plan.Length > 0 ? $"{run.Snapshot} · {run.Plan}" : run.Snapshot.ToString(), Copies(run.Copies, run.Required, words), Badge(state, label))
            + Invariant($"<div class=\"bar\"><progress max=\"100\" value=\"{percent}\" aria-label=\"{label}\"></progress><span>{percent} % · {Figures.Bytes(run.BytesDone, language)} / {Figures.Bytes(run.BytesTotal, language)}</span></div>");
    }

    private static string Snapshot(SnapshotStatus snapshot, DateTimeOffset now, Wording words)
    {
        var badge = snapshot.Required is null ? Badge("plain", words.Unknown) : snapshot.IsProtected ? Badge("good", words.Protected) : Badge("bad", words.AtRisk);
        var age = Figures.Span(now.UtcDateTime - snapshot.Snapshot.Time);
        return Row(snapshot.Origin.ToString(), $"{snapshot.Snapshot} · {words.Ago(age)}", Copies(snapshot.Copies, snapshot.Required, words), badge);
    }

    private static string Node(NodeStatus node, DateTimeOffset now, Wording words, Language language) => Row(
        node.Name.ToString(), node.Address?.ToString() ?? "",
        node.FreeBytes is { } free ? $"{Figures.Bytes(free, language)} {words.Free}" : "",
        $"<span class=\"age\">{words.For} {Figures.Span(now - node.Since)}</span>");

    private static string Row(string name, string detail, string figure, string badge) =>
        $"<div class=\"row\"><b>{Escape(name)}</b><span class=\"detail\">{Escape(detail)}</span><span class=\"figure\">{Escape(figure)}</span>{badge}</div>";

    private static string Copies(int copies, int? required, Wording words) =>
        Invariant($"{copies}{(required is null ? "" : Invariant($"/{required}"))} {words.Copies}");

    private static string Badge(string state, string label) => $"<span class=\"badge {state}\">{label}</span>";

    internal static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
