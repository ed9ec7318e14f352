using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Web.Feed;

namespace BackupDistribuido.Hosting.Pages;

/// <summary>What an origin's pages ask it, and a destination's, which has nothing to tell besides its feed.</summary>
public sealed class OriginPages(OriginControl? origin) : INodeQueries
{
    public Task<ClusterStatus?> StatusAsync(CancellationToken cancel) => Task.FromResult<ClusterStatus?>(null);

    public Task<FilePage> FilesAsync(FilesOf whose, FileQuery query, CancellationToken cancel) =>
        (whose is FilesOf.Run run ? origin?.FilesAsync(run.Id, query).WaitAsync(cancel) : null)
            ?? Task.FromResult(FilePage.Without(FilesReason.OnlyAtOrigin));

    public Task<RunsOfRecord> RunsAsync(int most, CancellationToken cancel) =>
        Task.FromResult(new RunsOfRecord([], FilesReason.OnlyAtCoordinator));
}
