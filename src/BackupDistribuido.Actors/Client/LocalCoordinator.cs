using Akka.Actor;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Actors.Client;

/// <summary>Asks the coordinator of this process. From any thread; a question that is not answered within
/// <see cref="CoordinatorClient.Patience"/> fails.</summary>
public sealed class LocalCoordinator(IActorRef coordinator)
{
    /// <summary>Connected nodes, runs, protected snapshots.</summary>
    public async Task<ClusterStatus> StatusAsync(CancellationToken cancel) =>
        (await Ask<StatusAnswer>(new AskStatus(), cancel).ConfigureAwait(false)).Status;

    /// <summary>Files of a run, or of a snapshot.</summary>
    public async Task<FilePage> FilesAsync(FilesOf whose, FileQuery query, CancellationToken cancel) =>
        (await Ask<FilesAnswer>(whose switch
        {
            FilesOf.Run run => new AskFiles(run.Id, query),
            FilesOf.Snapshot snapshot => new AskSnapshotFiles(snapshot.Origin, snapshot.Id, query),
            _ => throw new ArgumentOutOfRangeException(nameof(whose)),
        }, cancel).ConfigureAwait(false)).Page;

    /// <summary>The newest runs that the record has.</summary>
    public Task<RunsAnswer> RunsAsync(int most, CancellationToken cancel) =>
        Ask<RunsAnswer>(new AskRuns(null, most), cancel);

    private Task<T> Ask<T>(IWireMessage question, CancellationToken cancel) =>
        coordinator.Ask<T>(question, CoordinatorClient.Patience, cancel);
}
