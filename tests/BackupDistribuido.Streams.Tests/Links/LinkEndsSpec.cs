using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Streams.Tests.Conversations;

namespace BackupDistribuido.Streams.Tests.Links;

/// <summary>Whole conversations between both ends, over any kind of connection.</summary>
public abstract class LinkEndsSpec : StreamSpec
{
    private static readonly LinkDeadlines Calm =
        new() { AlivePeriod = TimeSpan.FromMilliseconds(50), Silence = Eventually.Bound, Progress = Eventually.Bound };

    private readonly ConcurrentQueue<string> _heard = new();

    internal abstract Task<LinkPair> Connect();

    [Fact]
    public async Task A_conversation_completes_on_both_sides()
    {
        using var pair = await Connect();
        var child = await Child(pair);
        var parent = Parent(pair,
            Source.From(Enumerable.Range(0, 50)).Select(i => Frames.Parcel(Pool, new DataFrame(i, 0, 10_000)))
                .Concat(Sealed()));
        child.Send(new NeedFrame(0, 3), "0-9"u8.ToArray());
        Assert.Equal(51, (await Soon(Collect(child))).Count);
        child.Send(Frames.Done);
        await Soon(child.Completion);
        await Soon(parent);
        Assert.Equal(["NEED 0 3 0-9", $"DONE {Frames.Digest} "], _heard);
    }

    [Fact]
    public async Task Neither_direction_waits_for_the_other()
    {
        using var pair = await Connect();
        var child = await Child(pair);
        var parent = Parent(pair,
            Source.From(Enumerable.Range(0, 200)).Select(i => Frames.Parcel(Pool, new DataFrame(i, 0, 100_000)))
                .Concat(Sealed()));
        // Nobody takes what comes down, and the needs still come up.
        for (var i = 0; i < 16; i++) child.Send(new NeedFrame(i, 10_000), new byte[10_000]);
        await Eventually.Is(16, () => _heard.Count);
        var down = Collect(child);
        Assert.Equal(201, (await Soon(down)).Count);
        child.Send(Frames.Done);
        await Soon(Task.WhenAll(parent, child.Completion));
    }

    [Fact]
    public async Task A_childs_failure_reaches_the_parent_with_its_reason()
    {
        using var pair = await Connect();
        var child = await Child(pair);
        var parent = Parent(pair, Sealed());
        Assert.Single(await Soon(Collect(child)));
        child.Fail(ErrorCode.Storage, Reason.Text("disk is full"));
        Assert.Equal("disk is full", (await Assert.ThrowsAsync<LinkException>(() => Soon(child.Completion))).Message);
        var told = await Assert.ThrowsAsync<LinkException>(() => Soon(parent));
        Assert.Equal((ErrorCode.Storage, "disk is full", true), (told.Code, told.Message, told.IsFromPeer));
    }

    [Fact]
    public async Task A_parents_failure_reaches_the_child_with_its_reason()
    {
        using var pair = await Connect();
        var failure = new ProtocolException(ErrorCode.Digest, "content differs");
        var child = await Child(pair);
        var parent = Parent(pair,
            Source.Single(Frames.Parcel(Pool, new DataFrame(0, 0, 10))).Concat(Source.Failed<Parcel>(failure)));
        var told = await Assert.ThrowsAsync<LinkException>(() => Soon(Collect(child)));
        Assert.Equal((ErrorCode.Digest, "content differs", true), (told.Code, told.Message, told.IsFromPeer));
        Assert.Same(failure, await Assert.ThrowsAsync<ProtocolException>(() => Soon(parent)));
        await Assert.ThrowsAsync<LinkException>(() => Soon(child.Completion));
    }

    [Fact]
    public async Task A_need_that_the_parent_refuses_ends_the_link_with_that_reason()
    {
        using var pair = await Connect();
        var child = await Child(pair);
        var parent = Parent(pair, Source.Maybe<Parcel>().MapMaterializedValue(_ => NotUsed.Instance),
            (_, _) => throw new ProtocolException(ErrorCode.Order, "no such page"));
        var down = Collect(child);
        child.Send(new NeedFrame(99, 0));
        Assert.Equal(ErrorCode.Order, (await Assert.ThrowsAsync<ProtocolException>(() => Soon(parent))).Code);
        Assert.Equal("no such page", (await Assert.ThrowsAsync<LinkException>(() => Soon(child.Completion))).Message);
        await Assert.ThrowsAsync<LinkException>(() => Soon(down));
    }

