using System.Collections.Concurrent;
using BackupDistribuido.Actors.Delivery;
using BackupDistribuido.Actors.Destination.Holding;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Transfer.Links;

namespace BackupDistribuido.Actors.Destination.Writing;

/// <summary>Shared by a destination's writers; it outlives ActorSystems.</summary>
/// <param name="Report">Reports events to the owner; from any thread.</param>
/// <param name="Stored">Told of each published snapshot.</param>
/// <param name="Limit">How fast it may send, and how fast it may receive; null: as fast as it can.</param>
internal sealed record DestinationWork(
    NodeName Name, DestinationRoot Root, ExpectedLinks ExpectedLinks, ClusterKey? Security, LinkDeadlines Deadlines,
    Action<NodeEvent> Report, Action<HeldSnapshot> Stored, Rate? Limit = null)
{
    /// <summary>How long a process that ends waits for what still reads or writes.</summary>
    public static readonly TimeSpan CloseWait = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Task, bool> _closing = new();

    /// <summary>Whether an origin's folder that another identity left is taken over.</summary>
    public bool Adopt { get; init; }

    /// <summary>What time it is.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How links to children are made.</summary>
    public ILinks Links { get; init; } = new SocketLinks(Security);

    /// <summary>Where children call that dial this node.</summary>
    public ChildConnections Calls { get; init; } = new(Name);

    /// <summary>What all links to children keep to.</summary>
    public WireLimit? Sending { get; } = Limit is null ? null : new WireLimit(Limit);

    /// <summary>What all links from parents keep to.</summary>
    public WireLimit? Receiving { get; } = Limit is null ? null : new WireLimit(Limit);

    /// <summary>Which writer has which origin.</summary>
    public OriginClaims Claims { get; } = new();

    /// <summary>Runs that stand still by their owners' wish: of which origin and snapshot. Each run's writer writes it,
    /// anybody reads it.</summary>
    public ConcurrentDictionary<RunId, (NodeName Origin, SnapshotId Snapshot)> Paused { get; } = new();

    /// <summary>
    /// Gets each stored file that was read for another purpose and is wrong, and each snapshot that can't be opened;
    /// null: not needed.
    /// </summary>
    public DamageReports? Damage { get; init; }

    /// <summary>Told which old snapshots of an origin were removed.</summary>
    public Action<NodeName, IReadOnlyList<SnapshotId>> Removed { get; init; } = (_, _) => { };

    /// <summary>Staging that is not being written.</summary>
    public AbandonedStaging AbandonedStaging => field ??= new AbandonedStaging(Root, Claims);

    /// <summary>The room of origins whose folders are on other file systems than ROOT.</summary>
    public OriginSpace Rooms => field ??= new OriginSpace(Root);

    /// <summary>
    /// Opens a published snapshot; a damaged one is no copy from then on. Takes as long as reading its manifest.
    /// </summary>
    /// <param name="mustHaveAll">Refuses one that lacks files because of their names; that is not damage.</param>
    /// <exception cref="IOException">There is none, it can't be read, or it lacks files.</exception>
    /// <exception cref="InvalidDataException">Its manifest is not the sealed one.</exception>
    public StoredTree OpenStored(NodeName origin, SnapshotId id, bool mustHaveAll = false)
    {
        try
        {
            return StoredTree.Open(Root, origin, id, mustHaveAll);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            Damage?.Unopened(origin, id, e);
            throw;
        }
    }

    /// <summary>A writer's files are being closed and cleaned up; the root waits for it.</summary>
    public void Closing(Task task)
    {
        _closing[task] = true;
        task.ContinueWith(ended => _closing.TryRemove(ended, out _), TaskScheduler.Default);
    }

    /// <summary>Completes when all files are closed, or after a while all the same.</summary>
    public Task ClosedAsync() => Task.WhenAny(Task.WhenAll(_closing.Keys), Task.Delay(CloseWait));
}
