using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Transport;
using BackupDistribuido.Actors.Remoting;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>A node's carrier to its coordinator, dialled when Akka wants to send and there is none.</summary>
internal sealed class DialledCarrier(ControlEndpoint endpoint, Address self, EventStream events, ILoggingAdapter log)
    : ICarriers
{
    private static readonly TimeSpan ConnectWait = TimeSpan.FromSeconds(4);

    private readonly NodeAddress _place = endpoint.Coordinator!;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly RefusalLog _refusals = new(log);
    private Action<CarrierAssociation> _opened = _ => { };
    private Task<Carrier>? _current;

    public void Start(Action<CarrierAssociation> opened) => _opened = opened;

    public Task<Carrier> ToAsync(Address remote)
    {
        if (!remote.Equals(ControlAddress.Coordinator))
            return Task.FromException<Carrier>(
                new InvalidAssociationException($"{remote} is not the coordinator; nodes dial nobody else"));
        lock (_lock)
        {
            if (_current is not { } current || current.IsFaulted || current.IsCanceled
                || (current.IsCompletedSuccessfully && !current.Result.IsUp))
                _current = current = Task.Run(DialAsync);
            return current;
        }
    }

    public async Task ShutdownAsync()
    {
        _stopping.Cancel();
        Task<Carrier>? current;
        lock (_lock) current = _current;
        if (current is null) return;
        await current.ContinueWith(static t => _ = t.Exception, TaskScheduler.Default).ConfigureAwait(false);
        if (current.IsCompletedSuccessfully) current.Result.End("this system stops");
    }

    private async Task<Carrier> DialAsync()
    {
        try
        {
            var stream = await AddressRace.ConnectAsync(_place.Host, _place.Port,
                (socket, over) =>
                    CarrierHandshake.DialAsync(socket, endpoint.Key, self.Host!, over), _stopping.Token, ConnectWait)
                        .ConfigureAwait(false);
            var carrier = new Carrier(stream, self, ControlAddress.Coordinator, dialled: true, _opened);
            _ = CarryAsync(carrier);
            return carrier;
        }
        catch (Exception e) when (e is SocketException or CarrierRefusedException)
        {
            var refused = e is CarrierRefusedException;
            _refusals.Warn(refused
                ? "Refused by what answers at {Coordinator}: {Reason}"
                : "Cannot reach the coordinator at {Coordinator}: {Reason}", _place.ToString(), e.Message);
            events.Publish(new CoordinatorUnreachable(e.Message, refused));
            throw new InvalidAssociationException($"{_place}: {e.Message}");
        }
    }

    private async Task CarryAsync(Carrier carrier)
    {
        var running = carrier.RunAsync();
        _refusals.Clear();
        log.Info("Connected to the coordinator at {Coordinator}", _place);
        var reason = await running.ConfigureAwait(false);
        if (!_stopping.IsCancellationRequested)
            log.Warning("Lost the coordinator at {Coordinator}: {Reason}", _place, reason);
        events.Publish(new CarrierLost(carrier.Peer, reason));
    }
}
