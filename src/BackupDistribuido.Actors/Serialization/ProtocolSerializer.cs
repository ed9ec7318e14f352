using System.Text.Json;
using Akka.Actor;
using Akka.Serialization;

namespace BackupDistribuido.Actors.Serialization;

/// <summary>The messages of the system's <see cref="MessageTable"/> as JSON (RFC 8259), in UTF-8, long ones packed
/// (<see cref="PackedText"/>).</summary>
public sealed class ProtocolSerializer : SerializerWithStringManifest
{
    private readonly MessageTable _table;
    private readonly RefusedMessages _refused;

    /// <summary>Called by Akka.</summary>
    public ProtocolSerializer(ExtendedActorSystem system)
        : base(system)
    {
        _table = system.Settings.Setup.Get<MessageTable>().GetOrElse(null!) ?? new MessageTable(ProtocolJson.Default);
        _refused = new RefusedMessages(system);
    }

    /// <summary>Akka's own go up to 40; those below zero are other libraries'.</summary>
    public override int Identifier => 4053;

    /// <inheritdoc/>
    public override string Manifest(object o) => _table.ManifestOf(o) ?? throw _refused.Outgoing(o);

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) =>
        PackedText.Pack(JsonSerializer.SerializeToUtf8Bytes(obj, _table.JsonOf(Manifest(obj))!));

    /// <inheritdoc/>
    /// <exception cref="RefusedMessageException">The manifest is unknown, or the text is none of it.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        var json = _table.JsonOf(manifest ?? "")
            ?? throw _refused.Incoming(manifest ?? "", "is no message that this node knows");
        try
        {
            var text = PackedText.Unpack(bytes);
            RefuseNullsInLists(text);
            return JsonSerializer.Deserialize(text, json) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or FormatException or ArgumentException
            or NotSupportedException)
        {
            throw _refused.Incoming(manifest!, "is malformed", e);
        }
    }

    // No list of ours holds nulls, but the types of lists can't keep a deserializer from putting some in.
    private static void RefuseNullsInLists(byte[] bytes)
    {
        var json =
            new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = ProtocolJson.Default.Options.MaxDepth });
        for (var before = JsonTokenType.None; json.Read(); before = json.TokenType)
        {
            if (json.TokenType == JsonTokenType.Null && before != JsonTokenType.PropertyName)
                throw new JsonException("null in a list");
        }
    }
}
