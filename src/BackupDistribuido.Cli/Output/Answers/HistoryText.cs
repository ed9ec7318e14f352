using System.Globalization;
using System.Text;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Hosting.Events;

namespace BackupDistribuido.Cli.Output.Answers;

/// <summary>Runs and snapshots of a record for people. As JSON they are <see cref="HistoryJson"/>.</summary>
internal static class HistoryText
{
    /// <summary>A table of runs.</summary>
    public static string Runs(RunsAnswer answer, DateTimeOffset now)
    {
        var text = new StringBuilder();
        TextTable.Append(text, "", "no run",
            ["RUN", "ORIGIN", "SNAPSHOT", "AGE", "OUTCOME", "COPIES", "FILES", "BYTES", "NEW", "CHANGED", "METADATA",
                "UNCHANGED", "REMOVED", "READ", "SENT", "LINKED", "TIME", "EPOCHS", "REASON"],
                    answer.Runs.Select(run => new[]
        {
            run.Run.ToString(), run.Origin.ToString(), run.Snapshot.ToString(), Words.Ago(now - run.Begun),
                Outcome(run, answer), StatusText.Fraction(run.Copies, run.Required),
            run.Outcome is null
                ? "-" : run.Totals.Files.ToString("N0", CultureInfo.InvariantCulture), run.Outcome is null
                ? "-" : Words.Bytes(run.Totals.Bytes),
            // Of a first run every file is new.
            Number(run.Work?.Source is { IsFirst: true } ? run.Totals.Files : run.Work?.Source?.Changes?.New),
                Number(run.Work?.Source?.Changes?.Changed), Number(run.Work?.Source?.Changes?.MetadataOnly),
                    Number(run.Work?.Source?.Changes?.Unchanged), Number(run.Work?.Source?.Changes?.Removed),
            Size(run.Work?.Source?.BytesRead), Size(run.Work?.Sent), Number(run.Work?.Intake?.LinkedFiles),
            run.Outcome is null
                ? "-" : Words.Span(run.Seconds), run.Epochs.ToString(CultureInfo.InvariantCulture),
                run.Reason.ToString(),
        }));
        return text.ToString();
    }

    private static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "-";

    private static string Size(long? bytes) => bytes is { } known ? Words.Bytes(known) : "-";

    /// <summary>A table of snapshots.</summary>
    public static string Snapshots(IReadOnlyList<SnapshotHistory> snapshots, DateTimeOffset now)
    {
        var text = new StringBuilder();
        TextTable.Append(text, "", "no snapshot",
            ["ORIGIN", "SNAPSHOT", "AGE", "FILES", "BYTES", "RE-READ", "COPIES", "STATE", "AT"],
            snapshots.Select(snapshot => new[]
        {
            snapshot.Origin.ToString(), snapshot.Snapshot.ToString(), StatusText.Age(snapshot.Snapshot.Time, now),
            Number(snapshot.Tree?.Files), Size(snapshot.Tree?.Bytes), ReRead(snapshot.Holders, now),
            StatusText.Fraction(snapshot.Copies, snapshot.Required),
            snapshot.Required is null
                ? "unknown" : snapshot.IsProtected ? "protected" : "at risk", StatusText.Holders(snapshot.Holders, now),
        }));
        return text.ToString();
    }

    /// <summary>When the sound replica that waits longest was read again. Of damaged ones the holders say it.</summary>
    private static string ReRead(IReadOnlyList<ReplicaHolder> holders, DateTimeOffset now)
    {
        var sound = holders.Where(one => !one.IsDamaged).ToList();
        return sound.Count == 0 ? "-" : sound.Exists(one => one.Verified is null) ? "not re-read"
            : $"{Words.Ago(now - sound.Min(one => one.Verified!.Time))} ago";
    }

    /// <summary>The gaps of a list of all snapshots, one sentence each.</summary>
    /// <param name="listing">The coordinator's account of the list; null: it is an older one.</param>
    public static IEnumerable<string> NotListed(SnapshotListing? listing)
    {
        if (listing is null)
        {
            yield return "this coordinator is an older version: it lists the newest snapshots of its record only";
            yield break;
        }
        if (listing.OnlyNewest.Count > 0)
            yield return $"of {string.Join(", ", listing.OnlyNewest)} only the newest snapshots are known";
        if (listing.LeftOut > 0)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{listing.LeftOut:N0} snapshots at destinations, the oldest, are left out: the coordinator keeps ")
                + "no more in memory";
    }

    /// <summary>How a run ended, or that it is under way; <c>unknown</c> where the coordinator did not hear its
    /// end.</summary>
    public static string Outcome(RunHistory run, RunsAnswer answer) =>
        run.Outcome is { } outcome ? outcome.Code() : answer.Live.Contains(run.Run) ? "copying" : "unknown";
}
