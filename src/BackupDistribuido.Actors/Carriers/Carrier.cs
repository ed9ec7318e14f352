using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Threading.Channels;
using Akka.Actor;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Streams.Connections;
using Google.Protobuf;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>
/// One connection between a node and the coordinator, always dialled by the node. It carries every association of the
/// two systems, opened by either, so the coordinator can open one to a node that can't be dialled: Akka does that after
/// each reconnection.
/// </summary>
internal sealed class Carrier
{
    /// <summary>How long a carrier lasts without a byte from the other side, which says at least
    /// <see cref="CarrierFrameKind.Alive"/> each second.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(6);

    private const int MaxAssociations = 64;
    private const int MaxUnsent = 4 << 20;
    private const int WriteBatch = 64 << 10;
    private static readonly TimeSpan AliveInterval = TimeSpan.FromSeconds(1);

    private readonly PeerConnection _connection;
    private readonly Action<CarrierAssociation> _opened;
    private readonly TimeProvider _clock;
    private readonly Func<ByteString, string?>? _guard;
    private readonly ConcurrentDictionary<uint, CarrierAssociation> _associations = new();
    private readonly Channel<CarrierFrame> _outbox =
        Channel.CreateUnbounded<CarrierFrame>(new() { SingleReader = true });
    private readonly CancellationTokenSource _ended = new();
    private readonly Address _self;
    private uint _nextId;
    private long _unsent;
    private Reason? _reason;

    /// <param name="connection">After its greeting; closed with the carrier.</param>
    /// <param name="self">This system, as the transport says it: without the <c>akka.</c> before its scheme.</param>
    /// <param name="peer">The other one, as everybody else says it.</param>
    /// <param name="dialled">Whether this side dialled: the two number their associations apart, odd and even.</param>
    /// <param name="opened">Gets every association that the other side opens.</param>
    /// <param name="guard">Returns why a payload of the other side is refused, which ends the carrier; null:
    /// accepted.</param>
    public Carrier(PeerConnection connection, Address self, Address peer, bool dialled,
        Action<CarrierAssociation> opened, TimeProvider clock, Func<ByteString, string?>? guard = null)
    {
        (_connection, _self, Peer, _opened, _clock, _guard) = (connection, self, peer, opened, clock, guard);
        _nextId = dialled ? 1u : 2u;
    }

    public Address Peer { get; }

    public bool IsUp => !_ended.IsCancellationRequested;

    /// <summary>Carries until the connection ends, and returns why it did.</summary>
    public async Task<Reason> RunAsync()
    {
        Task[] loops = [ReadAsync(), WriteAsync(), SayAliveAsync()];
        var first = await Task.WhenAny(loops).ConfigureAwait(false);
        End(first.Exception?.InnerException switch
        {
            TimeoutException => ControlReason.Stalled,
            InvalidDataException e => Reason.Of(e),
            _ => ControlReason.Ended,
        });
        await Task.WhenAll(loops).ContinueWith(static t => _ = t.Exception, TaskScheduler.Default)
            .ConfigureAwait(false);
        foreach (var association in _associations.Values) association.Ended();
        return _reason!;
    }

    /// <summary>Opens an association; null where the carrier has ended.</summary>
    public CarrierAssociation? Open()
    {
        var association = Add(Interlocked.Add(ref _nextId, 2u));
        return TrySend(new CarrierFrame(CarrierFrameKind.Open, association.Id, ByteString.Empty)) ? association : null;
    }

    /// <summary>Ends an association from this side.</summary>
    public void Close(CarrierAssociation association)
    {
        if (_associations.TryRemove(association.Id, out _))
            TrySend(new CarrierFrame(CarrierFrameKind.Close, association.Id, ByteString.Empty));
    }

    /// <summary>Queues a frame; false if the carrier has ended, or too much is queued for more data (Akka then tries
    /// again).</summary>
    public bool TrySend(CarrierFrame frame)
    {
        if (frame.Kind == CarrierFrameKind.Data && Interlocked.Read(ref _unsent) > MaxUnsent) return false;
        Interlocked.Add(ref _unsent, CarrierFrame.HeaderSize + frame.Payload.Length);
        return _outbox.Writer.TryWrite(frame);
    }

    /// <summary>Ends the carrier; the first reason stays.</summary>
    public void End(Reason reason)
    {
        Interlocked.CompareExchange(ref _reason, reason, null);
        _outbox.Writer.TryComplete();
        _ended.Cancel();
        _connection.Dispose();
    }

    private async Task ReadAsync()
    {
        var input = PipeReader.Create(_connection.Stream);
        while (true)
        {
            var read =
                await input.ReadAsync(_ended.Token).AsTask().WaitAsync(Silence, _clock, _ended.Token)
                    .ConfigureAwait(false);
            var buffer = read.Buffer;
            while (CarrierFrame.TryRead(ref buffer, out var frame)) await HandleAsync(frame).ConfigureAwait(false);
            input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted) return;
        }
    }

    private async ValueTask HandleAsync(CarrierFrame frame)
    {
        switch (frame.Kind)
        {
            case CarrierFrameKind.Open when _associations.Count >= MaxAssociations:
                throw new InvalidDataException("it opened too many associations");
            case CarrierFrameKind.Open when (frame.Association ^ _nextId) % 2 == 0
                || _associations.ContainsKey(frame.Association):
                throw new InvalidDataException("it opened an association twice, or one of ours");
            case CarrierFrameKind.Open:
                var opened = Add(frame.Association);
                _opened(opened);
                // Otherwise a peer that opens and closes without end fills Akka's queue.
                await opened.TakenAsync().ConfigureAwait(false);
                break;
            case CarrierFrameKind.Data when _guard?.Invoke(frame.Payload) is { } refusal:
                throw new InvalidDataException(refusal);
            case CarrierFrameKind.Data when _associations.TryGetValue(frame.Association, out var association):
                await association.DeliverAsync(frame.Payload).ConfigureAwait(false);
                break;
            case CarrierFrameKind.Close when _associations.TryRemove(frame.Association, out var association):
                association.Ended();
                break;
        }
    }

    private async Task WriteAsync()
    {
        var batch = new ArrayBufferWriter<byte>(WriteBatch);
        while (await _outbox.Reader.WaitToReadAsync(_ended.Token).ConfigureAwait(false))
        {
            while (batch.WrittenCount < WriteBatch && _outbox.Reader.TryRead(out var frame)) frame.Write(batch);
            // A peer that says it is alive but reads nothing is as good as dead: unsent messages would fill the memory.
            await _connection.Stream.WriteAsync(batch.WrittenMemory, _ended.Token).AsTask()
                .WaitAsync(Silence, _clock, _ended.Token)
                .ConfigureAwait(false);
            await _connection.Stream.FlushAsync(_ended.Token).ConfigureAwait(false);
            Interlocked.Add(ref _unsent, -batch.WrittenCount);
            batch.ResetWrittenCount();
        }
    }

    private async Task SayAliveAsync()
    {
        using var timer = new PeriodicTimer(AliveInterval, _clock);
        while (await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false))
        {
            if (Interlocked.Read(ref _unsent) == 0)
                TrySend(new CarrierFrame(CarrierFrameKind.Alive, 0, ByteString.Empty));
        }
    }

    private CarrierAssociation Add(uint id) =>
        _associations[id] = new CarrierAssociation(this, id, _self, Peer.WithProtocol(ControlAddress.Scheme), _clock);
}
