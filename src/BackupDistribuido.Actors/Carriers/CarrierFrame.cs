using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>The kind of a <see cref="CarrierFrame"/>.</summary>
internal enum CarrierFrameKind : byte
{
    /// <summary>A new association begins.</summary>
    Open = 1,

    /// <summary>One PDU of Akka's for an association.</summary>
    Data = 2,

    /// <summary>An association ends.</summary>
    Close = 3,

    /// <summary>Nothing but that the sender lives.</summary>
    Alive = 4,
}

/// <summary>
/// One frame on a carrier: payload length (u32, little-endian), kind (u8), association (u32, little-endian), payload.
/// Only <see cref="CarrierFrameKind.Data"/> has one.
/// </summary>
internal readonly record struct CarrierFrame(CarrierFrameKind Kind, uint Association, ByteString Payload)
{
    /// <summary>Largest message that Akka may send, in bytes.</summary>
    public const int MaxMessage = 256 * 1024;

    /// <summary>Largest payload of a frame: a message in Akka's envelope.</summary>
    public const int MaxPayload = MaxMessage + 4096;

    /// <summary>Bytes before a payload.</summary>
    public const int HeaderSize = 9;

    /// <summary>Appends this frame.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        var header = output.GetSpan(HeaderSize);
        BinaryPrimitives.WriteInt32LittleEndian(header, Payload.Length);
        header[4] = (byte)Kind;
        BinaryPrimitives.WriteUInt32LittleEndian(header[5..], Association);
        output.Advance(HeaderSize);
        output.Write(Payload.Span);
    }

    /// <summary>Takes one frame off the front of <paramref name="input"/>; false if it is not all there yet.</summary>
    /// <exception cref="InvalidDataException">Not a valid frame; a bad length is refused before its bytes are
    /// awaited.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> input, out CarrierFrame frame)
    {
        frame = default;
        if (input.Length < HeaderSize) return false;
        Span<byte> header = stackalloc byte[HeaderSize];
        input.Slice(0, HeaderSize).CopyTo(header);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        var kind = (CarrierFrameKind)header[4];
        if (kind is < CarrierFrameKind.Open or > CarrierFrameKind.Alive)
            throw new InvalidDataException("it sent a frame of an unknown kind");
        if (length > (kind == CarrierFrameKind.Data ? MaxPayload : 0))
            throw new InvalidDataException("it sent a frame beyond the limit");
        if (input.Length < HeaderSize + length) return false;
        var payload = length == 0
            ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(input.Slice(HeaderSize, length).ToArray());
        frame = new CarrierFrame(kind, BinaryPrimitives.ReadUInt32LittleEndian(header[5..]), payload);
        input = input.Slice(HeaderSize + length);
        return true;
    }
}
