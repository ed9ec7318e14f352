using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Events;

/// <summary>Events as JSON objects, each on one line, as the command line's contract names them; the time comes last.
/// Not thread-safe.</summary>
/// <param name="role">Whose events these are.</param>
public sealed class EventJson(NodeRole role)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _json = new(Stream.Null, Options);

    /// <summary>The line of an event that happened at <paramref name="time"/>, without its end; empty for one that JSON
    /// output does not have.</summary>
    public string Line(NodeEvent happened, DateTimeOffset time) =>
        happened is Recalled || EventDescriptors.Of(happened) is not { } descriptor ? ""
            : Line(descriptor.Name, time, to => descriptor.Tell(happened, to));

    /// <summary>The line that says that so many events before the next one were left out, without its end.</summary>
    public string Missed(long count, DateTimeOffset time) =>
        Line(EventDescriptors.Dropped, time, to => to.Number("count", count));

    private string Line(string name, DateTimeOffset time, Action<IEventFields> tell)
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteString("event"u8, name);
        var fields = new JsonFields(_json, role == NodeRole.Coordinator);
        tell(fields);
        fields.End();
        _json.WriteString("time"u8, Time(time));
        _json.WriteEndObject();
        _json.Flush();
        return HarmlessText.OfJson(Encoding.UTF8.GetString(_buffer.WrittenSpan));
    }

    /// <summary>A time in UTC with milliseconds: <c>2026-11-22T16:33:05.120Z</c>.</summary>
    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private sealed class JsonFields(Utf8JsonWriter json, bool namesOrigins) : IEventFields
    {
        private bool _isEncoded;

        public void Text(string name, ReasonValue value) => json.WriteString(name, value.Text);

        public void Number(string name, long value) => json.WriteNumber(name, value);

        public void Number(string name, double value) => json.WriteNumber(name, value);

        public void Flag(string name, bool value) => json.WriteBoolean(name, value);

        public void Reason(string name, Reason why) => ReasonFields.Write(json, name, why);

        public void List(string name, IEnumerable<string> values)
        {
            json.WriteStartArray(name);
            foreach (var value in values) json.WriteStringValue(value);
            json.WriteEndArray();
        }

        public void Path(TreePath path)
        {
            (var text, _isEncoded) = PathText.Display(path.Bytes);
            json.WriteString("path"u8, text);
        }

        public void Whose(NodeName origin)
        {
            if (namesOrigins) json.WriteString("origin"u8, origin.ToString());
        }

        public void ForText(string name, PhrasePart part) { }

        public void ForJson(Action<Utf8JsonWriter> write) => write(json);

        public void End()
        {
            if (_isEncoded) json.WriteBoolean("encoded"u8, true);
        }
    }
}
