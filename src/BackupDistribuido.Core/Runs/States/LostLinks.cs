using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Core.Runs.States;

/// <summary>
/// Destinations that report the end of the link to them. Usually there is better information: the parent names the
/// link, or is found to be gone. Otherwise (a parent that had stored its own replica and left) the child's report
/// counts after a while. No clock: times are given.
/// </summary>
public sealed class LostLinks
{
    /// <summary>How long better news is waited for.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly Dictionary<NodeName, (Epoch Epoch, Reason Reason, TimeSpan Since)> _waiting = [];

    /// <summary>A destination says in an epoch why its link ended; null: it has one, or has had none yet.</summary>
    public void Handle(NodeName who, Epoch epoch, Reason? reason, TimeSpan now)
    {
        if (reason is null) _waiting.Remove(who);
        else if (_waiting.GetValueOrDefault(who).Epoch != epoch) _waiting[who] = (epoch, reason, now);
    }

    /// <summary>Forgets all: a repeated report waits from the beginning.</summary>
    public void Clear() => _waiting.Clear();

    /// <summary>The run once the reported links without better information count as failed.</summary>
    public RunState Judge(RunState run, DeliveryPlan plan, TimeSpan now)
    {
        foreach (var (name, lost) in _waiting.Where(one => now - one.Value.Since >= Grace).ToList())
        {
            _waiting.Remove(name);
            if (plan.ParentOf(name) is { } parent) run = run.LinkFailed(parent.Name, name, lost.Epoch, lost.Reason);
        }
        return run;
    }
}
