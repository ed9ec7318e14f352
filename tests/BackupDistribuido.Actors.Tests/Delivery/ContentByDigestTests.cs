using System.Text;
using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Tests.Destination.Fixtures;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Actors.Tests.Delivery;

/// <summary>Behind the seal a child asks an origin for content by its digest (docs/protocol.md, "Content by
/// digest").</summary>
public sealed class ContentByDigestTests() : TestKit(HandRun.Config)
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 700_000).Select(i => (byte)(i * 7 / 3))];
    private static readonly Sha256Digest Digest = Sha256Digest.Of(Content);

    [Fact]
    public async Task Requests_are_answered_in_their_order_with_what_is_wanted_and_nothing_else()
    {
        using var run = new HandRun(this, Fill);
        using var child = new HandChild("restorer");
        run.Deliver(run.NextPlan(child.Node));
        var link = await SealedAsync(child);

        await SayAsync(link, "", 0, Digest, Content.Length, 1);
        await SayAsync(link, "3-5\n", 1, Digest, Content.Length, 1);

        Assert.Equal(Content, await AnswerAsync(link, 0));
        Assert.Equal(Content[3..5], await AnswerAsync(link, 1));
    }

    [Fact]
    public async Task Ranges_of_it_come_without_the_rest()
    {
        using var run = new HandRun(this, Fill);
        using var child = new HandChild("restorer");
        run.Deliver(run.NextPlan(child.Node));
        var link = await SealedAsync(child);

        await SayAsync(link, "10-20,300000-300010,699990-\n", 0, Digest, Content.Length, 1);

        var came = await AnswerAsync(link, 0);

        Assert.Equal([.. Content[10..20], .. Content[300_000..300_010], .. Content[699_990..]], came);
    }

    [Fact]
    public async Task What_is_not_there_is_lacked_and_the_link_goes_on()
    {
        using var run = new HandRun(this, Fill);
        using var child = new HandChild("restorer");
        run.Deliver(run.NextPlan(child.Node));
        var link = await SealedAsync(child);
        var other = Sha256Digest.Of("other"u8);

        await SayAsync(link, "", 0, other, Content.Length, 1);
        await SayAsync(link, "", 1, Digest, Content.Length, null);
        await SayAsync(link, "", 2, Digest, Content.Length - 1, 1);
        await SayAsync(link, "", 3, Digest, Content.Length, 0);
        await SayAsync(link, "", 4, Digest, Content.Length, 9_999);
        for (var request = 0; request < 5; request++)
            Assert.Equal(new LackFrame(request, ContentLack.Unknown), (await link.NextAsync()).Frame);
        File.WriteAllText(Path.Combine(run.Source, "f"), "changed");
        await SayAsync(link, "", 5, Digest, Content.Length, 1);
        Assert.Equal(new LackFrame(5, ContentLack.Damaged), (await link.NextAsync()).Frame);
        File.Delete(Path.Combine(run.Source, "f"));
        await SayAsync(link, "", 6, Digest, Content.Length, 1);
        Assert.Equal(new LackFrame(6, ContentLack.Unreadable), (await link.NextAsync()).Frame);

        await link.SayAsync(new DoneFrame(link.Seal!.Digest));
        await child.CutAsync();
    }

    [Theory]
    [InlineData(1, 700_000, "", "order")]
    [InlineData(0, 0, "", "order")]
    [InlineData(0, 700_000, "0-\n", "syntax")]
    [InlineData(0, 700_000, "5-3\n", "syntax")]
    [InlineData(0, 700_000, "3-5", "syntax")]
    [InlineData(0, 700_000, "3-700000\n", "order")]
    public async Task A_request_that_breaks_the_rules_ends_the_link(long number, long size, string ranges, string code)
    {
        using var run = new HandRun(this, Fill);
        using var child = new HandChild("restorer");
        run.Deliver(run.NextPlan(child.Node));
        var link = await SealedAsync(child);

        await SayAsync(link, ranges, number, Digest, size, 1);

        Assert.Equal(code, ErrorCodes.Spell(Assert.IsType<ErrorFrame>((await link.NextAsync()).Frame).Code));
    }

    [Fact]
    public async Task More_than_64_requests_are_too_many()
    {
        using var run = new HandRun(this, Fill);
        using var child = new HandChild("restorer");
        run.Deliver(run.NextPlan(child.Node));
        var link = await SealedAsync(child);

        for (var request = 0; request < 10_000 && !link.IsOver; request++)
            await SayAsync(link, "", request, Digest, Content.Length, 1);
        var last = await link.NextAsync();
        while (last.Frame is DataFrame or EndFrame) last = await link.NextAsync();

        Assert.Equal(ErrorCode.Limit, Assert.IsType<ErrorFrame>(last.Frame).Code);
    }

    [Fact]
    public async Task A_child_that_does_not_take_content_may_not_ask_for_it()
    {
        using var run = new HandRun(this, Fill);
        using var child = new HandChild("plain");
        run.Deliver(run.NextPlan(child.Node));
        var link = await SealedAsync(child, takesContent: false);

        await SayAsync(link, "", 0, Digest, Content.Length, 1);

        Assert.Equal(ErrorCode.Order, Assert.IsType<ErrorFrame>((await link.NextAsync()).Frame).Code);
    }

    private static void Fill(string source) => File.WriteAllBytes(Path.Combine(source, "f"), Content);

    /// <summary>The conversation up to its seal, of which the child needs nothing but the digests.</summary>
    private static async Task<Listening> SealedAsync(HandChild child, bool takesContent = true)
    {
        await child.WelcomeAsync(takesContent: takesContent);
        var link = new Listening((await child.Accepted).Connection, takesContent);
        Assert.IsType<PageFrame>((await link.NextAsync()).Frame);
        await link.SayAsync(new NeedFrame(0, 4), "1 -\n"u8.ToArray());
        Assert.Equal(new EndFrame(1, Content.Length, Digest), (await link.NextAsync()).Frame);
        link.Seal = Assert.IsType<SealFrame>((await link.NextAsync()).Frame);
        return link;
    }

    private static Task SayAsync(
        Listening link, string ranges, long request, Sha256Digest digest, long size, long? entry) =>
        link.SayAsync(new WantFrame(request, digest, size, entry, ranges.Length), Encoding.ASCII.GetBytes(ranges));

    private static async Task<byte[]> AnswerAsync(Listening link, long request)
    {
        var content = new MemoryStream();
        for (var next = await link.NextAsync(); ; next = await link.NextAsync())
        {
            if (next.Frame is EndFrame end)
            {
                Assert.Equal(new EndFrame(request, Content.Length, Digest), end);
                return content.ToArray();
            }
            Assert.Equal(request, Assert.IsType<DataFrame>(next.Frame).Entry);
            content.Write(next.Payload);
        }
    }

    /// <summary>What a parent says, frame by frame, without its signs of life.</summary>
    private sealed class Listening(PeerConnection connection, bool takesContent)
    {
        private byte[] _heard = [];

        public SealFrame? Seal { get; set; }

        public bool IsOver { get; private set; }

        public async Task SayAsync(Frame frame, byte[]? payload = null)
        {
            try
            {
                await connection.WriteAsync([FrameWriter.Header(frame), payload ?? []], null, CancellationToken.None);
            }
            catch (IOException)
            {
                IsOver = true;
            }
        }

        public async Task<(Frame Frame, byte[] Payload)> NextAsync()
        {
            using var limit = new CancellationTokenSource(HandRun.Bound);
            var scratch = new byte[64 * 1024];
            while (true)
            {
                if (FrameReader.TryRead(_heard, Direction.Down, out var frame, out var header)
                    && _heard.Length >= header + frame.PayloadLength)
                {
                    var payload = _heard[header..(header + frame.PayloadLength)];
                    _heard = _heard[(header + frame.PayloadLength)..];
                    if (frame is not AliveFrame) return (frame, payload);
                    continue;
                }
                var count = await connection.ReadAsync(scratch, limit.Token);
                Assert.True(count > 0, $"the parent ended the link ({(takesContent ? "content" : "plain")})");
                _heard = [.. _heard, .. scratch[..count]];
            }
        }
    }
}
