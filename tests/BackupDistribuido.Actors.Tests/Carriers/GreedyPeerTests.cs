using System.Buffers;
using System.Net;
using System.Net.Sockets;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Streams.Connections;
using Google.Protobuf;

namespace BackupDistribuido.Actors.Tests.Carriers;

/// <summary>A peer that opens and closes associations faster than Akka takes them, or takes none of what it is
/// sent.</summary>
public sealed class GreedyPeerTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TcpClient _peer = new();
    private readonly TcpClient _here;
    private readonly HandClock _clock = new();
    private int _opened;

    public GreedyPeerTests()
    {
        _listener.Start();
        _peer.Connect((IPEndPoint)_listener.LocalEndpoint);
        _here = _listener.AcceptTcpClient();
    }

    [Fact]
    public async Task AnAssociationIsTakenBeforeTheNextIsOpened()
    {
        var carrier = Carry();
        var frames = new ArrayBufferWriter<byte>();
        for (var id = 1u; id <= 2001; id += 2)
        {
            new CarrierFrame(CarrierFrameKind.Open, id, ByteString.Empty).Write(frames);
            new CarrierFrame(CarrierFrameKind.Close, id, ByteString.Empty).Write(frames);
        }
        await _peer.GetStream().WriteAsync(frames.WrittenMemory);

        var running = carrier.RunAsync();
        await Until.TrueAsync(() => Passed(TimeSpan.FromSeconds(1), running));
        var reason = await running;

        Assert.Equal(1, _opened);
        Assert.NotEmpty(reason.ToString());
    }

    [Fact]
    public async Task WhoTakesNothingIsGivenUpThoughItSaysThatItLives()
    {
        var carrier = Carry();
        var running = carrier.RunAsync();
        var alive = new ArrayBufferWriter<byte>();
        new CarrierFrame(CarrierFrameKind.Alive, 0, ByteString.Empty).Write(alive);
        var payload = ByteString.CopyFrom(new byte[CarrierFrame.MaxMessage]);

        await Until.TrueAsync(async () =>
        {
            while (!running.IsCompleted && carrier.TrySend(new CarrierFrame(CarrierFrameKind.Data, 1, payload))) { }
            if (_peer.Connected)
                await _peer.GetStream().WriteAsync(alive.WrittenMemory).AsTask()
                    .ContinueWith(_ => { }, TaskScheduler.Default);
            return Passed(TimeSpan.FromMilliseconds(100), running);
        });
    }

    private bool Passed(TimeSpan time, Task running)
    {
        _clock.Advance(time);
        return running.IsCompleted;
    }

    private Carrier Carry() =>
        new(PeerConnection.Plain(_here.Client), ControlAddress.Coordinator, ControlAddress.Named("n-1"), dialled: false,
            _ => Interlocked.Increment(ref _opened), _clock);

    public void Dispose()
    {
        _peer.Dispose();
        _here.Dispose();
        _listener.Dispose();
    }
}
