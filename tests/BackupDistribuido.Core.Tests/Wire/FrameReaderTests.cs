using System.Text;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Wire;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Wire;

public class FrameReaderTests
{
    private const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public void Every_frame_down_is_read_as_it_was_written() =>
        GenFrame.Down.Sample(frame => RoundTrips(frame, Direction.Down));

    [Fact]
    public void Every_frame_up_is_read_as_it_was_written() =>
        GenFrame.Up.Sample(frame => RoundTrips(frame, Direction.Up));

    [Fact]
    public void A_line_that_is_not_whole_wants_more_bytes_wherever_it_is_cut() => GenFrame.Down.Sample(
        frame =>
        {
            var line = FrameWriter.Header(frame);
            for (var cut = 0; cut < line.Length; cut++)
                Assert.False(FrameReader.TryRead(line.AsSpan(0, cut), Direction.Down, out _, out _));
        },
        iter: 200);

    [Fact]
    public void What_follows_the_line_is_not_looked_at()
    {
        var line = FrameWriter.Header(new DataFrame(7, 0, 10));
        Assert.True(FrameReader.TryRead([.. line, 0, 255, 10, 13, .. new byte[2000]], Direction.Down, out var frame,
            out var length));
        Assert.Equal((new DataFrame(7, 0, 10), line.Length), (frame, length));
    }

