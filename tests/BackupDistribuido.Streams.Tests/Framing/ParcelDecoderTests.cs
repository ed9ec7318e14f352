using System.Text;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Tests.Conversations;
using CsCheck;

namespace BackupDistribuido.Streams.Tests.Framing;

public class ParcelDecoderTests
{
    private static readonly Frame[] Small = [new PageFrame(0, 0, 2, 40, Frames.Digest), new DataFrame(0, 0, 5),
        new EndFrame(0, 5, Frames.Digest), new OmitFrame(1, Core.Trees.Omission.Vanished), Frames.Seal];

    private readonly BufferPool _pool = new();

    [Fact]
    public void The_frames_are_the_same_wherever_the_input_is_split()
    {
        var bytes = Frames.Bytes(Small);
        for (var first = 1; first < bytes.Length; first++)
        {
            Assert.Equal(Small, Decode(Direction.Down, bytes[..first], bytes[first..]));
        }
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void The_frames_are_the_same_byte_by_byte()
    {
        Assert.Equal(Small, Decode(Direction.Down, [.. Frames.Bytes(Small).Select(b => new[] { b })]));
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Any_frames_in_any_pieces_come_out_as_they_went_in() =>
        Gen.Select(Gen.Int[0, WireLimits.DataBytes].Array[1, 12], Gen.Int[1, 300_000].Array[1, 8]).Sample(
            (lengths, pieces) =>
            {
                var frames =
                    lengths.Select((length, i) => (Frame)new DataFrame(i, i, length)).Append(Frames.Seal).ToArray();
                var bytes = Frames.Bytes(frames);
                var parts = new List<byte[]>();
                for (var (at, i) = (0, 0); at < bytes.Length; i++)
                {
                    var count = Math.Min(pieces[i % pieces.Length], bytes.Length - at);
                    parts.Add(bytes[at..(at + count)]);
                    at += count;
                }
                Assert.Equal(frames, Decode(Direction.Down, [.. parts]));
                Assert.Equal(0, _pool.Outstanding);
            },
            iter: 60, threads: 1);

    [Fact]
    public void A_parcel_may_outlive_many_buffers()
    {
        using var decoder = new ParcelDecoder(_pool, Direction.Down, LinkProfile.Newest.Plain);
        var kept = new List<Parcel>();
        for (var i = 0; i < 20; i++) kept.AddRange(Feed(decoder, Frames.Bytes(new DataFrame(i, 0, 200_000))));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (Frame)new DataFrame(i, 0, 200_000)),
            kept.SelectMany(Frames.Open));
    }

