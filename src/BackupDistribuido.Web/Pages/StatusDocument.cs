using System.Globalization;
using System.Text;
using System.Text.Json;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Web.Pages;

/// <summary>A coordinator's status as one JSON object, with the keys of <c>bdist status --output json</c>. Times are
/// UTC, sizes bytes.</summary>
public static class StatusDocument
{
    /// <summary>The object on one line, without an end of line.</summary>
    public static string Render(ClusterStatus status, DateTimeOffset now)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("event"u8, "status"u8);
            json.WriteNumber("connected"u8, status.Connected);
            json.WriteBoolean("protected"u8, status.IsAllProtected);
            Array(json, "nodes", status.Nodes, node => Node(json, node));
            Array(json, "absent", status.Absent ?? [], node => Absent(json, node));
            Array(json, "runs", status.Runs, run => Run(json, run));
            Array(json, "snapshots", status.Snapshots, snapshot => Snapshot(json, snapshot));
            Array(json, "origins", status.Standings, origin => Origin(json, origin, now));
            if (status.Worst is { } worst) json.WriteString("standing"u8, StandingWords.Code(worst));
            json.WriteString("headline"u8, StandingWords.Headline(status.Standings));
            json.WriteStartArray("warnings"u8);
            foreach (var warning in status.Warnings ?? []) json.WriteStringValue(warning.ToString());
            json.WriteEndArray();
            json.WriteStartArray("warningCodes"u8);
            foreach (var warning in status.Warnings ?? []) json.WriteStringValue(warning.Code);
            json.WriteEndArray();
            json.WriteString("time"u8, Time(now));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Node(Utf8JsonWriter json, NodeStatus node)
    {
        json.WriteString("role"u8, node.Role.Code());
        json.WriteString("name"u8, node.Name.ToString());
        if (node.Address is { } address) json.WriteString("address"u8, address.ToString());
        json.WriteString("since"u8, Time(node.Since));
        if (node.FreeBytes is { } free) json.WriteNumber("free"u8, free);
        if (node.Newest is not null || node.Verified is not null) WriteVerified(json, node.Verified);
    }

    private static void Run(Utf8JsonWriter json, RunStatus run)
    {
        json.WriteString("origin"u8, run.Origin.ToString());
        json.WriteString("snapshot"u8, run.Snapshot.ToString());
        json.WriteString("state"u8, run.Phase.Code());
        json.WriteNumber("copies"u8, run.Copies);
        json.WriteNumber("required"u8, run.Required);
        json.WriteNumber("bytesDone"u8, run.BytesDone);
        json.WriteNumber("bytesTotal"u8, run.BytesTotal);
        json.WriteString("run"u8, run.Run.ToString());
        if (run.Progress is { } progress) Progress(json, progress);
        if (!run.Plan.IsNone) json.WriteString("plan"u8, run.Plan.ToString());
        Array(json, "destinations", run.Members ?? [], member =>
        {
            json.WriteString("name"u8, member.Name.ToString());
            json.WriteString("state"u8, member.Standing.Code());
            Copy(json, member.Of(run.BytesTotal));
            if (!member.Reason.IsNone) ReasonFields.Write(json, "reason", member.Reason);
        });
    }

    /// <summary>Unknown values are left out.</summary>
    private static void Progress(Utf8JsonWriter json, RunProgress progress)
    {
        json.WriteNumber("percent"u8, progress.Percent);
        json.WriteNumber("bytesSafe"u8, progress.Safe);
        json.WriteNumber("bytesWanted"u8, progress.Total);
        if (progress.Again > 0) json.WriteNumber("bytesAgain"u8, progress.Again);
        Pace(json, progress.Rate, progress.SecondsLeft);
        if (progress.Wait is not { } wait) return;
        json.WriteStartArray("waitsFor"u8);
        foreach (var name in wait.For) json.WriteStringValue(name.ToString());
        json.WriteEndArray();
        if (wait.SecondsLeft is { } left) json.WriteNumber("waitSeconds"u8, Math.Round(left, 1));
    }

    private static void Copy(Utf8JsonWriter json, CopyProgress copy)
    {
        json.WriteNumber("percent"u8, copy.Percent);
        json.WriteNumber("bytesDone"u8, copy.Done);
        Pace(json, copy.Rate, copy.SecondsLeft);
    }

    private static void Pace(Utf8JsonWriter json, double? rate, double? left)
    {
        if (rate is { } bytes) json.WriteNumber("bytesPerSecond"u8, Math.Round(bytes));
        if (left is { } seconds) json.WriteNumber("secondsLeft"u8, Math.Round(seconds, 1));
    }

