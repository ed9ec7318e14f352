using Akka.Streams.Dsl;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.FanOut;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Streams.Tests.Conversations;

namespace BackupDistribuido.Streams.Tests.Links;

public sealed class ChildBranchTests : StreamSpec
{
    private static readonly PageFrame Page = new(0, 0, 1, 10);

    [Fact]
    public async Task A_child_that_lives_and_never_stores_what_it_has_is_given_up()
    {
        var limits = new LinkDeadlines
        {
            Done = TimeSpan.FromMilliseconds(300),
            Silence = Eventually.Bound,
            Progress = Eventually.Bound
        };

        var failure = await Assert.ThrowsAsync<LinkException>(() =>
            Talk(limits, [Page, Frames.Seal], [new NeedFrame(0, 0)], isAlive: true));

        Assert.Equal((ErrorCode.Silence, "'copy-1' received the whole tree 0.3 s ago, is alive, and has not stored it"),
            (failure.Code, failure.Message));
    }

    [Fact]
    public async Task Done_before_the_seal_is_refused() =>
        Assert.Equal(ErrorCode.Order,
            (await Assert.ThrowsAsync<ProtocolException>(() =>
                Talk(new LinkDeadlines(), [Page], [new NeedFrame(0, 0), Frames.Done]))).Code);

    [Fact]
    public async Task Done_with_another_digest_than_the_seals_is_refused() =>
        Assert.Equal(ErrorCode.Digest, (await Assert.ThrowsAsync<ProtocolException>(() =>
            Talk(new LinkDeadlines(), [Page, Frames.Seal],
                [new NeedFrame(0, 0), new DoneFrame(Core.Trees.Sha256Digest.OfNothing)]))).Code);

    [Fact]
    public async Task Needs_out_of_the_order_of_the_pages_are_refused() =>
        Assert.Equal(ErrorCode.Order,
            (await Assert.ThrowsAsync<ProtocolException>(() =>
                Talk(new LinkDeadlines(), [Page, new PageFrame(1, 1, 1, 10)], [new NeedFrame(1, 0)]))).Code);

    [Fact]
    public async Task Who_is_done_with_the_seal_is_done() =>
        await Talk(new LinkDeadlines(), [Page, Frames.Seal], [new NeedFrame(0, 0), Frames.Done]);

    [Fact]
    public void Who_waits_further_up_waits_longer()
    {
        var limits = new LinkDeadlines();

        Assert.True(limits.SlowedTo(null, 2).Needs > limits.SlowedTo(null, 1).Needs);
        Assert.True(limits.SlowedTo(null, 2).DoneAfter(Frames.Seal) > limits.SlowedTo(null, 1).DoneAfter(Frames.Seal));
        Assert.True(limits.DoneAfter(Frames.Seal with { Entries = 1_000_000 }) > limits.DoneAfter(Frames.Seal)
            + TimeSpan.FromHours(1));
    }

    /// <summary>A parent sends this, and then its child says that.</summary>
    private async Task Talk(LinkDeadlines deadlines, Frame[] down, Frame[] up, bool isAlive = false)
    {
        using var pair = await LinkPair.OverTcp();
        var branch =
            new ChildBranch(NodeName.Parse("copy-1"), new DialedLink(Frames.Welcome, pair.Parent), Pool, deadlines);
        var fanOut = new ParcelFanOut((_, _) => { });
        var running = branch.RunAsync(fanOut, (_, _) => { }, Materializer, Never);
        var parcels = Source.Single(Frames.Parcel(Pool, down));
        _ = (down[^1] is SealFrame ? parcels : parcels.Concat(Source.Never<Parcel>()))
            .RunWith(fanOut.Inlet, Materializer);
        var expected = Frames.Bytes(down).Length;
        var taken = new byte[expected];
        for (var read = 0; read < expected;) read += await pair.Child.ReadAsync(taken.AsMemory(read), Never);
        foreach (var frame in up) await pair.Child.WriteAsync(frame, Never);
        if (up[^1] is DoneFrame) await pair.Child.CloseWritingAsync(Never);
        for (var said = 0; isAlive && said < 400 && !running.IsCompleted; said++)
        {
            await pair.Child.WriteAsync(AliveFrame.Instance, Never).AsTask()
                .ContinueWith(_ => { }, TaskScheduler.Default);
            await Task.Delay(50);
        }
        await Soon(running);
    }

    [Fact]
    public async Task A_child_that_lives_and_never_says_what_it_needs_is_given_up()
    {
        using var pair = await LinkPair.OverTcp();
        var deadlines = new LinkDeadlines
        {
            Needs = TimeSpan.FromMilliseconds(300),
            Silence = Eventually.Bound,
            Progress = Eventually.Bound
        };
        var branch =
            new ChildBranch(NodeName.Parse("copy-1"), new DialedLink(Frames.Welcome, pair.Parent), Pool, deadlines);
        var fanOut = new ParcelFanOut((_, _) => { });
        var running = branch.RunAsync(fanOut, (_, _) => { }, Materializer, Never);
        _ = Source.Single(Frames.Parcel(Pool, new PageFrame(0, 0, 1, 10))).Concat(Source.Never<Parcel>())
            .RunWith(fanOut.Inlet, Materializer);

        for (var said = 0; said < 400 && !running.IsCompleted; said++)
        {
            await pair.Child.WriteAsync(AliveFrame.Instance, Never).AsTask()
                .ContinueWith(_ => { }, TaskScheduler.Default);
            await Task.Delay(50);
        }

        var failure = await Assert.ThrowsAsync<LinkException>(() => Soon(running));
        Assert.Equal(ErrorCode.Silence, failure.Code);
    }
}
