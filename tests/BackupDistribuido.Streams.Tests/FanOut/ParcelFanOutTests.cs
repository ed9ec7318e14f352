using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.FanOut;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Tests.Conversations;

namespace BackupDistribuido.Streams.Tests.FanOut;

public class ParcelFanOutTests : StreamSpec
{
    private static readonly BranchOptions Small =
        new() { BufferBytes = 2 * BufferPool.BufferBytes, ProgressDeadline = TimeSpan.FromMilliseconds(500) };
    private static readonly BranchOptions Patient = Small with { ProgressDeadline = null };

    private readonly ConcurrentQueue<(string Name, Exception Why)> _lost = new();
    private readonly ParcelFanOut _fanOut;

    public ParcelFanOutTests() => _fanOut = new ParcelFanOut((name, why) => _lost.Enqueue((name, why)));

    [Fact]
    public async Task Every_branch_gets_everything_in_order()
    {
        Task<ImmutableList<Frame>>[] branches =
            [.. Enumerable.Range(0, 3).Select(i => Collect(_fanOut.Attach($"b{i}", Patient)))];
        await Soon(Feed(0, 200));
        foreach (var branch in branches) Assert.Equal(Numbered(0, 200), await Soon(branch));
        Assert.Empty(_lost);
        Assert.Empty(_fanOut.Branches);
    }

    [Fact]
    public async Task Without_branches_parcels_are_dropped()
    {
        await Soon(Feed(0, 50));
        Assert.Equal(0, Pool.Outstanding);
    }

    [Fact]
    public async Task A_branch_gets_what_it_wants_and_nothing_else()
    {
        var whole = Collect(_fanOut.Attach("all", Patient));
        var even =
            Collect(_fanOut.Attach("even", Patient with { Wants = (frame, _) => ((DataFrame)frame).Entry % 2 == 0 }));
        var none = Collect(_fanOut.Attach("none", Patient with { Wants = (_, _) => false }));
        await Soon(Feed(0, 100, aParcel: 5));
        Assert.Equal(Numbered(0, 100), await Soon(whole));
        Assert.Equal(Numbered(0, 100).Where(frame => ((DataFrame)frame).Entry % 2 == 0), await Soon(even));
        Assert.Empty(await Soon(none));
    }

    [Fact]
    public async Task What_nobody_wants_of_a_full_branch_does_not_wait_for_it()
    {
        _ = _fanOut.Attach("never materialised", Patient with { Wants = (_, _) => false });
        var all = Collect(_fanOut.Attach("all", Patient));
        var feeding = Feed(0, 100);
        Assert.Equal(Numbered(0, 100), await Soon(all));
        await Soon(feeding);
    }

    [Fact]
    public async Task A_hanging_branch_is_dropped_and_the_others_get_everything()
    {
        var hanging = _fanOut.Attach("hangs", Small).RunWith(Sink.FromGraph(new HangingSink()), Materializer);
        var fine = Collect(_fanOut.Attach("fine", Small));
        await Soon(Feed(0, 200));
        Assert.Equal(Numbered(0, 200), await Soon(fine));
        var (name, why) = Assert.Single(_lost);
        Assert.Equal("hangs", name);
        Assert.Equal(ErrorCode.Silence, Assert.IsType<LinkException>(why).Code);
        Assert.Same(why, await Soon(hanging));
    }

    [Fact]
    public async Task A_branch_that_is_never_materialised_is_dropped_too()
    {
        _ = _fanOut.Attach("forgotten", Small);
        await Soon(Feed(0, 50));
        Assert.Equal("forgotten", Assert.Single(_lost).Name);
    }

    [Fact]
    public async Task A_branch_that_hangs_with_the_rest_at_the_end_is_dropped_too()
    {
        _ = _fanOut.Attach("hangs", Small).RunWith(Sink.FromGraph(new HangingSink()), Materializer);
        await Soon(Feed(0, 1));
        Assert.Equal("hangs", Assert.Single(_lost).Name);
    }

    [Fact]
    public async Task A_branch_whose_consumer_fails_is_lost_for_that_reason()
    {
        var failure = new InvalidDataException("disk is full");
        var dying = _fanOut.Attach("dies", Small).RunWith(Sink.ForEach<Parcel>(parcel =>
        {
            var entry = ((DataFrame)Frames.Open(parcel).First()).Entry;
            if (entry == 20) throw failure;
        }), Materializer);
        var fine = Collect(_fanOut.Attach("fine", Small));
        await Soon(Feed(0, 100));
        Assert.Equal(Numbered(0, 100), await Soon(fine));
        await Assert.ThrowsAsync<InvalidDataException>(() => Soon(dying));
        Assert.Equal(("dies", failure), Assert.Single(_lost));
    }