    [Theory]
    [InlineData("DATA 1 0 -1\n", ErrorCode.Syntax)]
    [InlineData("DATA 1 0 2147483648\n", ErrorCode.Limit)]
    [InlineData("DATA 1 0 9223372036854775808\n", ErrorCode.Syntax)]
    [InlineData("DATA 1 0 262145\n", ErrorCode.Limit)]
    [InlineData("GET / HTTP/1.1\r\n", ErrorCode.Syntax)]
    [InlineData("NEED 0 0\n", ErrorCode.Syntax)]
    [InlineData("WELCOME 1 0123456789abcdef 3 copy-1 0\n", ErrorCode.Syntax)]
    public void A_breach_is_told_after_the_whole_frames_before_it(string breach, ErrorCode code)
    {
        byte[] bytes = [.. Frames.Bytes(Small), .. Encoding.ASCII.GetBytes(breach)];
        for (var first = 1; first < bytes.Length; first++)
        {
            using var decoder = new ParcelDecoder(_pool, Direction.Down, LinkProfile.Newest.Plain);
            var frames = new List<Frame>();
            var thrown = Assert.Throws<ProtocolException>(() =>
            {
                frames.AddRange(Feed(decoder, bytes[..first]).SelectMany(Frames.Open));
                frames.AddRange(Feed(decoder, bytes[first..]).SelectMany(Frames.Open));
                decoder.Space(out _);
            });
            Assert.Equal(code, thrown.Code);
            Assert.Equal(Small, frames);
        }
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void A_header_without_end_is_refused_at_its_limit()
    {
        using var decoder = new ParcelDecoder(_pool, Direction.Down, LinkProfile.Newest.Plain);
        Assert.Empty(Feed(decoder, [.. Enumerable.Repeat((byte)'x', WireLimits.HeaderBytes - 1)]));
        Assert.Equal(ErrorCode.Limit, Assert.Throws<ProtocolException>(() => Feed(decoder, "x"u8.ToArray())).Code);
    }

    [Fact]
    public void A_second_greeting_is_out_of_order() =>
        Assert.Equal(ErrorCode.Order,
            Assert.Throws<ProtocolException>(() => Decode(Direction.Down, Frames.Bytes(Frames.Hello))).Code);

    [Fact]
    public void Nothing_may_follow_DONE()
    {
        Assert.Equal([Frames.Done], Decode(Direction.Up, Frames.Bytes(Frames.Done)));
        Assert.Equal(ErrorCode.Order,
            Assert.Throws<ProtocolException>(() =>
                Decode(Direction.Up, Frames.Bytes(Frames.Done, AliveFrame.Instance))).Code);
    }

    [Fact]
    public void Nothing_may_follow_SEAL()
    {
        Frame[] after =
            [Frames.Seal, new DataFrame(0, 0, 5), AliveFrame.Instance, new LackFrame(0, ContentLack.Unknown)];
        foreach (var frame in after)
        {
            Assert.Equal(ErrorCode.Order, Assert.Throws<ProtocolException>(() =>
                Decode(Direction.Down, Frames.Bytes(Frames.Seal, frame))).Code);
        }
    }

    [Fact]
    public void Where_content_is_in_force_answers_may_follow_SEAL_and_nothing_else()
    {
        Frame[] answers = [Frames.Seal, new DataFrame(0, 0, 5), new HoleFrame(0, 5, 2), AliveFrame.Instance,
            new EndFrame(0, 7, Frames.Digest), new LackFrame(1, ContentLack.Damaged)];

        Assert.Equal(answers, Decode(LinkProfile.Newest, Direction.Down, Frames.Bytes(answers)));
        Assert.Equal(ErrorCode.Order, Assert.Throws<ProtocolException>(() =>
            Decode(LinkProfile.Newest, Direction.Down, Frames.Bytes(Frames.Seal, Frames.Seal))).Code);
        Assert.Equal(ErrorCode.Order, Assert.Throws<ProtocolException>(() => Decode(LinkProfile.Newest, Direction.Down,
            Frames.Bytes(new LackFrame(0, ContentLack.Unknown)))).Code);
    }

    [Fact]
    public void Content_is_asked_for_only_where_that_is_in_force()
    {
        var want = new WantFrame(0, Frames.Digest, 12, 3, 0);

        Assert.Equal([want, Frames.Done], Decode(LinkProfile.Newest, Direction.Up, Frames.Bytes(want, Frames.Done)));
        Assert.Equal(ErrorCode.Order,
            Assert.Throws<ProtocolException>(() => Decode(Direction.Up, Frames.Bytes(want))).Code);
    }

    [Fact]
    public void An_ERROR_line_is_the_other_sides_failure()
    {
        var thrown = Assert.Throws<LinkException>(() =>
            Decode(Direction.Down, Frames.Bytes(new ErrorFrame(ErrorCode.Storage, Reason.Text("disk is full")))));
        Assert.Equal((ErrorCode.Storage, "disk is full", true), (thrown.Code, thrown.Message, thrown.IsFromPeer));
    }

    [Fact]
    public void The_end_of_the_input_within_a_frame_or_before_SEAL_is_an_error()
    {
        var bytes = Frames.Bytes(Small);
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            Assert.Equal(ErrorCode.Truncated,
                Assert.Throws<ProtocolException>(() => Decode(Direction.Down, bytes[..cut])).Code);
        }
        Assert.Equal(0, _pool.Outstanding);
    }

    private Frame[] Decode(Direction direction, params byte[][] parts) =>
        Decode(LinkProfile.Newest.Plain, direction, parts);

    private Frame[] Decode(LinkProfile profile, Direction direction, params byte[][] parts)
    {
        using var decoder = new ParcelDecoder(_pool, direction, profile);
        var frames = new List<Frame>();
        foreach (var part in parts) frames.AddRange(Feed(decoder, part).SelectMany(Frames.Open));
        decoder.End();
        return [.. frames];
    }

    private static List<Parcel> Feed(ParcelDecoder decoder, byte[] bytes)
    {
        var parcels = new List<Parcel>();
        for (var rest = bytes.AsMemory(); !rest.IsEmpty;)
        {
            var space = decoder.Space(out _);
            var count = Math.Min(space.Length, rest.Length);
            rest[..count].CopyTo(space);
            rest = rest[count..];
            if (decoder.Take(count) is { } parcel) parcels.Add(parcel);
        }
        return parcels;
    }
}
