using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Hosting.Events;

/// <summary>Events as JSON objects, each on one line, as the command line's contract names them; the time comes last.
/// Not thread-safe.</summary>
/// <param name="role">Whose events these are.</param>
public sealed class EventJson(NodeRole role)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _json = new(Stream.Null, Options);

    /// <summary>The line of an event that happened at <paramref name="time"/>, without its end.</summary>
    public string Line(NodeEvent happened, DateTimeOffset time) => Line(time, () => Write(happened));

    /// <summary>The line that says that so many events before the next one were left out, without its end.</summary>
    public string Missed(long count, DateTimeOffset time) => Line(time, () =>
    {
        Event("dropped");
        _json.WriteNumber("count"u8, count);
    });

    private string Line(DateTimeOffset time, Action fields)
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _json.WriteStartObject();
        fields();
        _json.WriteString("time"u8, Time(time));
        _json.WriteEndObject();
        _json.Flush();
        return HarmlessText.OfJson(Encoding.UTF8.GetString(_buffer.WrittenSpan));
    }

    /// <summary>A time in UTC with milliseconds: <c>2026-11-22T16:33:05.120Z</c>.</summary>
    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private void Write(NodeEvent happened)
    {
        switch (happened)
        {
            case Listening e:
                Event("listening", ("what", e.What), ("address", e.Address.ToString()));
                break;
            case Connected e:
                Event("connected", ("coordinator", e.Coordinator.ToString()));
                break;
            case Disconnected e:
                Event("disconnected", ("coordinator", e.Coordinator.ToString()), ("reason", e.Reason.ToString()));
                break;
            case NodeJoined e:
                Event("joined", ("role", Words.Of(e.Role)), ("name", e.Name.ToString()));
                _json.WriteNumber("connected"u8, e.Connected);
                break;
            case NodeLeft e:
                Event("left", ("role", Words.Of(e.Role)), ("name", e.Name.ToString()), ("reason", e.Reason.ToString()));
                _json.WriteNumber("connected"u8, e.Connected);
                break;
            case DestinationsChanged e:
                Event("destinations");
                _json.WriteNumber("connected"u8, e.Connected);
                _json.WriteNumber("required"u8, e.Required);
                break;
            case RunStarted e:
                Event("run-started", ("run", e.Run.ToString()), ("snapshot", e.Snapshot.ToString()));
                _json.WriteNumber("epoch"u8, e.Epoch.Number);
                _json.WriteString("topology"u8, e.Topology);
                Whose(e.Origin);
                break;
            case ReceptionStarted e:
                Event("receiving", ("origin", e.Origin.ToString()), ("snapshot", e.Snapshot.ToString()),
                    ("run", e.Run.ToString()));
                if (e.Tree is not { } tree) break;
                _json.WriteNumber("files"u8, tree.Files);
                _json.WriteNumber("bytes"u8, tree.Bytes);
                break;
            case ReceptionEnded e:
                Event("reception-ended", ("origin", e.Origin.ToString()), ("snapshot", e.Snapshot.ToString()),
                    ("run", e.Run.ToString()));
                _json.WriteBoolean("stored"u8, e.Problem is null);
                _json.WriteString("reason"u8, e.Problem?.ToString() ?? "");
                break;
            case RunPaused e:
                Event("run-paused", ("run", e.Run.ToString()), ("snapshot", e.Snapshot.ToString()));
                Whose(e.Origin);
                break;
            case FileStored e:
                Event("file-stored");
                PathThen(e.Path, () => _json.WriteNumber("copies"u8, e.Copies));
                break;
            case DestinationLost e:
                Event("destination-lost", ("destination", e.Destination.ToString()), ("reason", e.Reason.ToString()));
                break;
            case EntrySkipped e:
                Event("skipped");
                PathThen(e.Path, () => _json.WriteString("reason"u8, Words.Of(e.Why)));
                break;
            case SnapshotsRemoved e:
                Event("snapshots-removed", ("origin", e.Origin.ToString()));
                _json.WriteStartArray("snapshots"u8);
                foreach (var snapshot in e.Snapshots) _json.WriteStringValue(snapshot.ToString());
                _json.WriteEndArray();
                break;
            case ReplicaResumed e:
                Event("replica-resumed", ("origin", e.Origin.ToString()), ("snapshot", e.Snapshot.ToString()));
                _json.WriteNumber("files"u8, e.Kept.Files);
                _json.WriteNumber("bytes"u8, e.Kept.Bytes);
                break;
            case ReplicaPublished e:
                Event("replica-stored", ("origin", e.Origin.ToString()), ("snapshot", e.Snapshot.ToString()));
                _json.WriteNumber("files"u8, e.Totals.Files);
                _json.WriteNumber("bytes"u8, e.Totals.Bytes);
                _json.WriteString("folder"u8, e.Folder);
                break;
            case ReplicaVerified e:
                Verified("replica-verified", e.Origin, e.Snapshot, e.Destination);
                _json.WriteNumber("unread"u8, e.Found.Unread);
                break;
            case ReplicaDamaged e:
                Verified("replica-damaged", e.Origin, e.Snapshot, e.Destination);
                _json.WriteNumber("entries"u8, e.Found.Entries);
                _json.WriteString("first"u8, e.Found.First);
                break;
            case ReplicaCounted e:
                Event("replica-counted", ("destination", e.Destination.ToString()),
                    ("snapshot", e.Snapshot.ToString()));
                Copies(e.Copies, e.Required);
                break;
            case SnapshotProtected e:
                Event("protected", ("snapshot", e.Snapshot.ToString()));
                Copies(e.Copies, e.Required);
                Whose(e.Origin);
                break;
            case RunFinished e:
                Finished(e.Summary);
                Whose(e.Origin);
                break;
            case SnapshotAtRisk e:
                Event("at-risk", ("snapshot", e.Snapshot.ToString()));
                Copies(e.Copies, e.Required);
                Whose(e.Origin);
                break;
            case SnapshotTooOld e:
                Event("too-old", ("snapshot", e.Snapshot.ToString()));
                _json.WriteNumber("seconds"u8, Math.Round(e.Age.TotalSeconds));
                Whose(e.Origin);
                break;
            case PagesOpened e:
                Event("pages", ("url", e.Url));
                break;
            case Warned e:
                Event("warning", ("message", e.Message.ToString()));
                break;
        }
    }

    private void Finished(RunSummary end)
    {
        Event("run-finished", ("snapshot", end.Snapshot.ToString()), ("outcome", Words.Of(end.Outcome)));
        Copies(end.Copies, end.Required);
        _json.WriteNumber("files"u8, end.Totals.Files);
        _json.WriteNumber("bytes"u8, end.Totals.Bytes);
        _json.WriteNumber("skipped"u8, end.Skipped);
        _json.WriteNumber("seconds"u8, Math.Round(end.Seconds, 3));
        _json.WriteNumber("exit"u8, (int)RunExit.Of(end));
        _json.WriteString("reason"u8, end.Reason.ToString());
        _json.WriteStartArray("destinations"u8);
        foreach (var destination in end.Destinations)
        {
            _json.WriteStartObject();
            _json.WriteString("name"u8, destination.Name.ToString());
            _json.WriteString("state"u8, Words.Of(destination.State));
            _json.WriteString("reason"u8, destination.Reason.ToString());
            WorkJson.Write(_json, destination);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
        _json.WriteString("run"u8, end.Run.ToString());
        WorkJson.Write(_json, end.Work);
    }

    private void Event(string name, params ReadOnlySpan<(string Name, string Value)> texts)
    {
        _json.WriteString("event"u8, name);
        foreach (var (field, value) in texts) _json.WriteString(field, value);
    }

    private void Verified(string name, NodeName origin, SnapshotId snapshot, NodeName? destination)
    {
        Event(name, ("origin", origin.ToString()), ("snapshot", snapshot.ToString()));
        if (destination is { } where) _json.WriteString("destination"u8, where.ToString());
    }

    private void Copies(int copies, int required)
    {
        _json.WriteNumber("copies"u8, copies);
        _json.WriteNumber("required"u8, required);
    }

    private void PathThen(TreePath path, Action field)
    {
        var (text, encoded) = PathText.Display(path.Bytes);
        _json.WriteString("path"u8, text);
        field();
        if (encoded) _json.WriteBoolean("encoded"u8, true);
    }

    // A coordinator has the runs of several origins.
    private void Whose(NodeName origin)
    {
        if (role == NodeRole.Coordinator) _json.WriteString("origin"u8, origin.ToString());
    }
}
