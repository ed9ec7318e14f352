using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Coordination;

/// <summary>A run as it begins, without a plan.</summary>
/// <param name="State">Its state: which destinations have what already.</param>
/// <param name="Registration">What its origin says of itself, or is known to want.</param>
public sealed record NewRun(RunState State, OriginRegistration Registration)
{
    // No run comes near it; a node that claims a higher one must not use the numbers up.
    private const long HighestCredible = Epoch.Max / 2;

    /// <summary>One of an origin that is here.</summary>
    public static NewRun Of(OriginRegistration origin, RunId run, SnapshotId snapshot,
        IEnumerable<DestinationRegistration> destinations)
    {
        var newest = Newest(destinations, origin.InProgress?.Epoch ?? Epoch.None);
        var state = RunState.Begin(run, origin.Node.Name, snapshot, origin.Required, newest).OriginAt(origin.Data);
        state = state with { IsPaused = origin.Pauses };
        return new NewRun(origin.InProgress?.Seal is { } seal ? state.Sealed(seal) : state, origin);
    }

    /// <summary>A run that brings a snapshot from its holders to destinations that lack it, without its
    /// origin.</summary>
    /// <param name="run">The run.</param>
    /// <param name="snapshot">The snapshot, with its size, digest and owner.</param>
    /// <param name="holders">Its holders, at least one: content comes from one that can be dialled, if there is
    /// one.</param>
    /// <param name="lacking">The destinations that lack it.</param>
    /// <param name="origin">What is known of its origin; null: nothing.</param>
    public static NewRun CatchUp(RunId run, HeldSnapshot snapshot, IReadOnlyList<DestinationRegistration> holders,
        IEnumerable<DestinationRegistration> lacking, KnownOrigin? origin)
    {
        var root = holders.MinBy(holder => holder.Dialled is null)!;
        var totals = new TreeTotals(snapshot.Entries!.Value, 0, snapshot.Bytes!.Value);
        var node = new NodeIdentity(snapshot.Origin, snapshot.OriginIdentity!, 0);
        var registration = new OriginRegistration(node, totals, origin?.Required ?? 1, 1, false, root.Disk, null)
        { Topology = origin?.Topology ?? TopologyChoice.Auto };
        var newest = Newest(holders.Concat(lacking), Epoch.None);
        var state = RunState.Begin(run, snapshot.Origin, snapshot.Snapshot, registration.Required, newest)
            .RootedAt(root.Node.Name, root.Dialled)
            .Sealed(new SealedTree(snapshot.Digest!.Value, totals, 0));
        foreach (var holder in holders)
        {
            var (name, identity) = (holder.Node.Name, holder.Node.Identity);
            state = state.Joined(name, holder.Dialled, holder.Disk, holder.Limit, identity: identity)
                .Stored(name, snapshot.Digest.Value);
        }
        return new NewRun(state, registration);
    }

    private static Epoch Newest(IEnumerable<DestinationRegistration> destinations, Epoch known) =>
        new(destinations.Select(destination => destination.HighestEpoch.Number).Append(known.Number)
            .Max(number => Math.Min(number, HighestCredible)));
}
