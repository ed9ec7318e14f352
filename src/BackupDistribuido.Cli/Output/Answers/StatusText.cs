using System.Globalization;
using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Hosting.Events;

namespace BackupDistribuido.Cli.Output.Answers;

/// <summary>A coordinator's status for people. As JSON it is a <see cref="Web.Pages.StatusDocument"/>.</summary>
internal static class StatusText
{
    private const int Columns = 80;

    /// <summary>
    /// A headline and tables: nodes, absent nodes, runs, all origins with their newest snapshots and the reasons why
    /// they are not simply protected.
    /// </summary>
    public static string Render(ClusterStatus status, DateTimeOffset now)
    {
        var text = new StringBuilder();
        var standings = status.Standings;
        text.Append(StandingWords.Headline(standings)).Append('\n');
        // Most look at it on 80 columns: one more only where it says something.
        string[] more = status.Nodes.Any(node => node.Newest is not null || node.Verified is not null)
            ? ["RE-READ"] : [];
        TextTable.Append(text, "Connected", "no node is connected",
            ["ROLE", "NAME", "ADDRESS", "SINCE", "FREE", .. more], status.Nodes.Select(node => new[]
        {
            node.Role.Code(), node.Name.ToString(), node.Address?.ToString() ?? "-",
            Words.Ago(now - node.Since), node.FreeBytes is { } free ? Words.Bytes(free) : "-", ReRead(node, now),
        }[..(5 + more.Length)]));
        foreach (var line in Asking(status)) text.Append(line).Append('\n');
        if (status.Absent is { Count: > 0 } absent)
        {
            TextTable.Append(text, "Not connected", "", ["ROLE", "NAME", "ADDRESS", "LAST SEEN"],
                absent.Select(node => new[]
            {
                "destination", node.Name.ToString(), node.Address.ToString(), $"{Words.Ago(now - node.LastSeen)} ago",
            }));
        }
        TextTable.Append(text, "Runs", "no run", ["ORIGIN", "SNAPSHOT", "STATE", "COPIES", "SAFE", "PLAN"],
            status.Runs.Select(run => new[]
        {
            run.Origin.ToString(), run.Snapshot.ToString(), run.Phase.Code(), Fraction(run.Copies, run.Required),
            Progress(run), run.Plan.ToString(),
        }));
        TextTable.Append(text, "Newest snapshots", "no origin is known",
            ["ORIGIN", "SNAPSHOT", "AGE", "COPIES", "STATE", "AT"], standings.Select(one => new[]
        {
            one.Origin.ToString(), one.Newest?.Snapshot.ToString() ?? "-", one.Newest is { } newest
                ? (newest.AgeAt(now) is { } age ? Words.Ago(age) : "unknown") : "-",
            Fraction(one.Newest?.Copies ?? 0, one.Required), StandingWords.Word(one.Standing), one.Newest is null
                ? "-" : Holders(one.Newest.Holders ?? [], now),
        }));
        foreach (var one in standings.Where(one => one.Reasons.Count > 0))
            AppendWrapped(text, $"{one.Origin}: {string.Join("; ", StandingWords.Sentences(one, now, Words.Ago))}");
        if (status.Warnings is { Count: > 0 } warnings) text.Append("\nWarnings\n");
        foreach (var warning in status.Warnings ?? []) AppendWrapped(text, warning.ToString());
        return text.ToString();
    }

    /// <summary>
    /// The words of an indented line, broken before <see cref="Columns"/>; further lines are indented more.
    /// </summary>
    private static void AppendWrapped(StringBuilder text, string words)
    {
        var column = 0;
        foreach (var word in words.Split(' '))
        {
            var isNew = column == 0 || column + 1 + word.Length > Columns;
            var before = column == 0 ? "  " : isNew ? "\n    " : " ";
            text.Append(before).Append(word);
            column = (isNew ? before.TrimStart('\n').Length : column + 1) + word.Length;
        }
        text.Append('\n');
    }

    /// <summary>Origins that wait for more destinations than there are: <c>photos asks for 3 copies; 2 destinations are
    /// connected</c>.</summary>
    private static IEnumerable<string> Asking(ClusterStatus status) => status.Nodes
        .Where(node => node.Role == NodeRole.Origin && node.Required > status.Connected
            && status.Runs.All(run => run.Origin != node.Name))
        .Select(node => string.Create(CultureInfo.InvariantCulture,
            $"{node.Name} asks for {Words.Count(node.Required!.Value, "copy")}; "
            + $"{Words.Count(status.Connected, "destination")} {(status.Connected == 1 ? "is" : "are")} connected"));

    /// <summary>How old a snapshot is.</summary>
    public static string Age(DateTime snapshot, DateTimeOffset now) => Words.Ago(now.UtcDateTime - snapshot);

    /// <summary><c>1/2</c>, or <c>1</c> where it is not known how many there should be.</summary>
    public static string Fraction(int copies, int? required) =>
        required is null
            ? copies.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{copies}/{required}");

    /// <summary>
    /// The holders of a snapshot: <c>nas (lacks 2 entries), cellar (offline, seen 3 h 00 min ago), attic (damaged)</c>.
    /// </summary>
    public static string Holders(IReadOnlyList<ReplicaHolder> holders, DateTimeOffset now) =>
        string.Join(", ", holders.Select(holder =>
    {
        string[] remarks = [.. holder.IsDamaged ? new[] { "damaged" } : [],
            .. holder.Missing is > 0 and var missing
                ? new[] { string.Create(CultureInfo.InvariantCulture,
                    $"lacks {missing} {(missing == 1 ? "entry" : "entries")}") } : [],
            .. holder.LastSeen is { } seen ? new[] { $"offline, seen {Words.Ago(now - seen)} ago" } : []];
        return remarks.Length == 0
            ? holder.Destination.ToString() : $"{holder.Destination} ({string.Join(", ", remarks)})";
    }));

    /// <summary>
    /// <c>57 %, 12.3 MiB/s, 45 s left</c>; for a run of an older coordinator, the figures that it has.
    /// </summary>
    private static string Progress(RunStatus run) =>
        run.Progress is not { } progress ? $"{Words.Bytes(run.BytesDone)} of {Words.Bytes(run.BytesTotal)}"
        : progress.IsReached ? "100 %"
        : string.Create(CultureInfo.InvariantCulture,
            $"{progress.Percent} %, "
            + $"{(progress.Wait is { } wait
                ? ProgressText.Wait(wait) : ProgressText.Pace(progress.Rate, progress.SecondsLeft))}");

    /// <summary>
    /// When a destination last re-read its snapshots: the oldest of these times. A snapshot that was only received has
    /// none.
    /// </summary>
    private static string ReRead(NodeStatus node, DateTimeOffset now) => node.Verified switch
    {
        null => node.Newest is null ? "-" : "not re-read",
        Verification.Damaged => "damaged",
        var sound => $"{Words.Ago(now - sound.Time)} ago",
    };
}
