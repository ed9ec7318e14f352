using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Tests.Conversations;

namespace BackupDistribuido.Streams.Tests.Framing;

/// <summary>What the socket stages promise over any kind of connection.</summary>
public abstract class SocketStagesSpec : StreamSpec
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(60);

    internal abstract Task<LinkPair> Connect();

    [Fact]
    public async Task Parcels_arrive_whole_and_in_order_and_the_end_arrives_too()
    {
        using var pair = await Connect();
        var frames = Enumerable.Range(0, 400).Select(i => (Frame)new DataFrame(i, i, i * 131 % 5000))
            .Append(new DataFrame(9, 0, WireLimits.DataBytes)).Append(Frames.Seal).ToArray();
        var (_, received) = Receive(pair.Child, Direction.Down, null, Materializer, Pool);
        var sent = Send(pair.Parent, Source.From(frames).Select(frame => Frames.Parcel(Pool, frame)));
        Assert.Equal(frames, await Soon(received));
        await Soon(sent);
    }

    [Fact]
    public async Task A_half_closed_connection_still_receives()
    {
        using var pair = await Connect();
        var (_, down) = Receive(pair.Child, Direction.Down, null, Materializer, Pool);
        await Soon(Send(pair.Parent, Source.Single(Frames.Parcel(Pool, Frames.Seal))));
        Assert.Equal([Frames.Seal], await Soon(down));
        var (_, up) = Receive(pair.Parent, Direction.Up, null, Materializer, Pool);
        await Soon(Send(pair.Child, Source.Single(Frames.Parcel(Pool, AliveFrame.Instance, Frames.Done))));
        Assert.Equal([AliveFrame.Instance, Frames.Done], await Soon(up));
    }

    [Fact]
    public async Task A_selection_arrives_without_what_was_not_wanted()
    {
        using var pair = await Connect();
        var whole =
            Frames.Parcel(Pool, new DataFrame(0, 0, 9), new DataFrame(1, 0, 9), new DataFrame(2, 0, 9), Frames.Seal);
        var some = whole.Select([whole.Frames[0], whole.Frames[2], whole.Frames[3]]);
        whole.Release();
        var (_, received) = Receive(pair.Child, Direction.Down, null, Materializer, Pool);
        await Soon(Send(pair.Parent, Source.Single(some)));
        Assert.Equal([new DataFrame(0, 0, 9), new DataFrame(2, 0, 9), Frames.Seal], await Soon(received));
    }

    [Fact]
    public async Task Input_that_ends_within_a_frame_is_truncated()
    {
        using var pair = await Connect();
        var (finished, received) = Receive(pair.Child, Direction.Down, null, Materializer, Pool);
        await pair.Parent.WriteAsync([Frames.Bytes(new DataFrame(0, 0, 100)).AsMemory(0, 60)], null, Never);
        await pair.Parent.CloseWritingAsync(Never);
        Assert.Equal(ErrorCode.Truncated, (await Assert.ThrowsAsync<ProtocolException>(() => Soon(received))).Code);
        await Assert.ThrowsAsync<ProtocolException>(() => Soon(finished));
    }

    [Fact]
    public async Task A_breach_of_the_protocol_fails_the_receiver()
    {
        using var pair = await Connect();
        var (_, received) = Receive(pair.Child, Direction.Down, null, Materializer, Pool);
        await pair.Parent.WriteAsync(["DATA 0 0 99999999999\n"u8.ToArray()], null, Never);
        Assert.Equal(ErrorCode.Limit, (await Assert.ThrowsAsync<ProtocolException>(() => Soon(received))).Code);
    }

    [Fact]
    public async Task A_consumer_that_cancels_stops_a_pending_read()
    {
        using var pair = await Connect();
        var (stop, finished) = Source.FromGraph(new ParcelSourceStage(pair.Child, Direction.Down, Pool))
            .ViaMaterialized(KillSwitches.Single<Parcel>(), (task, kill) => (kill, task))
            .To(Sink.ForEach<Parcel>(p => p.Release()).MapMaterializedValue(_ => NotUsed.Instance))
            .Run(Materializer);
        await Eventually.Is(1, () => Pool.Outstanding);
        stop.Shutdown();
        Assert.Equal(ErrorCode.Stopping, (await Assert.ThrowsAsync<LinkException>(() => Soon(finished))).Code);
        await Eventually.Is(0, () => Pool.Outstanding);
    }

    [Fact]
    public async Task Silence_fails_the_receiver_while_something_is_owed()
    {
        using var pair = await Connect();
        var asked = 0;
        var deadline = new SilenceDeadline(TimeSpan.FromMilliseconds(200), () => Interlocked.Increment(ref asked) > 20);
        var (_, received) = Receive(pair.Child, Direction.Down, deadline, Materializer, Pool);
        Assert.Equal(ErrorCode.Silence, (await Assert.ThrowsAsync<LinkException>(() => Soon(received))).Code);
        Assert.True(asked > 20);
    }

    [Fact]
    public async Task A_receiver_that_takes_nothing_fails_the_sender()
    {
        using var pair = await Connect();
        var endless = Source.From(Enumerable.Range(0, 100_000))
            .Select(i => Frames.Parcel(Pool, new DataFrame(i, 0, WireLimits.DataBytes)));
        var sent = endless.RunWith(Sink.FromGraph(new ParcelSinkStage(pair.Parent, TimeSpan.FromMilliseconds(300))),
            Materializer);
        Assert.Equal(ErrorCode.Silence, (await Assert.ThrowsAsync<LinkException>(() => Soon(sent))).Code);
    }

    [Fact]
    public async Task A_lost_connection_fails_the_sender()
    {
        using var pair = await Connect();
        var endless = Source.From(Enumerable.Range(0, 100_000))
            .Select(i => Frames.Parcel(Pool, new DataFrame(i, 0, WireLimits.DataBytes)));
        var sent = Send(pair.Parent, endless);
        await Eventually.Is(true, () => Pool.Outstanding > 0);
        pair.Child.Dispose();
        await Assert.ThrowsAsync<LinkException>(() => Soon(sent));
    }

    [Fact]
    public async Task A_failing_upstream_fails_the_sender_and_closes_nothing()
    {
        using var pair = await Connect();
        var failure = new InvalidDataException("from above");
        var thrown = await Assert.ThrowsAsync<InvalidDataException>(() =>
            Soon(Send(pair.Parent, Source.Failed<Parcel>(failure))));
        Assert.Same(failure, thrown);
        var (_, received) = Receive(pair.Child, Direction.Down, null, Materializer, Pool);
        await pair.Parent.WriteAsync(Frames.Seal, Never);
        await pair.Parent.CloseWritingAsync(Never);
        Assert.Equal([Frames.Seal], await Soon(received));
    }

    private Task<Done> Send(PeerConnection connection, Source<Parcel, NotUsed> parcels) =>
        parcels.RunWith(Sink.FromGraph(new ParcelSinkStage(connection, Patient)), Materializer);

    private static (Task<Done> Finished, Task<List<Frame>> Frames) Receive(
        PeerConnection connection, Direction direction, SilenceDeadline? deadline, IMaterializer materializer,
            BufferPool pool) =>
        Source.FromGraph(new ParcelSourceStage(connection, direction, pool, deadline))
            .ToMaterialized(
                Sink.Aggregate<Parcel, List<Frame>>([], (all, parcel) =>
                {
                    all.AddRange(Conversations.Frames.Open(parcel));
                    return all;
                }),
                Keep.Both)
            .Run(materializer);
}

public class SocketStagesInMemoryTests : SocketStagesSpec
{
    internal override Task<LinkPair> Connect() => LinkPair.InMemory();
}

public class SocketStagesOverTcpTests : SocketStagesSpec
{
    internal override Task<LinkPair> Connect() => LinkPair.OverTcp();
}

public class SocketStagesOverTlsTests : SocketStagesSpec
{
    internal override Task<LinkPair> Connect() => LinkPair.OverTls();
}