    private static void Snapshot(Utf8JsonWriter json, SnapshotStatus snapshot)
    {
        json.WriteString("origin"u8, snapshot.Origin.ToString());
        json.WriteString("snapshot"u8, snapshot.Snapshot.ToString());
        json.WriteNumber("copies"u8, snapshot.Copies);
        if (snapshot.Required is { } required) json.WriteNumber("required"u8, required);
        json.WriteBoolean("protected"u8, snapshot.IsProtected);
        if (snapshot.Disks is { } disks) json.WriteNumber("disks"u8, disks);
        if (snapshot.NewestProtected is { } newest) json.WriteString("newestProtected"u8, newest.ToString());
        WriteHolders(json, snapshot.Holders ?? []);
    }

    /// <summary>How it stands with an origin, in one word, and why.</summary>
    private static void Origin(Utf8JsonWriter json, OriginStanding origin, DateTimeOffset now)
    {
        json.WriteString("name"u8, origin.Origin.ToString());
        json.WriteString("standing"u8, StandingWords.Code(origin.Standing));
        json.WriteBoolean("protected"u8, origin.IsProtected);
        if (origin.Required is { } required) json.WriteNumber("required"u8, required);
        json.WriteNumber("copies"u8, origin.Newest?.Copies ?? 0);
        if (origin.Newest is { } newest) json.WriteString("snapshot"u8, newest.Snapshot.ToString());
        if (origin.ProtectedSnapshot is { } safe) json.WriteString("newestProtected"u8, safe.ToString());
        if (origin.Last is { } last)
        {
            json.WriteStartObject("lastRun"u8);
            json.WriteString("outcome"u8, StandingWords.Code(last.Outcome));
            json.WriteString("time"u8, Time(last.Time));
            if (last.Snapshot is { } wanted) json.WriteString("snapshot"u8, wanted.ToString());
            json.WriteNumber("copies"u8, last.Copies);
            json.WriteNumber("required"u8, last.Required);
            json.WriteNumber("skipped"u8, last.Skipped);
            json.WriteNumber("missing"u8, last.Missing);
            ReasonFields.Write(json, "reason", last.Reason);
            json.WriteEndObject();
        }
        json.WriteStartArray("reasons"u8);
        foreach (var sentence in StandingWords.Sentences(origin, now, Ago)) json.WriteStringValue(sentence);
        json.WriteEndArray();
        json.WriteStartArray("reasonCodes"u8);
        foreach (var reason in origin.Reasons) json.WriteStringValue(StandingWords.Code(reason));
        json.WriteEndArray();
    }

    private static string Ago(TimeSpan time) => Figures.Span(time);

    private static void Absent(Utf8JsonWriter json, AbsentNode node)
    {
        json.WriteString("role"u8, "destination"u8);
        json.WriteString("name"u8, node.Name.ToString());
        json.WriteString("address"u8, node.Address.ToString());
        json.WriteString("lastSeen"u8, Time(node.LastSeen));
    }

    /// <summary>A snapshot that was only received is "not re-read".</summary>
    private static void WriteVerified(Utf8JsonWriter json, Verification? verified)
    {
        json.WriteString("checked"u8,
            verified switch { null => "not-re-read", Verification.Damaged => "damaged", _ => "re-read" });
        if (verified is null) return;
        json.WriteString("lastVerified"u8, Time(verified.Time));
        json.WriteBoolean("damaged"u8, verified is Verification.Damaged);
        if (verified is not Verification.Damaged damaged) return;
        json.WriteNumber("damagedEntries"u8, damaged.Entries);
        json.WriteString("firstDamaged"u8, damaged.First);
    }

    /// <summary>
    /// Writes <c>"destinations":[…]</c>: the holders of a snapshot, when absent ones were last seen, how many entries
    /// their replicas lack, if known, and the result of re-reading.
    /// </summary>
    public static void WriteHolders(Utf8JsonWriter json, IReadOnlyList<ReplicaHolder> holders) =>
        Array(json, "destinations", holders, holder =>
    {
        json.WriteString("name"u8, holder.Destination.ToString());
        if (holder.LastSeen is { } seen) json.WriteString("lastSeen"u8, Time(seen));
        if (holder.Missing is { } missing) json.WriteNumber("missing"u8, missing);
        WriteVerified(json, holder.Verified);
        if (holder.Stored is { } stored) json.WriteString("stored"u8, Time(stored));
    });

    private static void Array<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
