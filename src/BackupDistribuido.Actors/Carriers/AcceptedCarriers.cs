using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Transport;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Streams.Connections;
using Google.Protobuf;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>
/// The coordinator's carriers, by the name that each node gave itself. The coordinator never dials, whatever address a
/// message mentions.
/// </summary>
internal sealed class AcceptedCarriers(SecuredListener listener, ClusterKey? key, PendingConnectionLimits limits,
    Address self, ControlPeers peers, EventStream events, TimeProvider clock, ILoggingAdapter log) : ICarriers, IGreeter
{
    private const int MaxPeers = 4096;
    private const string RefusedPeer = "Refused {Peer} on the control port: {Reason}";

    private readonly ConcurrentDictionary<Address, Carrier> _byPeer = new();
    private readonly RefusalLog _refusals = new(log);
    private Action<CarrierAssociation> _opened = _ => { };
    private volatile bool _isStopping;

    public void Start(Action<CarrierAssociation> opened)
    {
        _opened = opened;
        listener.Start(this, key, limits);
    }

    public Task<Carrier> ToAsync(Address remote) => _byPeer.TryGetValue(remote, out var carrier) && carrier.IsUp
        ? Task.FromResult(carrier)
        : Task.FromException<Carrier>(
            new InvalidAssociationException($"{remote} is not connected; it is the nodes that dial"));

    public async Task ShutdownAsync()
    {
        _isStopping = true;
        await listener.DisposeAsync().ConfigureAwait(false);
        foreach (var carrier in _byPeer.Values) carrier.End(ControlReason.Stopping);
    }

    public async Task GreetAsync(PeerConnection connection, CancellationToken cancel)
    {
        var token = await CarrierHandshake.AcceptAsync(connection, cancel,
            name => peers.TryBind(ControlAddress.Named(name), connection.Peer)).ConfigureAwait(false);
        var address = ControlAddress.Named(token);
        var guard = new EnvelopeGuard(address);
        _ = CarryAsync(new Carrier(connection, self, address, dialled: false, _opened, clock, Guard));

        string? Guard(ByteString payload)
        {
            var why = guard.WhyNot(payload);
            if (why is not null) _refusals.Warn(RefusedPeer, ((IPEndPoint)connection.Remote).Address.ToString(), why);
            return why;
        }
    }

    public ReadOnlyMemory<byte> Refuse(IPEndPoint remote, Exception why)
    {
        if (why is HandshakeException { Fault: HandshakeFault.Stopping }) return default;
        if (why is CarrierRefusedException { WasSilent: true }
            or HandshakeException { Fault: HandshakeFault.WithoutAWord })
        {
            log.Debug("{Peer} closed its connection to the control port without a word", remote.Address.ToString());
            return default;
        }
        var reason = CarrierHandshake.ReasonOf(why);
        _refusals.Warn(RefusedPeer, remote.Address.ToString(), reason.ToString());
        return why is CarrierRefusedException { IsTold: true }
            or HandshakeException { Fault: HandshakeFault.SpeaksPlain or HandshakeFault.SpeaksTls }
            ? CarrierGreeting.Error(reason)
            : default;
    }

    public void CouldNotAccept(SocketException why) =>
        _refusals.Warn("Could not accept a connection at {Place}: {Reason}", listener.LocalEndPoint.ToString(),
            why.Message);

    private async Task CarryAsync(Carrier carrier)
    {
        var running = carrier.RunAsync();
        if (_byPeer.Count >= MaxPeers) carrier.End(ControlReason.TooMany);
        if (_byPeer.TryGetValue(carrier.Peer, out var older)) older.End(ControlReason.DialledAgain);
        _byPeer[carrier.Peer] = carrier;
        if (_isStopping) carrier.End(ControlReason.Stopping);
        var reason = await running.ConfigureAwait(false);
        _byPeer.TryRemove(KeyValuePair.Create(carrier.Peer, carrier));
        events.Publish(new CarrierLost(carrier.Peer, reason));
    }
}
