using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Tests.Conversations;

namespace BackupDistribuido.Streams.Tests.Buffers;

public sealed class ParcelBuilderTests : IDisposable
{
    private readonly BufferPool _pool = new();
    private readonly ParcelBuilder _builder;

    public ParcelBuilderTests() => _builder = new ParcelBuilder(_pool);

    public void Dispose()
    {
        _builder.Dispose();
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Its_bytes_are_the_frames_in_their_order()
    {
        Frame[] frames = [new PageFrame(0, 0, 1, 30), new DataFrame(0, 0, 100), new EndFrame(0, 100, Frames.Digest)];
        foreach (var frame in frames) _builder.Append(frame, Frames.Payload(frame));
        var parcel = _builder.Take()!;
        var run = Assert.Single(parcel.Runs());
        Assert.Equal(Frames.Bytes(frames), run.ToArray());
        Assert.Equal(frames, Frames.Open(parcel));
        Assert.Null(_builder.Take());
    }

    [Fact]
    public void A_files_content_is_read_into_its_place()
    {
        var frame = new DataFrame(7, 4096, 1000);
        Frames.Payload(frame).CopyTo(_builder.ReserveData(7, 4096, 1000));
        _builder.Commit();
        Assert.Equal([frame], Frames.Open(_builder.Take()!));
    }

    [Fact]
    public void A_rolled_back_reservation_leaves_no_trace()
    {
        _builder.Append(new SpoiledFrame(1));
        _builder.ReserveData(7, 0, 1000);
        Assert.Throws<InvalidOperationException>(() => _builder.Append(new SpoiledFrame(2)));
        Assert.Throws<InvalidOperationException>(() => _builder.Take());
        _builder.Rollback();
        _builder.Append(new SpoiledFrame(3));
        Assert.Equal([new SpoiledFrame(1), new SpoiledFrame(3)], Frames.Open(_builder.Take()!));
        Assert.Throws<InvalidOperationException>(_builder.Commit);
        Assert.Throws<InvalidOperationException>(_builder.Rollback);
    }

    [Fact]
    public void After_a_take_the_largest_frame_always_has_room()
    {
        for (var length = 0; length <= WireLimits.DataBytes; length += 10_007)
        {
            _builder.Append(new DataFrame(0, 0, length), new byte[length]);
            _builder.Take()!.Release();
            Assert.True(_builder.HasRoomFor(WireLimits.PayloadBytes));
            Assert.Equal(WireLimits.DataBytes, _builder.DataRoom);
        }
    }

    [Fact]
    public void Two_of_the_largest_frames_share_one_buffer_and_fill_it()
    {
        for (var i = 0; i < 2; i++)
        {
            Assert.False(_builder.IsFull);
            _builder.ReserveData(i, 0, _builder.DataRoom);
            _builder.Commit();
        }
        Assert.True(_builder.IsFull);
        Assert.False(_builder.HasRoomFor(WireLimits.DataBytes));
        Assert.Throws<InvalidOperationException>(() =>
            _builder.Append(new DataFrame(3, 0, WireLimits.DataBytes), new byte[WireLimits.DataBytes]));
        Assert.Equal(1, _pool.Outstanding);
        Assert.All(_builder.Take() is { } parcel ? Release(parcel).Frames : [],
            slice => Assert.Equal(WireLimits.DataBytes, slice.Frame.PayloadLength));
    }

    [Fact]
    public void A_payload_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => _builder.Append(new DataFrame(0, 0, 5), new byte[4]));

    [Fact]
    public void A_selection_has_a_run_for_each_gap()
    {
        Frame[] frames = [.. Enumerable.Range(0, 5).Select(i => new DataFrame(i, 0, 10))];
        foreach (var frame in frames) _builder.Append(frame, Frames.Payload(frame));
        var whole = _builder.Take()!;
        var some = whole.Select([whole.Frames[0], whole.Frames[1], whole.Frames[3]]);
        whole.Release();
        Assert.Equal([Frames.Bytes(frames[0], frames[1]), Frames.Bytes(frames[3])],
            some.Runs().Select(run => run.ToArray()));
        Assert.Equal([frames[0], frames[1], frames[3]], Frames.Open(some));
    }

    private static Parcel Release(Parcel parcel)
    {
        parcel.Release();
        return parcel;
    }
}
