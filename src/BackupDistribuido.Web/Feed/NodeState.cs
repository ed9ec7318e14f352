using System.Collections.Immutable;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Web.Feed;

/// <summary>All that a page shows of a node, as it was at one moment. Nothing in it ever changes.</summary>
/// <param name="Name">The node's name; empty where it has none.</param>
/// <param name="Time">When it was so.</param>
/// <param name="Cluster">The coordinator's status; null at other nodes, and before its first answer.</param>
/// <param name="Problem">Why it does not answer; null: it does.</param>
/// <param name="Events">What happened, the newest first, at most <see cref="MostEvents"/>.</param>
/// <param name="Own">What an origin or a destination knows of itself.</param>
public sealed record NodeState(
    NodeRole Role, string Name, DateTimeOffset Time, ClusterStatus? Cluster, Reason? Problem,
        ImmutableArray<EventLine> Events, OwnState Own)
{
    /// <summary>Most events that are kept for pages.</summary>
    public const int MostEvents = 200;

    /// <summary>Bytes a second that a destination receives in a run; missing: it can't be told yet.</summary>
    public IReadOnlyDictionary<(RunId Run, NodeName Destination), double> Speeds { get; init; } =
        ImmutableDictionary<(RunId, NodeName), double>.Empty;

    /// <summary>The speed of that link, 0 where none can be told.</summary>
    public double Speed(RunId run, NodeName destination) =>
        Speeds.TryGetValue((run, destination), out var speed) ? speed : 0;
}

/// <summary>What an origin or a destination has learned from its own events.</summary>
public sealed record OwnState
{
    /// <summary>Before anything was heard.</summary>
    public static readonly OwnState Nothing = new();

    /// <summary>Most files and skipped entries that are kept for pages.</summary>
    public const int MostFiles = 100, MostSkipped = 500;

    /// <summary>Most runs that are received at once and told of.</summary>
    public const int MostReceptions = 20;

    /// <summary>The coordinator that it is registered with.</summary>
    public NodeAddress? Coordinator { get; init; }

    /// <summary>Why it is not; null: it is, or has not tried.</summary>
    public Reason? WhyNot { get; init; }

    /// <summary>The counts that an origin was told last.</summary>
    public DestinationsChanged? Counts { get; init; }

    /// <summary>The plan that holds.</summary>
    public RunStarted? Run { get; init; }

    /// <summary>Whether its run is paused.</summary>
    public bool IsPaused { get; init; }

    /// <summary>How far the origin's run is.</summary>
    public DeliveryProgress? Progress { get; init; }

    /// <summary>The progress of each reception at a destination, at most <see cref="MostReceptions"/>.</summary>
    public ImmutableArray<ReceptionProgress> Receptions { get; init; } = [];

    /// <summary>How its run ended.</summary>
    public RunSummary? End { get; init; }

    /// <summary>Replicas of its run that count.</summary>
    public ImmutableArray<ReplicaCounted> Stored { get; init; } = [];

    /// <summary>The newest files with their copies, the newest first.</summary>
    public ImmutableArray<FileStored> Files { get; init; } = [];

    /// <summary>Files and bytes that a destination has verified since it began.</summary>
    public long FilesVerified { get; init; }

    /// <inheritdoc cref="FilesVerified"/>
    public long BytesVerified { get; init; }

    /// <summary>The first entries that were left out.</summary>
    public ImmutableArray<EntrySkipped> Skipped { get; init; } = [];

    /// <summary>How many were left out in all.</summary>
    public long SkippedCount { get; init; }

    /// <summary>
    /// The snapshots that a destination has published since its start, newest first, at most <see cref="MostFiles"/>.
    /// </summary>
    public ImmutableArray<ReplicaPublished> Published { get; init; } = [];
}
