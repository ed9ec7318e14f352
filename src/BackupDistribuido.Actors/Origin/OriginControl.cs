using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Actors.Origin;

/// <summary>What its owner holds of an origin while it runs. From any thread.</summary>
public sealed class OriginControl
{
    private volatile bool _mayStart = true, _isPaused;
    private volatile int _expected = -1;
    private volatile Func<RunId, FileQuery, FilePage>? _files;

    /// <summary>Whether a run may begin; the coordinator hears of it within a second. A run that has begun goes
    /// on.</summary>
    public bool MayStart
    {
        get => _mayStart;
        set => _mayStart = value;
    }

    /// <summary>Whether nothing is to be sent for now. The coordinator hears of it within a second, and ends the links:
    /// what is there stays, and the rest comes when it goes on.</summary>
    public bool IsPaused
    {
        get => _isPaused;
        set => _isPaused = value;
    }

    /// <summary>How many destinations can come at all, where that is known: once they are connected nobody else is
    /// waited for. Null: it is not known.</summary>
    public int? Expected
    {
        get => _expected is var known and >= 0 ? known : null;
        set => _expected = value ?? -1;
    }

    /// <summary>Why connected destinations could not hold the tree, as "name: reason", by what the coordinator said
    /// last.</summary>
    public IReadOnlyList<Reason> NotEligible { get; internal set; } = [];

    /// <summary>Files of its run.</summary>
    public Task<FilePage> FilesAsync(RunId run, FileQuery query) =>
        Task.Run(() => _files?.Invoke(run, query) ?? FilePage.Without(FilesReason.NoRun));

    internal void Attach(Func<RunId, FileQuery, FilePage>? files) => _files = files;
}