    [Fact]
    public async Task A_silent_child_is_given_up_while_the_parent_has_nothing_to_say()
    {
        using var pair = await Connect();
        var parent = Parent(pair, Source.Maybe<Parcel>().MapMaterializedValue(_ => NotUsed.Instance),
            deadlines: Calm with { Silence = TimeSpan.FromMilliseconds(300) });
        Assert.Equal(ErrorCode.Silence, (await Assert.ThrowsAsync<LinkException>(() => Soon(parent))).Code);
    }

    [Fact]
    public async Task A_child_that_says_ALIVE_is_not_given_up()
    {
        using var pair = await Connect();
        using var cut = new CancellationTokenSource();
        var deadlines = Calm with { Silence = TimeSpan.FromSeconds(3) };
        var child = await Child(pair);
        var parent = Parent(pair, Source.Maybe<Parcel>().MapMaterializedValue(_ => NotUsed.Instance),
            deadlines: deadlines, cancel: cut.Token);
        await Task.Delay(4000);
        Assert.False(parent.IsCompleted);
        await cut.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(parent));
        child.Fail(ErrorCode.Stopping, Reason.Text("over"));
        await Assert.ThrowsAsync<LinkException>(() => Soon(child.Completion));
    }

    [Fact]
    public async Task A_cut_connection_fails_both()
    {
        using var pair = await Connect();
        var child = await Child(pair);
        var parent = Parent(pair,
            Source.From(Enumerable.Range(0, 100_000)).Select(i => Frames.Parcel(Pool, new DataFrame(i, 0, 100_000))));
        var down = Collect(child);
        await Eventually.Is(true, () => Pool.Outstanding > 0);
        pair.Parent.Dispose();
        // Whether the reader or the writer notices first, and whether the other side could still say so, is chance.
        foreach (var task in new[] { parent, child.Completion, down })
        {
            var thrown = await Record.ExceptionAsync(() => Soon(task));
            Assert.Equal(ErrorCode.Truncated,
                thrown is ProtocolException protocol ? protocol.Code : Assert.IsType<LinkException>(thrown).Code);
        }
    }

    [Fact]
    public async Task A_child_that_leaves_without_DONE_is_truncated()
    {
        using var pair = await Connect();
        var parent = Parent(pair, Sealed());
        await pair.Child.WriteAsync(AliveFrame.Instance, Never);
        await pair.Child.CloseWritingAsync(Never);
        Assert.Equal(ErrorCode.Truncated, (await Assert.ThrowsAsync<ProtocolException>(() => Soon(parent))).Code);
    }

    [Fact]
    public async Task DONE_before_the_end_is_out_of_order()
    {
        using var pair = await Connect();
        var parent = Parent(pair, Source.Maybe<Parcel>().MapMaterializedValue(_ => NotUsed.Instance),
            deadlines: Calm with { Progress = TimeSpan.FromMilliseconds(300) });
        await pair.Child.WriteAsync(Frames.Done, Never);
        await pair.Child.CloseWritingAsync(Never);
        Assert.Equal(ErrorCode.Order, (await Assert.ThrowsAsync<ProtocolException>(() => Soon(parent))).Code);
    }

    [Fact]
    public async Task Behind_SEAL_a_parent_says_nothing_although_another_child_keeps_its_stream_open()
    {
        using var pair = await Connect();
        var child = await Child(pair);
        var parent = Parent(pair,
            Sealed().Concat(Source.Maybe<Parcel>().MapMaterializedValue(_ => NotUsed.Instance)),
            deadlines: Calm with { AlivePeriod = TimeSpan.FromMilliseconds(20) });
        Assert.Single(await Soon(Collect(child)));
        await Task.Delay(200);
        child.Send(Frames.Done);
        await Soon(Task.WhenAll(parent, child.Completion));
    }

    [Fact]
    public async Task A_parent_that_has_nothing_to_send_says_ALIVE_between_frames()
    {
        using var pair = await Connect();
        var child = await Child(pair);
        var parent = Parent(pair, Source.Single(Frames.Parcel(Pool, new DataFrame(0, 0, 5)))
            .Concat(Sealed().InitialDelay(TimeSpan.FromMilliseconds(300))),
            deadlines: Calm with { AlivePeriod = TimeSpan.FromMilliseconds(20) });
        var came = await Soon(Collect(child));
        Assert.InRange(came.Count(frame => frame is AliveFrame), 3, 20);
        Assert.Equal([new DataFrame(0, 0, 5), Frames.Seal], came.Where(frame => frame is not AliveFrame));
        child.Send(Frames.Done);
        await Soon(Task.WhenAll(parent, child.Completion));
    }

    [Fact]
    public async Task A_consumer_that_fails_ends_the_link_with_its_reason()
    {
        using var pair = await Connect();
        var child = await Child(pair);
        var parent = Parent(pair, Sealed());
        var consumer = child.Down.RunForeach(
            parcel =>
            {
                parcel.Release();
                throw new ProtocolException(ErrorCode.Digest, "wrong digest");
            },
            Materializer);
        await Assert.ThrowsAsync<ProtocolException>(() => Soon(consumer));
        await Assert.ThrowsAsync<ProtocolException>(() => Soon(child.Completion));
        Assert.Equal(ErrorCode.Digest, (await Assert.ThrowsAsync<LinkException>(() => Soon(parent))).Code);
    }

    private protected Task Parent(
        LinkPair pair, Source<Parcel, NotUsed> branch, Action<Frame, ReadOnlyMemory<byte>>? heard =
            null, LinkDeadlines? deadlines = null, CancellationToken cancel = default) =>
        new ParentEnd(pair.Parent, Frames.Welcome.Profile, Pool, deadlines ?? Calm)
            .RunAsync(branch, heard ?? Hear, Materializer, cancel);

    private protected async Task<ChildEnd> Child(LinkPair pair)
    {
        var opening = ChildEnd.OpenAsync(new AcceptedLink(Frames.Hello, pair.Child), Frames.Welcome, Pool, Calm, null,
            CancellationToken.None);
        var child = await Soon(opening);
        // The parent's dialer has read WELCOME when the parent's end begins.
        var octet = new byte[1];
        do await pair.Parent.ReadAsync(octet, Never);
        while (octet[0] != '\n');
        return child;
    }

    private protected Task<ImmutableList<Frame>> Collect(ChildEnd child) =>
        child.Down.RunAggregate(ImmutableList<Frame>.Empty, (all, parcel) => all.AddRange(Frames.Open(parcel)),
            Materializer);

    private protected Source<Parcel, NotUsed> Sealed() =>
        Source.From([0]).Select(_ => Frames.Parcel(Pool, Frames.Seal));

    private void Hear(Frame frame, ReadOnlyMemory<byte> payload)
    {
        var text = payload.Length > 100 ? "" : System.Text.Encoding.ASCII.GetString(payload.Span);
        _heard.Enqueue($"{System.Text.Encoding.ASCII.GetString(FrameWriter.Header(frame)).TrimEnd()} {text}");
    }
}

public class LinkEndsInMemoryTests : LinkEndsSpec
{
    internal override Task<LinkPair> Connect() => LinkPair.InMemory();

    [Fact]
    public async Task ALIVE_never_comes_behind_DONE_however_long_that_takes_to_send()
    {
        // Longer than the period of ALIVE.
        using var pair = await LinkPair.InMemory(childWrites: TimeSpan.FromMilliseconds(150));
        var child = await Child(pair);
        var parent = Parent(pair, Sealed());
        Assert.Single(await Soon(Collect(child)));
        child.Send(Frames.Done);
        await Soon(Task.WhenAll(parent, child.Completion));
    }
}

public class LinkEndsOverTcpTests : LinkEndsSpec
{
    internal override Task<LinkPair> Connect() => LinkPair.OverTcp();
}

public class LinkEndsOverTlsTests : LinkEndsSpec
{
    internal override Task<LinkPair> Connect() => LinkPair.OverTls();
}
