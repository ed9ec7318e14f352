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

    /// <summary>
    /// Whether a run may begin; the coordinator is told within a second. A run that has begun goes on.
    /// </summary>
    public bool MayStart
    {
        get => _mayStart;
        set => _mayStart = value;
    }

    /// <summary>
    /// Whether the run is paused. The coordinator is told within a second, and ends the links: what is stored stays,
    /// and the rest is sent after the pause.
    /// </summary>
    public bool IsPaused
    {
        get => _isPaused;
        set => _isPaused = value;
    }

    /// <summary>
    /// How many destinations can come at all, if known: once they are connected the wait ends. Null: unknown.
    /// </summary>
    public int? Expected
    {
        get => _expected is var known and >= 0 ? known : null;
        set => _expected = value ?? -1;
    }

    /// <summary>
    /// Why connected destinations could not hold the tree, as "name: reason", from the coordinator's last answer.
    /// </summary>
    public IReadOnlyList<Reason> NotEligible { get; internal set; } = [];

    /// <summary>Files of its run.</summary>
    public Task<FilePage> FilesAsync(RunId run, FileQuery query) =>
        Task.Run(() => _files?.Invoke(run, query) ?? FilePage.Without(FilesReason.NoRun));

    internal void Attach(Func<RunId, FileQuery, FilePage>? files) => _files = files;
}
