using System.Globalization;
using System.Text.Json;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Core.Events;

/// <summary>
/// The work of a run, as fields of an open JSON object. Unknown values are left out; sizes are bytes, times UTC.
/// </summary>
public static class WorkJson
{
    /// <summary><c>"bytesSent":…,"bytesRead":…,"firstRun":…,"changes":{…},"received":…,…</c>.</summary>
    public static void Write(Utf8JsonWriter json, RunWork work)
    {
        json.WriteNumber("bytesSent"u8, work.Sent);
        if (work.Source is { } source)
        {
            json.WriteNumber("bytesRead"u8, source.BytesRead);
            json.WriteBoolean("firstRun"u8, source.IsFirst);
            if (source.Changes is { } changes) Write(json, changes);
        }
        if (work.Intake is { } intake) Write(json, intake);
    }

    /// <summary><c>"bytesSent":…,"received":…,…</c>.</summary>
    public static void Write(Utf8JsonWriter json, ReplicaResult one)
    {
        json.WriteNumber("bytesSent"u8, one.Sent);
        if (one.Intake is { } intake) Write(json, intake);
    }

    /// <summary>A run's destinations, its id, and its work:
    /// <c>"destinations":[…],"run":…,"bytesSent":…,…</c>.</summary>
    public static void Write(Utf8JsonWriter json, RunSummary end)
    {
        json.WriteStartArray("destinations"u8);
        foreach (var destination in end.Destinations)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, destination.Name.ToString());
            json.WriteString("state"u8, destination.State.Code());
            ReasonFields.Write(json, "reason", destination.Reason);
            Write(json, destination);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("run"u8, end.Run.ToString());
        Write(json, end.Work);
    }

    private static void Write(Utf8JsonWriter json, TreeChanges changes)
    {
        json.WriteStartObject("changes"u8);
        json.WriteString("since"u8, changes.Since.ToString());
        json.WriteNumber("new"u8, changes.New);
        json.WriteNumber("changed"u8, changes.Changed);
        json.WriteNumber("metadataOnly"u8, changes.MetadataOnly);
        json.WriteNumber("unchanged"u8, changes.Unchanged);
        json.WriteNumber("removed"u8, changes.Removed);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReplicaIntake intake)
    {
        json.WriteNumber("received"u8, intake.ReceivedFiles);
        json.WriteNumber("bytesReceived"u8, intake.ReceivedBytes);
        json.WriteNumber("linked"u8, intake.LinkedFiles);
        json.WriteNumber("bytesLinked"u8, intake.LinkedBytes);
        if (intake.LastRead is { } read)
            json.WriteString("lastRead"u8,
                read.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }
}
