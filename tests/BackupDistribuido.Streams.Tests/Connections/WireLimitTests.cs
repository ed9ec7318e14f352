using System.Diagnostics;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Tests.Conversations;

namespace BackupDistribuido.Streams.Tests.Connections;

public sealed class WireLimitTests : StreamSpec
{
    private const int Bytes = 2 * WireLimits.DataBytes;
    private static readonly Rate Slow = Rate.Parse("100kB/s");
    private static readonly TimeSpan Least =
        TimeSpan.FromSeconds((double)Bytes / Slow.BytesPerSecond) - (3 * TokenBucket.Savings);

    [Fact]
    public async Task A_link_that_is_given_up_while_it_waits_for_its_turn_can_still_say_why()
    {
        var limit = new WireLimit(Slow);
        using var pair = await LinkPair.InMemory();
        using var cut = new CancellationTokenSource();
        // Somebody else's, for a minute.
        _ = limit.TakeAsync((int)Slow.BytesPerSecond * 60, null, Never);
        var writing = pair.Parent.WriteAsync([new byte[100]], null, cut.Token, limit).AsTask();

        await cut.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(writing));

        await pair.Parent.WriteAsync(Frames.Done, Never);
        Assert.Equal(Frames.Bytes(Frames.Done).Length, await pair.Child.ReadAsync(new byte[1000], Never));
    }

    [Fact]
    public async Task Two_links_of_a_sender_share_its_limit_and_waiting_for_it_is_no_silence()
    {
        var limit = new WireLimit(Slow);
        // Far less than the whole takes: the other side has not stopped, its bytes were not sent. Far more than a busy
        // machine keeps a thread waiting.
        var deadline = TimeSpan.FromSeconds(2);
        using var first = await LinkPair.OverTcp();
        using var second = await LinkPair.OverTcp();
        var began = Stopwatch.GetTimestamp();

        await Task.WhenAll(new[] { first, second }.Select(pair =>
        {
            var sent =
                Parcels(1).RunWith(Sink.FromGraph(new ParcelSinkStage(pair.Parent, deadline, limit)), Materializer);
            return Task.WhenAll(sent, Received(pair, null));
        })).WaitAsync(TimeSpan.FromSeconds(40));

        Assert.True(Stopwatch.GetElapsedTime(began) >= Least,
            $"{Stopwatch.GetElapsedTime(began)} for {Bytes} bytes at {Slow}");
    }

    [Fact]
    public async Task A_receiver_reads_no_faster_than_its_limit()
    {
        using var pair = await LinkPair.OverTcp();
        var began = Stopwatch.GetTimestamp();
        var sent = Parcels(2)
            .RunWith(Sink.FromGraph(new ParcelSinkStage(pair.Parent, TimeSpan.FromSeconds(20))), Materializer);

        await Task.WhenAll(sent, Received(pair, new WireLimit(Slow))).WaitAsync(TimeSpan.FromSeconds(40));

        Assert.True(Stopwatch.GetElapsedTime(began) >= Least,
            $"{Stopwatch.GetElapsedTime(began)} for {Bytes} bytes at {Slow}");
    }

    private Source<Parcel, Akka.NotUsed> Parcels(int count) =>
        Source.From(Enumerable.Range(0, count))
            .Select(i => Frames.Parcel(Pool, new DataFrame(i, 0, WireLimits.DataBytes)))
            .Concat(Source.From([Frames.Parcel(Pool, Frames.Seal)]));

    private Task Received(LinkPair pair, WireLimit? limit) =>
        Source.FromGraph(new ParcelSourceStage(pair.Child, Direction.Down, Pool, limit: limit))
        .RunForeach(parcel => parcel.Release(), Materializer);
}
