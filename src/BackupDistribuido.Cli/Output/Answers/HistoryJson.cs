using System.Globalization;
using System.Text;
using System.Text.Json;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Cli.Output.Answers;

/// <summary>Answers of a coordinator as one JSON object on a line, with the keys of <c>bdist status --output json</c>.
/// Times are UTC, sizes bytes.</summary>
internal static class HistoryJson
{
    /// <summary>
    /// <c>{"event":"runs","runs":[…]}</c>; fields known only at the end of a run are left out before.
    /// </summary>
    public static string Runs(RunsAnswer answer, DateTimeOffset now) => Object("runs", now, json =>
    {
        json.WriteStartArray("runs"u8);
        foreach (var run in answer.Runs)
        {
            json.WriteStartObject();
            json.WriteString("run"u8, run.Run.ToString());
            json.WriteString("origin"u8, run.Origin.ToString());
            json.WriteString("snapshot"u8, run.Snapshot.ToString());
            json.WriteString("outcome"u8, HistoryText.Outcome(run, answer));
            json.WriteNumber("copies"u8, run.Copies);
            json.WriteNumber("required"u8, run.Required);
            json.WriteNumber("epochs"u8, run.Epochs);
            json.WriteString("begun"u8, Time(run.Begun));
            if (run.Ended is { } ended)
            {
                json.WriteString("ended"u8, Time(ended));
                json.WriteNumber("files"u8, run.Totals.Files);
                json.WriteNumber("bytes"u8, run.Totals.Bytes);
                json.WriteNumber("skipped"u8, run.Skipped);
                json.WriteNumber("seconds"u8, Math.Round(run.Seconds, 3));
                ReasonFields.Write(json, "reason", run.Reason);
                if (run.Work is { } work) WorkJson.Write(json, work);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>
    /// <c>{"event":"snapshots","snapshots":[…]}</c>; fields that only catalogues have are left out if there is none.
    /// </summary>
    /// <param name="listing">Which snapshots are missing from the list; null: an older coordinator does not
    /// say.</param>
    public static string Snapshots(
        IReadOnlyList<SnapshotHistory> snapshots, SnapshotListing? listing, DateTimeOffset now) =>
        Object("snapshots", now, json =>
    {
        json.WriteStartArray("snapshots"u8);
        foreach (var snapshot in snapshots)
        {
            json.WriteStartObject();
            json.WriteString("origin"u8, snapshot.Origin.ToString());
            json.WriteString("snapshot"u8, snapshot.Snapshot.ToString());
            if (snapshot.Tree?.Digest is { } digest) json.WriteString("seal"u8, digest.ToString());
            if (snapshot.Tree?.Entries is { } entries) json.WriteNumber("entries"u8, entries);
            if (snapshot.Tree?.Files is { } files) json.WriteNumber("files"u8, files);
            if (snapshot.Tree?.Bytes is { } bytes) json.WriteNumber("bytes"u8, bytes);
            json.WriteNumber("copies"u8, snapshot.Copies);
            if (snapshot.Required is { } required) json.WriteNumber("required"u8, required);
            json.WriteBoolean("protected"u8, snapshot.IsProtected);
            Web.Pages.StatusDocument.WriteHolders(json, snapshot.Holders);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (listing is null) return;
        json.WriteStartArray("newestOnly"u8);
        foreach (var name in listing.OnlyNewest) json.WriteStringValue(name.ToString());
        json.WriteEndArray();
        json.WriteNumber("leftOut"u8, listing.LeftOut);
    });

    /// <summary>
    /// The result of <c>bdist wait</c>; <paramref name="newest"/> null: the origin has no snapshot;
    /// <paramref name="standing"/> null: the origin is unknown.
    /// </summary>
    public static string Verdict(string outcome, NodeName origin, SnapshotStatus? newest, int? copies,
        OriginStanding? standing, IEnumerable<string> reasons, DateTimeOffset now) => Object(outcome, now, json =>
    {
        json.WriteString("origin"u8, origin.ToString());
        if (newest is not null) json.WriteString("snapshot"u8, newest.Snapshot.ToString());
        json.WriteNumber("copies"u8, newest?.Copies ?? 0);
        if ((copies ?? newest?.Required) is { } required) json.WriteNumber("required"u8, required);
        if (standing is not null) json.WriteString("standing"u8, StandingWords.Code(standing.Standing));
        json.WriteStartArray("reasons"u8);
        foreach (var reason in reasons) json.WriteStringValue(reason);
        json.WriteEndArray();
        json.WriteStartArray("reasonCodes"u8);
        foreach (var reason in standing?.Reasons ?? []) json.WriteStringValue(StandingWords.Code(reason));
        json.WriteEndArray();
    });

    private static string Object(string kind, DateTimeOffset now, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("event"u8, kind);
            write(json);
            json.WriteString("time"u8, Time(now));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