    [Theory]
    // DATA = "DATA" SP entry SP offset SP length LF
    [InlineData("DATA 0 0 -1")]
    [InlineData("DATA 0 0 +1")]
    [InlineData("DATA 0 0 01")]
    [InlineData("DATA 0 0 00")]
    [InlineData("DATA 0 0 1.0")]
    [InlineData("DATA 0 0 1e3")]
    [InlineData("DATA 0 0 0x10")]
    [InlineData("DATA 0 0 1,000")]
    [InlineData("DATA 0 0 9223372036854775808")]
    [InlineData("DATA 0 0 18446744073709551616")]
    [InlineData("DATA 0 0 99999999999999999999999999999999999999")]
    [InlineData("DATA 0 9223372036854775808 1")]
    [InlineData("DATA 10000000000 0 1")]
    [InlineData("DATA -1 0 1")]
    [InlineData("DATA 0 0")]
    [InlineData("DATA 0 0 ")]
    [InlineData("DATA 0 0 1 ")]
    [InlineData("DATA 0 0 1 2")]
    [InlineData("DATA  0 0 1")]
    [InlineData(" DATA 0 0 1")]
    [InlineData("DATA\t0 0 1")]
    [InlineData("DATA 0 0 1\r")]
    [InlineData("data 0 0 1")]
    [InlineData("DATA")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\0")]
    [InlineData("NOPE 1 2 3")]
    // END = "END" SP entry SP size SP digest LF
    [InlineData("END 0 0 abc")]
    [InlineData("END 0 0 0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("END 0 0 " + Digest + "0")]
    [InlineData("OMIT 0 because")]
    [InlineData("PAGE 1000000000 0 0 0")]
    [InlineData("SEAL 0 0 " + Digest)]
    [InlineData("HELLO 1")]
    [InlineData("HELLO 1 0123456789abcdef 1 short a b 20261122T163305Z")]
    [InlineData("HELLO 1 0123456789abcdef 1 " + Digest + " .a b 20261122T163305Z")]
    [InlineData("HELLO 1 0123456789abcdef 1 " + Digest + " a ../b 20261122T163305Z")]
    [InlineData("HELLO 1 0123456789abcdef 1 " + Digest + " a b yesterday")]
    [InlineData("ERROR")]
    [InlineData("ERROR storage")]
    [InlineData("ERROR storage bell\u0007")]
    public void What_is_not_in_the_grammar_is_refused(string line) =>
        Assert.Equal(ErrorCode.Syntax, Refusal(line, Direction.Down));

    [Theory]
    [InlineData("DATA 0 0 262145", Direction.Down)]
    [InlineData("DATA 0 0 2147483647", Direction.Down)]
    [InlineData("DATA 0 0 2147483648", Direction.Down)]
    [InlineData("DATA 0 0 4294967296", Direction.Down)]
    [InlineData("DATA 0 0 9223372036854775807", Direction.Down)]
    [InlineData("PAGE 0 0 1025 0", Direction.Down)]
    [InlineData("PAGE 0 0 4294967297 0", Direction.Down)]
    [InlineData("PAGE 0 0 1 262145", Direction.Down)]
    [InlineData("AGAIN 0 262145", Direction.Down)]
    [InlineData("NEED 0 32769", Direction.Up)]
    public void What_is_over_its_limit_is_refused(string line, Direction direction) =>
        Assert.Equal(ErrorCode.Limit, Refusal(line, direction));

    [Fact]
    public void Another_version_is_refused_as_such()
    {
        Assert.Equal(ErrorCode.Version,
            Refusal("HELLO 3 0123456789abcdef 1 " + Digest + " a b 20261122T163305Z", Direction.Down));
        Assert.Equal(ErrorCode.Version, Refusal("WELCOME 0 0123456789abcdef 1 a 0", Direction.Up));
        // Whatever a later version's greeting looks like.
        Assert.Equal(ErrorCode.Version, Refusal("HELLO 7 something new", Direction.Down));
    }

    [Fact]
    public void Version_1_has_no_digests_of_pages_no_parents_that_live_and_no_content_by_digest()
    {
        Assert.True(FrameReader.TryRead("PAGE 0 0 1 30\n"u8, Direction.Down, out var page, out _, 1));
        Assert.Equal(new PageFrame(0, 0, 1, 30), page);
        Assert.Equal("PAGE 0 0 1 30\n"u8, FrameWriter.Header(page));
        foreach (var (line, direction) in new[] { ("ALIVE\n", Direction.Down), ("LACK 0 damaged\n", Direction.Down),
            ($"WANT 0 {Digest} 1 - 0\n", Direction.Up), ($"PAGE 0 0 1 30 {Digest}\n", Direction.Down) })
        {
            var bytes = Encoding.ASCII.GetBytes(line);
            Assert.True(line.StartsWith("PAGE", StringComparison.Ordinal)
                || FrameReader.TryRead(bytes, direction, out _, out _));
            Assert.Equal(ErrorCode.Syntax, Assert.Throws<ProtocolException>(() =>
                FrameReader.TryRead(bytes, direction, out _, out _, 1)).Code);
        }
        var hello = "HELLO 1 0123456789abcdef 1 " + Digest + " a b 20261122T163305Z\n";
        Assert.True(FrameReader.TryRead(Encoding.ASCII.GetBytes(hello), Direction.Down, out var greeting, out _));
        Assert.Equal(LinkProfile.First, Assert.IsType<HelloFrame>(greeting).Profile);
        Assert.Equal(hello, Encoding.ASCII.GetString(FrameWriter.Header(greeting)));
    }

    [Fact]
    public void A_frame_may_not_travel_the_other_way()
    {
        GenFrame.Down.Where(frame => frame is not (ErrorFrame or AliveFrame))
            .Sample(frame => Assert.Equal(ErrorCode.Syntax, Refusal(FrameWriter.Header(frame), Direction.Up)),
                iter: 200);
        GenFrame.Up.Where(frame => frame is not (ErrorFrame or AliveFrame))
            .Sample(frame => Assert.Equal(ErrorCode.Syntax, Refusal(FrameWriter.Header(frame), Direction.Down)),
                iter: 200);
    }

    [Fact]
    public void A_line_without_end_is_refused_at_its_limit()
    {
        var endless = Enumerable.Repeat((byte)'D', WireLimits.HeaderBytes).ToArray();
        Assert.False(FrameReader.TryRead(endless.AsSpan(1), Direction.Down, out _, out _));
        Assert.Equal(ErrorCode.Limit,
            Assert.Throws<ProtocolException>(() => FrameReader.TryRead(endless, Direction.Down, out _, out _)).Code);
        // An LF behind the limit does not help.
        Assert.Equal(ErrorCode.Limit,
            Assert.Throws<ProtocolException>(() =>
                FrameReader.TryRead([.. endless, (byte)'\n'], Direction.Down, out _, out _)).Code);
    }

    [Fact]
    public void Any_bytes_are_a_frame_or_a_ProtocolException() =>
        Gen.Select(Gen.Byte.Array[0, 600], Gen.Bool).Sample((bytes, down) =>
    {
        try
        {
            FrameReader.TryRead(bytes, down ? Direction.Down : Direction.Up, out _, out _);
        }
        catch (ProtocolException e)
        {
            Assert.All(e.Message, c => Assert.InRange(c, ' ', '~'));
        }
    });

    /// <summary>Letters that a person could read are no ASCII either: an Arabic percent sign in a verb, Latin-1 and an
    /// ellipsis about a name.</summary>
    [Theory]
    [InlineData("DATA \u00d9\u00aa 0 12")]
    [InlineData("\u00d9\u00aa")]
    [InlineData("WELCOME 1 0123456789abcdef 1 n\u00e9s 0")]
    [InlineData("WELCOME 1 0123456789abcdef 1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 0")]
    public void What_is_said_about_a_line_is_printable_ASCII(string line)
    {
        foreach (var direction in Enum.GetValues<Direction>())
        {
            var refused = Assert.Throws<ProtocolException>(() =>
                FrameReader.TryRead(Encoding.Latin1.GetBytes(line + "\n"), direction, out _, out _));
            Assert.All(refused.Message, c => Assert.InRange(c, ' ', '~'));
        }
    }

    [Fact]
    public void A_mutated_line_is_a_frame_or_a_ProtocolException() =>
        Gen.Select(GenFrame.Down, Gen.Int[0, 600], Gen.Byte).Sample((frame, at, octet) =>
        {
            var line = FrameWriter.Header(frame);
            line[at % line.Length] = octet;
            try
            {
                if (FrameReader.TryRead(line, Direction.Down, out var read, out _))
                    Assert.InRange(read.PayloadLength, 0, WireLimits.PayloadBytes);
            }
            catch (ProtocolException)
            {
            }
        });

    [Fact]
    public void An_errors_text_is_made_to_fit()
    {
        var line =
            FrameWriter.Header(new ErrorFrame(ErrorCode.Storage,
                Reason.Text("no space\nleft on dévice " + new string('x', 1000))));
        Assert.True(FrameReader.TryRead(line, Direction.Up, out var frame, out _));
        var text = Assert.IsType<ErrorFrame>(frame).Reason.ToString();
        Assert.StartsWith("no space left on d%C3%A9vice x", text, StringComparison.Ordinal);
        Assert.Equal(WireLimits.ErrorTextBytes, text.Length);
        Assert.True(FrameReader.TryRead(FrameWriter.Header(new ErrorFrame(ErrorCode.Storage, Reason.None)),
            Direction.Up,
            out frame, out _));
        Assert.Equal(new ErrorFrame(ErrorCode.Storage, Reason.Text("-")), frame);
    }

    private static void RoundTrips(Frame frame, Direction direction)
    {
        var line = FrameWriter.Header(frame);
        Assert.InRange(line.Length, 1, WireLimits.HeaderBytes);
        Assert.True(FrameReader.TryRead(line, direction, out var read, out var length));
        Assert.Equal((frame, line.Length), (read, length));
    }

    private static ErrorCode Refusal(string line, Direction direction) =>
        Refusal(Encoding.Latin1.GetBytes(line + "\n"), direction);

    private static ErrorCode Refusal(byte[] line, Direction direction) =>
        Assert.Throws<ProtocolException>(() => FrameReader.TryRead(line, direction, out _, out _)).Code;
}
