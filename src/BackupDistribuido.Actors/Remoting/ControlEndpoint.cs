using Akka.Actor.Setup;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Actors.Remoting;

/// <summary>Where an ActorSystem's control plane is: a coordinator accepts at a listener, a node dials a coordinator
/// and never listens.</summary>
public sealed class ControlEndpoint : Setup
{
    private ControlEndpoint(ClusterKey? key) => Key = key;

    /// <summary>The cluster's key; without one the control plane is plain TCP, for loopback or
    /// <c>--insecure</c>.</summary>
    public ClusterKey? Key { get; }

    internal SecuredListener? Listener { get; private init; }

    internal NodeAddress? Coordinator { get; private init; }

    /// <summary>A coordinator's limits for peers that have not greeted.</summary>
    internal PendingConnectionLimits Limits { get; private init; } = new(CarrierHandshake.Deadline);

    /// <summary>The time by which a silent peer is given up.</summary>
    internal TimeProvider Clock { get; private init; } = TimeProvider.System;

    /// <summary>A coordinator's end. The listener belongs to the ActorSystem from its start, and is closed with
    /// it.</summary>
    public static ControlEndpoint ForCoordinator(SecuredListener listener, ClusterKey? key) =>
        new(key) { Listener = listener };

    /// <summary>The same, with other limits, and by another clock.</summary>
    internal static ControlEndpoint ForCoordinator(SecuredListener listener, ClusterKey? key,
        PendingConnectionLimits limits, TimeProvider clock) =>
        new(key) { Listener = listener, Limits = limits, Clock = clock };

    /// <summary>A node's end: it dials the <paramref name="coordinator"/> (a name or an address of it) whenever it is
    /// not connected.</summary>
    public static ControlEndpoint ForNode(NodeAddress coordinator, ClusterKey? key) =>
        ForNode(coordinator, key, TimeProvider.System);

    /// <summary>The same, by another clock.</summary>
    internal static ControlEndpoint ForNode(NodeAddress coordinator, ClusterKey? key, TimeProvider clock) =>
        new(key) { Coordinator = coordinator, Clock = clock };
}
