using System.Net.Sockets;
using Akka.Actor;
using BackupDistribuido.Actors.Client;
using BackupDistribuido.Actors.Relay;
using BackupDistribuido.Actors.Remoting;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Record;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>A coordinator, from its start until it is asked to stop.</summary>
public static class CoordinatorNode
{
    /// <summary>Runs it until <paramref name="stop"/>. Where it listens is reported as
    /// <see cref="Listening"/>.</summary>
    /// <param name="beside">Starts what the owner wants beside the coordinator, and can ask it; disposed of at the
    /// end.</param>
    /// <exception cref="NodeException">The address is in use or not this machine's.</exception>
    /// <param name="journal">Its record; null: it keeps none.</param>
    public static async Task RunAsync(
        CoordinatorSettings settings, NodeEnvironment environment, CancellationToken stop,
            Func<LocalCoordinator, Task<IAsyncDisposable?>>? beside = null,
        Journal? journal = null)
    {
        var remembered = journal?.Remembered ?? new Remembered();
        var (system, address) = environment.Shared is { } shared
            ? (shared, settings.Listen) : await StartAsync(settings, environment, stop).ConfigureAwait(false);
        await using var relay =
            new RelayPort(settings.RelayListen ?? address.WithPort(0), settings.RelayAdvertise, environment);
        var coordinator = system.ActorOf(Props.Create(() =>
            new CoordinatorActor(settings, environment.Report, TimeProvider.System, journal, remembered, relay)),
                "coordinator");
        if (environment.Shared is null) environment.Report(new Listening("control", address));
        await using var other = beside is null ? null
            : await beside(new LocalCoordinator(coordinator)).ConfigureAwait(false);
        await Task.WhenAny(system.WhenTerminated, Task.Delay(Timeout.Infinite, stop)).ConfigureAwait(false);
        if (environment.Shared is null) await Incarnations.EndAsync(system).ConfigureAwait(false);
    }

    private static async Task<(ActorSystem System, NodeAddress Address)> StartAsync(CoordinatorSettings settings,
        NodeEnvironment environment, CancellationToken stop)
    {
        var (listener, address) = await BindAsync(settings.Listen, stop).ConfigureAwait(false);
        return (environment.Start(ControlEndpoint.ForCoordinator(listener, environment.Key)), address);
    }

    private static async Task<(SecuredListener Listener, NodeAddress Address)> BindAsync(NodeAddress wanted,
        CancellationToken stop)
    {
        try
        {
            var addresses = await HostAddress.ResolveAllAsync(wanted.Host, stop).ConfigureAwait(false);
            var listener = SecuredListener.Bind(addresses, wanted.Port);
            return (listener, wanted.WithPort(listener.LocalEndPoint.Port));
        }
        catch (SocketException e)
        {
            throw new NodeException(ExitCode.Usage, ControlReason.CantListen(wanted, Reason.Of(e)), e);
        }
    }
}
