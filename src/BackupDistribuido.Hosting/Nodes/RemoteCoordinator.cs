using BackupDistribuido.Actors;
using BackupDistribuido.Actors.Client;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Hosting.Nodes;

/// <summary>A coordinator that is asked over the control plane.</summary>
internal sealed class RemoteCoordinator(CoordinatorClient client) : ICoordinator
{
    public async Task<ClusterStatus> Status(CancellationToken stop) =>
        (await Ask<StatusAnswer>(new AskStatus(), stop)).Status;

    public Task<RunsAnswer> Runs(NodeName? origin, int most, CancellationToken stop) =>
        Ask<RunsAnswer>(new AskRuns(origin, most), stop);

    public Task<SnapshotsAnswer> Snapshots(
        NodeName? origin, int most, CatalogueCursor? after, CancellationToken stop) =>
        Ask<SnapshotsAnswer>(new AskSnapshots(origin, most, IsListing: true, after), stop);

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private async Task<T> Ask<T>(IWireMessage question, CancellationToken stop) where T : IWireMessage
    {
        try
        {
            return await client.AskAsync<T>(question, stop);
        }
        catch (NodeException e)
        {
            throw new CommandFailure(e.Code, e.Reason, e);
        }
    }
}
