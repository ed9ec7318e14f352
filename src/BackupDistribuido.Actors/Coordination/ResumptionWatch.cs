using System.Diagnostics;
using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>How far the destinations of a run are that read again what they had staged. Reading may take hours; a disk
/// that gives nothing any more is not waited for.</summary>
internal sealed class ResumptionWatch
{
    private readonly Dictionary<NodeName, (long Verified, long At)> _known = [];

    /// <summary>Notes how many bytes a destination has read. False where it says nothing new.</summary>
    public bool HasAdvanced(NodeName name, long verified)
    {
        if (_known.TryGetValue(name, out var known) && verified <= known.Verified) return false;
        _known[name] = (verified, Stopwatch.GetTimestamp());
        return true;
    }

    /// <summary>It has ended its reading, or left.</summary>
    public void Forget(NodeName name) => _known.Remove(name);

    /// <summary>Those that have not advanced for so long.</summary>
    public IReadOnlyList<NodeName> Stalled(TimeSpan patience) =>
        [.. _known.Where(known => Stopwatch.GetElapsedTime(known.Value.At) > patience).Select(known => known.Key)];
}
