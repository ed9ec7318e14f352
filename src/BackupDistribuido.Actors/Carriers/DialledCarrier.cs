using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Transport;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>A node's carrier to its coordinator, dialled when Akka wants to send and there is none.</summary>
internal sealed class DialledCarrier(NodeAddress coordinator, ClusterKey? key, Address self, EventStream events,
    TimeProvider clock, ILoggingAdapter log) : ICarriers
{
    private static readonly TimeSpan ConnectWait = TimeSpan.FromSeconds(4);

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
        if (current.IsCompletedSuccessfully) current.Result.End(ControlReason.Stopping);
    }

    private async Task<Carrier> DialAsync()
    {
        try
        {
            var connection = await SecuredDialer.DialAsync(coordinator, key,
                (greeted, over) => CarrierHandshake.DialAsync(greeted, self.Host!, over), _stopping.Token, ConnectWait,
                CarrierHandshake.Deadline).ConfigureAwait(false);
            var carrier = new Carrier(connection, self, ControlAddress.Coordinator, dialled: true, _opened, clock);
            _ = CarryAsync(carrier);
            return carrier;
        }
        catch (Exception e) when (e is SocketException or CarrierRefusedException or HandshakeException)
        {
            var refused = e is not SocketException;
            var reason = refused ? CarrierHandshake.ReasonOf(e) : Reason.Of(e);
            _refusals.Warn(refused
                ? "Refused by what answers at {Coordinator}: {Reason}"
                : "Cannot reach the coordinator at {Coordinator}: {Reason}", coordinator.ToString(), reason.ToString());
            events.Publish(new CoordinatorUnreachable(reason, refused));
            throw new InvalidAssociationException($"{coordinator}: {reason}");
        }
    }

    private async Task CarryAsync(Carrier carrier)
    {
        var running = carrier.RunAsync();
        _refusals.Clear();
        log.Info("Connected to the coordinator at {Coordinator}", coordinator);
        var reason = await running.ConfigureAwait(false);
        if (!_stopping.IsCancellationRequested)
            log.Warning("Lost the coordinator at {Coordinator}: {Reason}", coordinator, reason);
        events.Publish(new CarrierLost(carrier.Peer, reason));
    }
}
