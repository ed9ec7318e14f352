using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Hosting;
using BackupDistribuido.Hosting.Nodes;

namespace BackupDistribuido.Cli.Tests.Running;

/// <summary>A coordinator that answers what a test says: of several states one after the other, the last one for good;
/// null is one in which it is not reached.</summary>
internal sealed class ScriptedCoordinator(params IReadOnlyList<ClusterStatus?> states) : ICoordinator
{
    private int _asked;

    public RunsAnswer RunsAnswer { get; init; } = new([], [], null);
    public SnapshotsAnswer SnapshotsAnswer { get; init; } = new([], null, new SnapshotListing(null, [], 0));

    /// <summary>What follows on <see cref="SnapshotsAnswer"/>, by where it begins.</summary>
    public IReadOnlyDictionary<CatalogueCursor, SnapshotsAnswer> MoreSnapshots { get; init; } =
        new Dictionary<CatalogueCursor, SnapshotsAnswer>();

    /// <summary>What the newest question was about.</summary>
    public (NodeName? Origin, int Most) Asked { get; private set; }

    public Task<ClusterStatus> Status(CancellationToken stop) =>
        Task.FromResult(states.Count == 0
            ? new ClusterStatus([], [], [])
            : states[Math.Min(_asked++, states.Count - 1)]
            ?? throw new CommandFailure(ExitCode.NotEnoughDestinations, "not reached"));

    public Task<RunsAnswer> Runs(NodeName? origin, int most, CancellationToken stop)
    {
        Asked = (origin, most);
        return Task.FromResult(RunsAnswer);
    }

    public Task<SnapshotsAnswer> Snapshots(
        NodeName? origin, int most, CatalogueCursor? after, CancellationToken stop)
    {
        Asked = (origin, most);
        return Task.FromResult(after is null ? SnapshotsAnswer : MoreSnapshots[after]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
