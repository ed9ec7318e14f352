using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Coordination;

/// <summary>How often runs were stopped by a defect of the coordinator, for each life of an origin.</summary>
public sealed class DefectCounter
{
    /// <summary>Most lives of origins that are known; beyond that all are forgotten.</summary>
    public const int Most = 10_000;

    /// <summary>So often a run that stopped is taken up again, or another one begun.</summary>
    public const int MostRetaken = 3;

    private readonly Dictionary<NodeIdentity, (int Times, RunSummary End)> _broken = [];

    /// <summary>A run of that life of an origin was stopped, and ended so.</summary>
    public void Note(NodeIdentity origin, RunSummary end)
    {
        if (_broken.Count >= Most) _broken.Clear();
        _broken[origin] = (_broken.GetValueOrDefault(origin).Times + 1, end);
    }

    /// <summary>The end of its last run, if it gets no other one; null: it may begin one.</summary>
    public RunSummary? GivenUp(NodeIdentity origin) =>
        _broken.TryGetValue(origin, out var broken) && broken.Times > MostRetaken ? broken.End : null;
}
