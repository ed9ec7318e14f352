using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Runs.Pace;

/// <summary>
/// How often each destination was restarted in a run without progress: one that crashes each time at the same place
/// would hold a run that lacks copies without end. One that is only unreachable for a while, however often, does not
/// count. No clock.
/// </summary>
public sealed class RestartCounter
{
    /// <summary>So often it may be started again at one place of its work.</summary>
    public const int Most = 10;

    private readonly Dictionary<string, (long Incarnation, int Times, long Done)> _known = new(StringComparer.Ordinal);

    /// <summary>A destination is here. False where it was started again too often.</summary>
    /// <param name="hasWork">Whether anything is being sent to it: a paused or stalled run makes no progress for any
    /// destination.</param>
    public bool Begins(NodeIdentity node, bool hasWork = true)
    {
        if (!_known.TryGetValue(node.Identity, out var known)) known = (node.Incarnation, 0, 0);
        else if (known.Incarnation != node.Incarnation)
            known = (node.Incarnation, known.Times + (hasWork ? 1 : 0), known.Done);
        _known[node.Identity] = known;
        return known.Times <= Most;
    }

    /// <summary>It has that many bytes of the tree now, or has re-read that many of its own. More than ever before is
    /// progress.</summary>
    public void Has(NodeIdentity node, long done)
    {
        if (_known.TryGetValue(node.Identity, out var known) && done > known.Done)
            _known[node.Identity] = (known.Incarnation, 0, done);
    }
}
