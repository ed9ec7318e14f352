using System.Globalization;
using System.Text;
using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Cli.Output;

/// <summary>A coordinator's status for people. As JSON it is a <see cref="Web.Pages.StatusDocument"/>.</summary>
internal static class StatusText
{
    /// <summary>Tables: nodes, those who are not connected, runs, newest snapshots.</summary>
    public static string Render(ClusterStatus status, DateTimeOffset now)
    {
        var text = new StringBuilder();
        // Most look at it on 80 columns: one more only where it says something.
        string[] more = status.Nodes.Any(node => node.Verified is not null) ? ["VERIFIED"] : [];
        TextTable.Append(text, "Connected", "nobody is connected", ["ROLE", "NAME", "ADDRESS", "SINCE", "FREE", .. more], status.Nodes.Select(node => new[]
        {
            Words.Of(node.Role), node.Name.ToString(), node.Address?.ToString() ?? "-",
            Words.Ago(now - node.Since), node.FreeBytes is { } free ? Words.Bytes(free) : "-", Verified(node.Verified, now),
        }[..(5 + more.Length)]));
        if (status.Absent is { Count: > 0 } absent)
        {
            TextTable.Append(text, "Not connected", "", ["ROLE", "NAME", "ADDRESS", "LAST SEEN"], absent.Select(node => new[]
            {
                "destination", node.Name.ToString(), node.Address.ToString(), $"{Words.Ago(now - node.LastSeen)} ago",
            }));
        }
        TextTable.Append(text, "Runs", "no run", ["ORIGIN", "SNAPSHOT", "STATE", "COPIES", "SAFE", "PLAN"], status.Runs.Select(run => new[]
        {
            run.Origin.ToString(), run.Snapshot.ToString(), Words.Of(run.Phase), Fraction(run.Copies, run.Required),
            Progress(run), run.Plan,
        }));
        TextTable.Append(text, "Newest snapshots", "no destination has one", ["ORIGIN", "SNAPSHOT", "AGE", "COPIES", "STATE", "AT"], status.Snapshots.Select(snapshot => new[]
        {
            snapshot.Origin.ToString(), snapshot.Snapshot.ToString(), Age(snapshot.Snapshot.Time, now), Fraction(snapshot.Copies, snapshot.Required),
            State(snapshot, status), Holders(snapshot.Holders ?? [], now),
        }));
        return text.ToString().TrimStart('\n');
    }

    /// <summary>How old a snapshot is.</summary>
    public static string Age(DateTime snapshot, DateTimeOffset now) => Words.Ago(now.UtcDateTime - snapshot);

    /// <summary><c>1/2</c>, or <c>1</c> where it is not known how many there should be.</summary>
    public static string Fraction(int copies, int? required) =>
        required is null ? copies.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{copies}/{required}");

    /// <summary>Who has a snapshot: <c>nas, cellar (seen 3 h 00 min ago), attic (damaged)</c>.</summary>
    public static string Holders(IReadOnlyList<ReplicaHolder> holders, DateTimeOffset now) => string.Join(", ", holders.Select(holder =>
    {
        string[] remarks = [.. holder.IsDamaged ? new[] { "damaged" } : [], .. holder.LastSeen is { } seen ? new[] { $"seen {Words.Ago(now - seen)} ago" } : []];
        return remarks.Length == 0 ? holder.Destination.ToString() : $"{holder.Destination} ({string.Join(", ", remarks)})";
    }));

    /// <summary><c>57 %, 12.3 MiB/s, 45 s left</c>; of an older coordinator's run what it says.</summary>
    private static string Progress(RunStatus run) => run.Progress is not { } progress ? $"{Words.Bytes(run.BytesDone)} of {Words.Bytes(run.BytesTotal)}"
        : progress.IsReached ? "100 %"
        : string.Create(CultureInfo.InvariantCulture, $"{progress.Percent} %, {(progress.Wait is { } wait ? ProgressText.Wait(wait) : ProgressText.Pace(progress.Rate, progress.SecondsLeft))}");

    private static string Verified(Verification? verified, DateTimeOffset now) => verified switch
    {
        null => "-",
        Verification.Damaged => "damaged",
        _ => $"{Words.Ago(now - verified.Time)} ago",
    };

    private static string State(SnapshotStatus snapshot, ClusterStatus status) => status.StandingOf(snapshot) switch
    {
        SnapshotStanding.Protected => "protected",
        SnapshotStanding.Copying => "copying",
        SnapshotStanding.AtRisk => "at risk",
        _ => "unknown",
    };
}
