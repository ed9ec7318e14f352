using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;

namespace BackupDistribuido.Streams.Tests.Conversations;

/// <summary>Frames and their bytes for tests.</summary>
internal static class Frames
{
    public static readonly Sha256Digest Digest = Sha256Digest.Parse(new string('a', 64));
    public static readonly RunId Run = RunId.Parse("0123456789abcdef");
    public static readonly HelloFrame Hello = new(
        Run, new Epoch(3), Secret(), NodeName.Parse("origin"), NodeName.Parse("copy-1"),
            SnapshotId.Parse("20261122T163305Z"));
    public static readonly WelcomeFrame Welcome = new(Run, new Epoch(3), NodeName.Parse("copy-1"), 0);
    public static readonly SealFrame Seal = new(3, 1, 300, Digest);
    public static readonly DoneFrame Done = new(Digest);

    public static byte[] Bytes(params Frame[] frames) =>
        [.. frames.SelectMany(frame => (byte[])[.. FrameWriter.Header(frame), .. Payload(frame)])];

    /// <summary>The payload that tests give this frame; it depends on the frame.</summary>
    public static byte[] Payload(Frame frame)
    {
        var payload = new byte[frame.PayloadLength];
        var seed = frame is DataFrame data ? (byte)(data.Entry * 7 + data.Offset) : (byte)3;
        for (var i = 0; i < payload.Length; i++) payload[i] = (byte)(seed + i);
        return payload;
    }

    /// <summary>The frames in one parcel.</summary>
    public static Parcel Parcel(BufferPool pool, params Frame[] frames)
    {
        using var builder = new ParcelBuilder(pool);
        foreach (var frame in frames) builder.Append(frame, Payload(frame));
        return builder.Take()!;
    }

    /// <summary>The parcel's frames, each with its payload checked; the parcel is released.</summary>
    public static IEnumerable<Frame> Open(Parcel parcel)
    {
        foreach (var slice in parcel.Frames)
            Assert.True(parcel.Payload(slice).Span.SequenceEqual(Payload(slice.Frame)), $"payload of {slice.Frame}");
        parcel.Release();
        return parcel.Frames.Select(s => s.Frame);
    }

    private static LinkSecret Secret() =>
        LinkSecret.TryParse(new string('5', 64), out var secret) ? secret : throw new InvalidOperationException();
}
