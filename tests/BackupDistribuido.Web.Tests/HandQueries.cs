using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Web.Feed;

namespace BackupDistribuido.Web.Tests;

/// <summary>A node that answers what a test says.</summary>
internal sealed class HandQueries : INodeQueries
{
    public Func<ClusterStatus?> Status { get; set; } = () => SampleStatus.Nobody;

    public Func<FileQuery, FilePage> Files { get; set; } = _ => FilePage.Without(Reason.Text("none"));

    public IReadOnlyList<RunHistory> Runs { get; set; } = [];

    public List<(FilesOf Whose, FileQuery Query)> Asked { get; } = [];

    public Task<ClusterStatus?> StatusAsync(CancellationToken cancel)
    {
        try
        {
            return Task.FromResult(Status());
        }
        catch (TimeoutException e)
        {
            return Task.FromException<ClusterStatus?>(e);
        }
    }

    public Task<FilePage> FilesAsync(FilesOf whose, FileQuery query, CancellationToken cancel)
    {
        lock (Asked) Asked.Add((whose, query));
        return Task.FromResult(Files(query));
    }

    public Task<RunsOfRecord> RunsAsync(int most, CancellationToken cancel) =>
        Task.FromResult(new RunsOfRecord(Runs, null));
}
