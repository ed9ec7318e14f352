using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Core.Runs.Pace;

/// <summary>
/// How often each destination was started again in a run without getting any further: one that crashes each time when
/// it comes to the same place would hold a run that lacks copies without end. Who is only out of reach for a while,
/// however often, is not meant. No clock.
/// </summary>
public sealed class Lives
{
    /// <summary>So often it may be started again at one place of its work.</summary>
    public const int Most = 10;

    private readonly Dictionary<string, (long Incarnation, int Times, long Done)> _known = new(StringComparer.Ordinal);

    /// <summary>A destination is here. False where it was started again too often.</summary>
    public bool Begins(NodeIdentity node)
    {
        if (!_known.TryGetValue(node.Identity, out var known)) known = (node.Incarnation, 0, 0);
        else if (known.Incarnation != node.Incarnation) known = (node.Incarnation, known.Times + 1, known.Done);
        _known[node.Identity] = known;
        return known.Times <= Most;
    }

    /// <summary>It has so many bytes of the tree now. More than ever before is getting further.</summary>
    public void Has(NodeIdentity node, long done)
    {
        if (_known.TryGetValue(node.Identity, out var known) && done > known.Done)
            _known[node.Identity] = (known.Incarnation, 0, done);
    }
}
