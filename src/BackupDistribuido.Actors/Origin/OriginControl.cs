using BackupDistribuido.Core.Delivery;

namespace BackupDistribuido.Actors.Origin;

/// <summary>What its owner holds of an origin while it runs. From any thread.</summary>
public sealed class OriginControl
{
    private volatile bool _mayStart = true;
    private volatile Func<FileQuery, FilePage>? _files;

    /// <summary>Whether a run may begin; the coordinator hears of it within a second. A run that has begun goes on.</summary>
    public bool MayStart
    {
        get => _mayStart;
        set => _mayStart = value;
    }

    /// <summary>Files of its run.</summary>
    public Task<FilePage> FilesAsync(FileQuery query) => Task.Run(() => _files?.Invoke(query) ?? FilePage.Without("There is no run."));

    internal void Attach(Func<FileQuery, FilePage>? files) => _files = files;
}
