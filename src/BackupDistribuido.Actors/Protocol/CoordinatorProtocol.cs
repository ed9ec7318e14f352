using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Actors.Protocol;

/// <summary>Destination to coordinator, each second: I am here. Answered by <see cref="DestinationRegistered"/> or
/// <see cref="RegistrationRefused"/>.</summary>
public sealed record RegisterDestination(DestinationRegistration Registration) : IWireMessage;

/// <summary>
/// Coordinator to destination: you count. <paramref name="Warning"/>: you don't, for that reason; its owner should read
/// it.
/// </summary>
public sealed record DestinationRegistered(NodeIdentity Node, Reason? Warning = null) : IWireMessage;

/// <summary>Origin to coordinator, each second. Answered by <see cref="OriginRegistered"/> or
/// <see cref="RegistrationRefused"/>.</summary>
public sealed record RegisterOrigin(OriginRegistration Registration) : IWireMessage;

/// <summary>
/// Coordinator to origin, as the answer to each registration and at each change: how many destinations are connected,
/// and how many of them could hold this origin's tree. <paramref name="NotEligible"/> says why the others could not;
/// <paramref name="Newest"/> is the newest of its snapshots that any of them has.
/// </summary>
public sealed record OriginRegistered(NodeIdentity Node, int Connected, int Eligible, IReadOnlyList<Reason> NotEligible,
    HeldSnapshot? Newest = null) : IWireMessage;

/// <summary>Coordinator to node: another live node has the name.</summary>
public sealed record RegistrationRefused(NodeIdentity Node, Reason Reason) : IWireMessage;

/// <summary>Node to coordinator, last: I leave now.</summary>
public sealed record Leave(NodeRole Role, NodeIdentity Node) : IWireMessage;

/// <summary>
/// Anyone to coordinator: asks for connected nodes, protected snapshots and runs. Answered by
/// <see cref="StatusAnswer"/>.
/// </summary>
public sealed record AskStatus : IWireMessage;

/// <summary>The answer to <see cref="AskStatus"/>.</summary>
public sealed record StatusAnswer(ClusterStatus Status) : IWireMessage;

/// <summary>Anyone to coordinator: which runs were there? <paramref name="Origin"/> null: everyone's. Answered by
/// <see cref="RunsAnswer"/>.</summary>
public sealed record AskRuns(NodeName? Origin, int Most) : IWireMessage
{
    /// <summary>Most runs in an answer; it has to fit into one message.</summary>
    public const int MostAnswered = 200;
}

/// <summary>
/// The newest runs that the record has, the last one first, and which runs are under way; <paramref name="Problem"/>
/// says why the record could not be asked.
/// </summary>
public sealed record RunsAnswer(IReadOnlyList<RunHistory> Runs, IReadOnlyList<RunId> Live, Reason? Problem)
    : IWireMessage;

/// <summary>Anyone to coordinator: which snapshots are there? <paramref name="Origin"/> null: everyone's. Answered by
/// <see cref="SnapshotsAnswer"/>.</summary>
/// <param name="IsListing">Whether all are asked for, in parts, from the catalogues of the destinations; not: the
/// newest, from the record.</param>
/// <param name="After">Where the part of a listing begins; null: with the first.</param>
public sealed record AskSnapshots(
    NodeName? Origin, int Most, bool IsListing = false, CatalogueCursor? After = null) : IWireMessage
{
    /// <summary>Most snapshots in an answer; it has to fit into one message.</summary>
    public const int MostAnswered = 200;
}

/// <summary>
/// The newest snapshots, the last one first; without a record only the newest of each origin.
/// <paramref name="Problem"/> says why the record could not be asked.
/// </summary>
/// <param name="Listing">How a listing continues; null: this is not a listing, or the coordinator is an older
/// one.</param>
public sealed record SnapshotsAnswer(
    IReadOnlyList<SnapshotHistory> Snapshots, Reason? Problem, SnapshotListing? Listing = null) : IWireMessage;

/// <summary>
/// Coordinator to destination: asks for the changes in its catalogue after that number. Answered by
/// <see cref="CatalogueAnswer"/>. Only destinations whose registration says that they have a catalogue are asked.
/// </summary>
public sealed record AskCatalogue(long After) : IWireMessage;

/// <summary>Destination to coordinator: a part of its catalogue.</summary>
public sealed record CatalogueAnswer(NodeIdentity Node, CataloguePage Page) : IWireMessage;
