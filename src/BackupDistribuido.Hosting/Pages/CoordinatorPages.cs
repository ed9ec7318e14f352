using Akka.Actor;
using BackupDistribuido.Actors.Client;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Web.Feed;

namespace BackupDistribuido.Hosting.Pages;

/// <summary>The questions of the pages to their coordinator.</summary>
internal sealed class CoordinatorPages(LocalCoordinator coordinator) : INodeQueries
{
    public async Task<ClusterStatus?> StatusAsync(CancellationToken cancel) =>
        await coordinator.StatusAsync(cancel).ConfigureAwait(false);

    public async Task<FilePage> FilesAsync(FilesOf whose, FileQuery query, CancellationToken cancel)
    {
        try
        {
            return await coordinator.FilesAsync(whose, query, cancel).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return FilePage.Without(whose is FilesOf.Run ? FilesReason.OriginSilent : FilesReason.HolderSilent);
        }
    }

    public async Task<RunsOfRecord> RunsAsync(int most, CancellationToken cancel)
    {
        try
        {
            var answer = await coordinator.RunsAsync(most, cancel).ConfigureAwait(false);
            return new RunsOfRecord(answer.Runs, answer.Problem);
        }
        catch (AskTimeoutException)
        {
            return new RunsOfRecord([], ControlReason.CoordinatorSilent);
        }
    }
}
