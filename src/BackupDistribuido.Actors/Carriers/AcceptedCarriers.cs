using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Transport;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>The coordinator's carriers, by the name that each node gave itself. It dials nobody, whatever address a
/// message mentions.</summary>
internal sealed class AcceptedCarriers(ControlListener listener, ClusterKey? key, Address self, EventStream events,
    ILoggingAdapter log) : ICarriers
{
    private const int MaxStrangers = 256, MaxStrangersOfOne = 32;
    private const int MaxPeers = 4096;
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<Address, Carrier> _byPeer = new();
    private readonly Strangers _strangers = new(MaxStrangers, MaxStrangersOfOne);
    private readonly CancellationTokenSource _stopping = new();
    private readonly RefusalLog _refusals = new(log);
    private Action<CarrierAssociation> _opened = _ => { };
    private Task _accepting = Task.CompletedTask;

    public void Start(Action<CarrierAssociation> opened)
    {
        _opened = opened;
        _accepting = Task.Run(AcceptAsync);
    }

    public Task<Carrier> ToAsync(Address remote) => _byPeer.TryGetValue(remote, out var carrier) && carrier.IsUp
        ? Task.FromResult(carrier)
        : Task.FromException<Carrier>(new InvalidAssociationException($"{remote} is not connected; it is the nodes that dial"));

    public async Task ShutdownAsync()
    {
        _stopping.Cancel();
        listener.Dispose();
        await _accepting.ConfigureAwait(false);
        foreach (var carrier in _byPeer.Values) carrier.End("this system stops");
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                _ = Task.Run(() => ServeAsync(socket));
            }
            catch (Exception e) when (_stopping.IsCancellationRequested && e is OperationCanceledException
                or ObjectDisposedException or SocketException)
            {
                return;
            }
            catch (SocketException e)
            {
                // Out of descriptors, or a stranger that left before it was accepted: the listener itself is well.
                _refusals.Warn("Could not accept a connection at {Place}: {Reason}", listener.LocalEndPoint.ToString(),
                    e.Message);
                await Task.Delay(AcceptPause).ConfigureAwait(false);
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        Carrier carrier;
        if (RemoteOf(socket) is not { } peer) return;
        using var pushedOut = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var place = _strangers.Enter(peer.Address, () => _ = pushedOut.CancelAsync());
        try
        {
            var (stream, token) =
                await CarrierHandshake.AcceptAsync(socket, key, pushedOut.Token).ConfigureAwait(false);
            carrier = new Carrier(stream, self, ControlAddress.Named(token), dialled: false, _opened);
        }
        catch (CarrierRefusedException e)
        {
            if (e.WasSilent)
                log.Debug("{Peer} closed its connection to the control port without a word", peer.Address.ToString());
            else _refusals.Warn("Refused {Peer} on the control port: {Reason}", peer.Address.ToString(), e.Message);
            return;
        }
        catch (OperationCanceledException)
        {
            if (!_stopping.IsCancellationRequested)
                _refusals.Warn("Refused {Peer} on the control port: {Reason}", peer.Address.ToString(),
                    "it was silent, and others needed its place");
            return;
        }
        finally
        {
            place.Dispose();
        }
        await CarryAsync(carrier).ConfigureAwait(false);
    }

    private static IPEndPoint? RemoteOf(Socket socket)
    {
        try
        {
            return (IPEndPoint)socket.RemoteEndPoint!;
        }
        catch (SocketException)
        {
            // It has gone already.
            socket.Dispose();
            return null;
        }
    }

    private async Task CarryAsync(Carrier carrier)
    {
        var running = carrier.RunAsync();
        if (_byPeer.Count >= MaxPeers) carrier.End("too many nodes are connected");
        if (_byPeer.TryGetValue(carrier.Peer, out var older)) older.End("it dialled again");
        _byPeer[carrier.Peer] = carrier;
        if (_stopping.IsCancellationRequested) carrier.End("this system stops");
        var reason = await running.ConfigureAwait(false);
        _byPeer.TryRemove(KeyValuePair.Create(carrier.Peer, carrier));
        events.Publish(new CarrierLost(carrier.Peer, reason));
    }
}
