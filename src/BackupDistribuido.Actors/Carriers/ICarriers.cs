using Akka.Actor;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>The carriers of one ActorSystem: the coordinator's accepted ones, or a node's dialled one.</summary>
internal interface ICarriers
{
    /// <summary>Starts working; <paramref name="opened"/> gets the associations that a peer opens.</summary>
    void Start(Action<CarrierAssociation> opened);

    /// <summary>The carrier to a system.</summary>
    /// <exception cref="Akka.Remote.Transport.InvalidAssociationException">There is none, and none can be
    /// had.</exception>
    Task<Carrier> ToAsync(Address remote);

    /// <summary>Ends all of them; none comes up after that.</summary>
    Task ShutdownAsync();
}
