using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Hosting.Nodes;

/// <summary>A coordinator that is asked, one question at a time. One that is not reached is a
/// <see cref="CommandFailure"/>, and may be asked again.</summary>
public interface ICoordinator : IAsyncDisposable
{
    /// <summary>Connected nodes, runs, protected snapshots.</summary>
    Task<ClusterStatus> Status(CancellationToken stop);

    /// <summary>The newest runs, of one origin or of all.</summary>
    Task<RunsAnswer> Runs(NodeName? origin, int most, CancellationToken stop);

    /// <summary>All snapshots, of one origin or of all, the newest first: a part of at most so many.</summary>
    /// <param name="after">Where this part begins, as given by the previous part; null: the first one.</param>
    Task<SnapshotsAnswer> Snapshots(NodeName? origin, int most, CatalogueCursor? after, CancellationToken stop);
}
