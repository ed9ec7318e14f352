using System.Collections.Concurrent;
using Akka.Actor;
using BackupDistribuido.Core.Peers;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>
/// The peers behind the addresses of the nodes that talk to this system: each address belongs to the peer of the
/// connection that brought it (<see cref="EnvelopeGuard"/>), also for a while after that connection has ended. Safe
/// from any thread.
/// </summary>
public sealed class ControlPeers : IExtension
{
    private const int Most = 8192;

    private readonly ConcurrentDictionary<Address, AuthenticatedPeer> _peers = new();
    private readonly ConcurrentQueue<Address> _known = new();

    private ControlPeers()
    {
    }

    /// <summary>Those of a system.</summary>
    public static ControlPeers Of(ActorSystem system) => system.WithExtension<ControlPeers, Provider>();

    /// <summary>The peer that sent a message to an actor; an anonymous one if the sender is in this process.</summary>
    public AuthenticatedPeer PeerOf(IActorRef sender) =>
        _peers.GetValueOrDefault(sender.Path.Address, AuthenticatedPeer.Unknown);

    /// <summary>Whether two actors belong to one peer: their address is that of one node's connections.</summary>
    public static bool AreOfOne(IActorRef one, IActorRef other) => one.Path.Address == other.Path.Address;

    /// <summary>Assigns an address to a peer; false if it belongs to another one.</summary>
    internal bool TryBind(Address address, AuthenticatedPeer peer)
    {
        var owner = _peers.GetOrAdd(address, peer);
        if (ReferenceEquals(owner, peer)) Remember(address);
        return owner == peer;
    }

    // Addresses are random and new at each start of a node's system: the oldest ones are no longer in use.
    private void Remember(Address address)
    {
        _known.Enqueue(address);
        if (_known.Count > Most && _known.TryDequeue(out var oldest)) _peers.TryRemove(oldest, out _);
    }

    private sealed class Provider : ExtensionIdProvider<ControlPeers>
    {
        public override ControlPeers CreateExtension(ExtendedActorSystem system) => new();
    }
}
