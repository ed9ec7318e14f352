using BackupDistribuido.Core.Delivery;

namespace BackupDistribuido.Actors.Origin;

/// <summary>What its owner holds of an origin while it runs. From any thread.</summary>
public sealed class OriginControl
{
    private volatile bool _mayStart = true, _isPaused;
    private volatile Func<RunId, FileQuery, FilePage>? _files;

    /// <summary>Whether a run may begin; the coordinator hears of it within a second. A run that has begun goes on.</summary>
    public bool MayStart
    {
        get => _mayStart;
        set => _mayStart = value;
    }

    /// <summary>Whether nothing is to be sent for now. The coordinator hears of it within a second, and ends the links: what is there stays, and the rest comes when it goes on.</summary>
    public bool IsPaused
    {
        get => _isPaused;
        set => _isPaused = value;
    }

    /// <summary>Files of its run.</summary>
    public Task<FilePage> FilesAsync(RunId run, FileQuery query) => Task.Run(() => _files?.Invoke(run, query) ?? FilePage.Without("There is no run."));

    internal void Attach(Func<RunId, FileQuery, FilePage>? files) => _files = files;
}
