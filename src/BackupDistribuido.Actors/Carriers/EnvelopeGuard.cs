using Akka.Actor;
using Google.Protobuf;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>
/// Holds a node to its own address. Akka believes the address that an association, each message's sender and some
/// system messages name; this looks at them before Akka does, and refuses what names another address than that of the
/// connection it came over. So an address that an actor sees is that of a connection, and of the peer at its other end.
/// </summary>
/// <remarks>
/// Field numbers are those of Akka.Remote's <c>WireFormats.proto</c>, <c>ContainerFormats.proto</c> and
/// <c>SystemMessageFormats.proto</c>. A field that comes twice is refused: parsers put such ones together, each in its
/// own way.
/// </remarks>
internal sealed class EnvelopeGuard(Address peer)
{
    private const int SystemMessages = 22;

    private readonly string _opening = peer + "/";

    /// <summary>Why a frame's payload is refused; null: it is not.</summary>
    public string? WhyNot(ByteString payload)
    {
        try
        {
            var (pdu, _) = Read(payload);
            var isOwn = (!pdu.TryGetValue(1, out var container) || IsOwnEnvelope(container))
                && (!pdu.TryGetValue(2, out var instruction) || IsOwnAssociation(instruction));
            return isOwn ? null : "it spoke as another node";
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException)
        {
            return "it sent what is no message";
        }
    }

    private bool IsOwnAssociation(ByteString instruction)
    {
        if (!Read(instruction).Bytes.TryGetValue(2, out var handshake)) return true;
        if (!Read(handshake).Bytes.TryGetValue(1, out var origin)) return false;
        var (texts, numbers) = Read(origin);
        string? Text(int field) => texts.TryGetValue(field, out var text) ? text.ToStringUtf8() : null;
        return Text(1) == peer.System && Text(2) == peer.Host && Text(4) is ControlAddress.Scheme
            && numbers.TryGetValue(3, out var port) && port == (ulong)peer.Port!;
    }

    private bool IsOwnEnvelope(ByteString container)
    {
        if (!Read(container).Bytes.TryGetValue(2, out var envelope)) return true;
        var (fields, _) = Read(envelope);
        if (fields.TryGetValue(4, out var sender) && !IsOwnActor(sender)) return false;
        return !fields.TryGetValue(2, out var message) || IsOwnMessage(message);
    }

    /// <summary>The watching actor, and the actor whose end is reported, must be the peer's.</summary>
    private bool IsOwnMessage(ByteString message)
    {
        var (bytes, numbers) = Read(message);
        if (!numbers.TryGetValue(2, out var serializer) || serializer != SystemMessages) return true;
        var named = bytes.TryGetValue(3, out var manifest) ? manifest.ToStringUtf8() : "";
        var field = named switch
        {
            "died" => 1,
            "watch" or "unwatch" => 2,
            // The serializer refuses it.
            _ => 0,
        };
        if (field == 0) return true;
        return bytes.TryGetValue(1, out var body) && Read(body).Bytes.TryGetValue(field, out var actor)
            && IsOwnActor(actor);
    }

    private bool IsOwnActor(ByteString actor) =>
        Read(actor).Bytes.TryGetValue(1, out var path) && path.ToStringUtf8() is var text
        && text.StartsWith(_opening, StringComparison.Ordinal)
        && ActorPath.TryParse(text, out var parsed) && parsed.Address.Equals(peer);

    private static (Dictionary<int, ByteString> Bytes, Dictionary<int, ulong> Numbers) Read(ByteString message)
    {
        var (bytes, numbers) = (new Dictionary<int, ByteString>(), new Dictionary<int, ulong>());
        var input = message.CreateCodedInput();
        for (uint tag; (tag = input.ReadTag()) != 0;)
        {
            var field = WireFormat.GetTagFieldNumber(tag);
            var isNew = WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.LengthDelimited => bytes.TryAdd(field, input.ReadBytes()),
                WireFormat.WireType.Varint => numbers.TryAdd(field, input.ReadUInt64()),
                _ => Skip(input),
            };
            if (!isNew) throw new InvalidDataException("a field comes twice");
        }
        return (bytes, numbers);
    }

    private static bool Skip(CodedInputStream input)
    {
        input.SkipLastField();
        return true;
    }
}
