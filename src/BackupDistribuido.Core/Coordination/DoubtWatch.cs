using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Core.Coordination;

/// <summary>
/// When all that is held is looked over for doubts, and which of them are new. No clock: times are given.
/// </summary>
public sealed class DoubtWatch
{
    /// <summary>How often it is looked at after something has changed.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>The interval without a change, because some doubts depend on the clock.</summary>
    public static readonly TimeSpan QuietPeriod = TimeSpan.FromSeconds(60);

    private HashSet<Reason> _known = [];
    private TimeSpan _looked;
    private bool _hasNews;

    /// <summary>Something has changed.</summary>
    public void Changed() => _hasNews = true;

    /// <summary>Whether it is time to look.</summary>
    public bool IsDue(TimeSpan now) => now - _looked >= (_hasNews ? Period : QuietPeriod);

    /// <summary>
    /// The new ones of the current doubts: each is reported once, and again if it was gone meanwhile.
    /// </summary>
    public IReadOnlyList<Reason> Fresh(IReadOnlyList<Reason> current, TimeSpan now)
    {
        (_looked, _hasNews) = (now, false);
        var fresh = current.Where(doubt => !_known.Contains(doubt)).ToList();
        _known = [.. current];
        return fresh;
    }
}