    [Fact]
    public async Task A_branch_whose_consumer_wants_no_more_is_lost_too()
    {
        var few = Collect(_fanOut.Attach("few", Small).Take(3));
        await Soon(Feed(0, 50));
        Assert.Equal(Numbered(0, 3), await Soon(few));
        await Eventually.Is(1, () => _lost.Count);
        Assert.Equal("few", Assert.Single(_lost).Name);
    }

    [Fact]
    public async Task A_filter_that_throws_loses_its_branch_only()
    {
        var failure = new ProtocolException(ErrorCode.Order, "no");
        var bad = Collect(_fanOut.Attach("bad", Small with { Wants = (_, _) => throw failure }));
        var fine = Collect(_fanOut.Attach("fine", Small));
        await Soon(Feed(0, 50));
        Assert.Equal(Numbered(0, 50), await Soon(fine));
        Assert.Same(failure, await Assert.ThrowsAsync<ProtocolException>(() => Soon(bad)));
        Assert.Equal(("bad", failure), Assert.Single(_lost));
    }

    [Fact]
    public async Task Branches_come_and_go_while_it_runs()
    {
        var (queue, inlet) = Source.Queue<Parcel>(16, OverflowStrategy.Backpressure)
            .ToMaterialized(_fanOut.Inlet, Keep.Both).Run(Materializer);
        var first = Collect(_fanOut.Attach("first", Patient));
        for (var i = 0; i < 10; i++) await queue.OfferAsync(Frames.Parcel(Pool, new DataFrame(i, 0, 100)));
        await Eventually.Is(0, () => Pool.Outstanding);
        var second = Collect(_fanOut.Attach("second", Patient));
        Assert.Throws<InvalidOperationException>(() => _fanOut.Attach("second", Patient));
        for (var i = 10; i < 20; i++) await queue.OfferAsync(Frames.Parcel(Pool, new DataFrame(i, 0, 100)));
        await Eventually.Is(0, () => Pool.Outstanding);
        _fanOut.Detach("first");
        Assert.Equal(Numbered(0, 20), await Soon(first));
        for (var i = 20; i < 30; i++) await queue.OfferAsync(Frames.Parcel(Pool, new DataFrame(i, 0, 100)));
        queue.Complete();
        Assert.Equal(Numbered(10, 20), await Soon(second));
        await Soon(inlet);
        Assert.Empty(_lost);
    }

    [Fact]
    public async Task A_failing_upstream_fails_every_branch()
    {
        var failure = new InvalidDataException("from above");
        var branch = Collect(_fanOut.Attach("b", Patient));
        var inlet = Source.From(Enumerable.Range(0, 5))
            .Select(i => i < 4 ? Frames.Parcel(Pool, new DataFrame(i, 0, 10)) : throw failure)
            .RunWith(_fanOut.Inlet, Materializer);
        Assert.Same(failure, await Assert.ThrowsAsync<InvalidDataException>(() => Soon(inlet)));
        Assert.Same(failure, await Assert.ThrowsAsync<InvalidDataException>(() => Soon(branch)));
        Assert.Same(failure,
            await Assert.ThrowsAsync<InvalidDataException>(() => Soon(Collect(_fanOut.Attach("late", Patient)))));
        Assert.Empty(_lost);
    }

    [Fact]
    public async Task Memory_is_bounded_by_the_full_branch()
    {
        _ = _fanOut.Attach("hangs", Patient).RunWith(Sink.FromGraph(new HangingSink()), Materializer);
        var feeding = Feed(0, 1000);
        await Eventually.Is(true, () => Pool.Outstanding >= 2);
        await Task.Delay(100);
        Assert.InRange(Pool.Outstanding, 2, 4);
        _fanOut.Detach("hangs");
        await Soon(feeding);
    }

    private Task Feed(int first, int count, int aParcel = 1) => Source
        .From(Enumerable.Range(0, count / aParcel))
        .Select(i => Frames.Parcel(Pool, [.. Numbered(first + i * aParcel, aParcel)]))
        .RunWith(_fanOut.Inlet, Materializer);

    private Task<ImmutableList<Frame>> Collect(Source<Parcel, NotUsed> branch) =>
        branch.RunAggregate(ImmutableList<Frame>.Empty, (all, parcel) => all.AddRange(Frames.Open(parcel)),
            Materializer);

    private static IEnumerable<Frame> Numbered(int first, int count) =>
        Enumerable.Range(first, count).Select(i => (Frame)new DataFrame(i, 0, 100));
}
