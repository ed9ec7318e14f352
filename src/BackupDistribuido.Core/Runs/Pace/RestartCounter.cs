using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Runs.Pace;

/// <summary>
/// How often each destination was started again in a run without getting any further: one that crashes each time when
/// it comes to the same place would hold a run that lacks copies without end. Who is only out of reach for a while,
/// however often, is not meant. No clock.
/// </summary>
public sealed class RestartCounter
{
    /// <summary>So often it may be started again at one place of its work.</summary>
    public const int Most = 10;

    private readonly Dictionary<string, (long Incarnation, int Times, long Done)> _known = new(StringComparer.Ordinal);

    /// <summary>A destination is here. False where it was started again too often.</summary>
    /// <param name="hasWork">Whether anything is being sent to it: a run that stands still brings nobody any
    /// further.</param>
    public bool Begins(NodeIdentity node, bool hasWork = true)
    {
        if (!_known.TryGetValue(node.Identity, out var known)) known = (node.Incarnation, 0, 0);
        else if (known.Incarnation != node.Incarnation)
            known = (node.Incarnation, known.Times + (hasWork ? 1 : 0), known.Done);
        _known[node.Identity] = known;
        return known.Times <= Most;
    }

    /// <summary>It has so many bytes of the tree now, or has read so many of what it had again. More than ever before
    /// is getting further.</summary>
    public void Has(NodeIdentity node, long done)
    {
        if (_known.TryGetValue(node.Identity, out var known) && done > known.Done)
            _known[node.Identity] = (known.Incarnation, 0, done);
    }
}
