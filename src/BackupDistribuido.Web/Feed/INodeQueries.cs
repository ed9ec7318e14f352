using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Web.Feed;

/// <summary>What pages ask a node besides what its feed shows. From any thread; an answer that can't be had says why,
/// and throws nothing but a cancellation.</summary>
public interface INodeQueries
{
    /// <summary>The coordinator's status; null at other nodes.</summary>
    Task<ClusterStatus?> StatusAsync(CancellationToken cancel);

    /// <summary>Files of a run or a snapshot, with their copies.</summary>
    Task<FilePage> FilesAsync(FilesOf whose, FileQuery query, CancellationToken cancel);

    /// <summary>The newest runs of the record, the last one first.</summary>
    Task<RunsOfRecord> RunsAsync(int most, CancellationToken cancel);
}

/// <summary>Runs as the record has them; <paramref name="Problem"/> says why it could not be asked.</summary>
public sealed record RunsOfRecord(IReadOnlyList<RunHistory> Runs, Reason? Problem);
