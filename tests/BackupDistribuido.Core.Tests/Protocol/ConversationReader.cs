using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Tests.Protocol;

/// <summary>Cuts recorded bytes into frames with their payloads.</summary>
public static class ConversationReader
{
    /// <summary>The frames; all bytes must belong to one.</summary>
    public static List<(Frame Frame, byte[] Payload)> Read(byte[] bytes, Direction direction)
    {
        var frames = new List<(Frame, byte[])>();
        for (var at = 0; at < bytes.Length;)
        {
            Assert.True(FrameReader.TryRead(bytes.AsSpan(at), direction, out var frame, out var header),
                "a line has no end");
            at += header;
            frames.Add((frame, bytes[at..(at + frame.PayloadLength)]));
            at += frame.PayloadLength;
        }
        return frames;
    }
}
