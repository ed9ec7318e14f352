using System.Security.Cryptography;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Transport;
using BackupDistribuido.Actors.Carriers;

namespace BackupDistribuido.Actors.Remoting;

/// <summary>
/// Akka.Remote's transport between the nodes and their coordinator: TCP, or TLS with the cluster's key, dialled by the
/// nodes only. Akka creates it by name; its dependencies are in the <see cref="ControlEndpoint"/> of the system's
/// setup.
/// </summary>
public sealed class ControlTransport : Transport
{
    private readonly Address _self;
    private readonly ICarriers _carriers;

    /// <summary>Called by Akka.</summary>
    /// <exception cref="ConfigurationException">The system was set up without a
    /// <see cref="ControlEndpoint"/>.</exception>
    public ControlTransport(ActorSystem system, Config config)
    {
        System = system;
        Config = config;
        SchemeIdentifier = ControlAddress.Scheme;
        MaximumPayloadBytes = CarrierFrame.MaxMessage;
        var endpoint = system.Settings.Setup.Get<ControlEndpoint>().GetOrElse(null!)
            ?? throw new ConfigurationException($"the system has no {nameof(ControlEndpoint)}");
        var isCoordinator = endpoint.Listener is not null;
        _self = Wire(isCoordinator
            ? ControlAddress.Coordinator
            : ControlAddress.Named("n-" + RandomNumberGenerator.GetHexString(32, lowercase: true)));
        var log = Logging.GetLogger(system, typeof(ControlTransport));
        _carriers = isCoordinator
            ? new AcceptedCarriers(endpoint.Listener!, endpoint.Key, endpoint.Limits, _self, ControlPeers.Of(system),
                system.EventStream, endpoint.Clock, log)
            : new DialledCarrier(endpoint.Coordinator!, endpoint.Key, _self, system.EventStream, endpoint.Clock, log);
    }

    /// <inheritdoc/>
    public override Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        var listener =
            new TaskCompletionSource<IAssociationEventListener>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = StartAsync(listener.Task);
        return Task.FromResult((_self, listener));
    }

    /// <inheritdoc/>
    public override bool IsResponsibleFor(Address remote) => true;

    /// <inheritdoc/>
    public override async Task<AssociationHandle> Associate(Address remoteAddress)
    {
        var carrier = await _carriers.ToAsync(ControlAddress.Named(remoteAddress.Host ?? "")).ConfigureAwait(false);
        return carrier.Open() ?? throw new InvalidAssociationException($"{remoteAddress} has just gone");
    }

    /// <inheritdoc/>
    public override async Task<bool> Shutdown()
    {
        await _carriers.ShutdownAsync().ConfigureAwait(false);
        return true;
    }

    private async Task StartAsync(Task<IAssociationEventListener> listening)
    {
        var listener = await listening.ConfigureAwait(false);
        _carriers.Start(association => listener.Notify(new InboundAssociation(association)));
    }

    // Akka puts its "akka." before the scheme above this layer, and takes it away below.
    private static Address Wire(Address address) => address.WithProtocol(ControlAddress.Scheme);
}
