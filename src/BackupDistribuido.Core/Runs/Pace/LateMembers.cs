using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Runs.Pace;

/// <summary>
/// Destinations that a run goes on without but keeps asking: those that did not get ready, and those that are
/// re-reading their staging. Reading may take hours; a disk that makes no progress is not waited for. No clock: times
/// are given.
/// </summary>
public sealed class LateMembers
{
    private readonly HashSet<NodeName> _late = [];
    private readonly Dictionary<NodeName, (long Verified, TimeSpan At)> _reading = [];

    /// <summary>The destinations that are asked again.</summary>
    public IReadOnlyCollection<NodeName> Names => _late;

    /// <summary>The run goes on without it. False if it did already.</summary>
    public bool Add(NodeName name) => _late.Add(name);

    /// <summary>It is ready. False where it was not late.</summary>
    public bool Remove(NodeName name) => _late.Remove(name);

    /// <summary>Notes how many bytes a destination has read again. False where it says nothing new.</summary>
    public bool HasAdvanced(NodeName name, long verified, TimeSpan now)
    {
        if (_reading.TryGetValue(name, out var known) && verified <= known.Verified) return false;
        _reading[name] = (verified, now);
        return true;
    }

    /// <summary>It has ended its reading.</summary>
    public void EndsReading(NodeName name) => _reading.Remove(name);

    /// <summary>It left, or begins from the beginning.</summary>
    public void Forget(NodeName name)
    {
        _late.Remove(name);
        _reading.Remove(name);
    }

    /// <summary>Those that read and have not advanced for longer than <paramref name="patience"/>.</summary>
    public IReadOnlyList<NodeName> Stalled(TimeSpan patience, TimeSpan now) =>
        [.. _reading.Where(known => now - known.Value.At > patience).Select(known => known.Key)];
}
