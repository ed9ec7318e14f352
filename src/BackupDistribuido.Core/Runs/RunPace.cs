using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Runs.Pace;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Runs;

/// <summary>The next state of a run.</summary>
/// <param name="Next">The next state.</param>
/// <param name="Replan">Whether it needs another plan.</param>
/// <param name="Warning">What goes into the log; null: nothing.</param>
public sealed record RunStep(RunState Next, bool Replan, string? Warning = null);

/// <summary>
/// Watches which destinations hold the others up, which make no progress, and what links have carried. No clock: times
/// are given, from a clock that only goes forward.
/// </summary>
public sealed class RunPace
{
    private readonly FlowWatch _flows = new();
    private readonly StallWatch _stalls = new();

    /// <summary>A node of the plan reports on its links.</summary>
    public void HandleFlows(DeliveryPlan plan, NodeName parent, IReadOnlyList<LinkFlow> flows, TimeSpan now)
    {
        if (plan.Root.Subtree().FirstOrDefault(one => one.Name == parent) is not { } node) return;
        // Only reports on the plan's links count, because they are kept.
        var planned = node.Children.Select(child => child.Name).Append(plan.Root.Name).ToHashSet();
        var credible = flows.Where(flow => planned.Contains(flow.To) && flow.Bytes >= 0 && flow.BusyMilliseconds >= 0);
        _flows.Handle(parent, credible, now);
    }

    /// <summary>The progress of the source.</summary>
    public void HandleRoot(TreeTotals sent, LinkFlow? own, TimeSpan now) => _stalls.NoteRoot(sent, own, now);

    /// <summary>How far all destinations are.</summary>
    public void Note(RunState run, RunFigures figures, TimeSpan now)
    {
        foreach (var member in run.Members.Values)
        {
            _stalls.Note(member, figures.ReportOf(member.Name), figures.VerifiedAt(member.Name), now);
        }
    }

    /// <summary>The run is paused: no destination is judged for standing still.</summary>
    public void Rest() => _stalls.Clear();

    /// <summary>The plan's links end. What they have carried is useful for later runs.</summary>
    public IReadOnlyDictionary<NodeName, long> EndPlan(DeliveryPlan? plan)
    {
        var speeds = plan is null ? new Dictionary<NodeName, long>() : _flows.Speeds(plan);
        _flows.Clear();
        return speeds;
    }

    /// <summary>The run after a destination that would hold the others below half of their capacity was set apart, to
    /// be served after them.</summary>
    public RunStep SetApartSlow(RunState run, DeliveryPlan plan)
    {
        if (_flows.Slowest(plan) is not { } slow) return new RunStep(run, false);
        var reason = RunReason.Slow((long)slow.Rate, (long)slow.Others);
        return new RunStep(run.SetApart(slow.Name, reason), true, $"Destination {slow.Name} is slow: {reason}");
    }

    /// <summary>
    /// The run that has enough copies, after destinations without progress were left to a catch-up: a hanging disk does
    /// not hold it.
    /// </summary>
    public RunStep LeaveOutStalled(RunState run, TimeSpan now)
    {
        var seconds = StallWatch.Enough.TotalSeconds;
        var reason = RunReason.Stalled(TimeSpan.FromSeconds(seconds));
        var next = _stalls.Stalled(StallWatch.Enough, now).Aggregate(run, (state, name) => state.Lost(name, reason));
        return new RunStep(next, true);
    }

    /// <summary>
    /// A destination lacks something, and nothing moves anywhere: one end of a link owes content, needs or a report,
    /// and only sends heartbeats. The run can't tell which, so each link to destinations that lack something counts as
    /// failed, and the next plan makes others. Null: something moves.
    /// </summary>
    public RunStep? DropSilent(RunState run, DeliveryPlan plan, TimeSpan now)
    {
        if (!_stalls.IsStill(now)) return null;
        _stalls.ForgetLinks();
        var reason = RunReason.NothingMoves(StallWatch.Silent);
        var next = run.Members.Values.Where(member => member.Standing == MemberStanding.Copying).Aggregate(run, Cut);
        var minutes = StallWatch.Silent.TotalMinutes;
        var warning = $"No progress for {minutes} min: links to all that lack something are made again";
        return new RunStep(next, true, warning);

        RunState Cut(RunState state, RunMember member) => plan.ParentOf(member.Name) is { } parent
            ? state.LinkFailed(parent.Name, member.Name, state.Epoch, reason) : state;
    }

    /// <summary>The run after destinations failed that took longer than a link waits for that tree to be durable: a
    /// working disk is not judged by its silence, and may work for another purpose. If they store the replica all the
    /// same, it counts.</summary>
    public RunStep FailUnpublished(RunState run, TimeSpan now)
    {
        if (run.Seal is not { Totals: var tree }) return new RunStep(run, false);
        var patience = WireLimits.Done + WireLimits.DoneMore(tree.Entries, tree.Bytes);
        var reason = RunReason.NotDurable(patience);
        var next = _stalls.Publishing(patience, now).Aggregate(run, (state, name) => state.Failed(name, reason));
        return new RunStep(next, false);
    }

    /// <summary>The run with too few copies, after destinations failed that hung for long while they made their
    /// replicas durable, or while they lacked something of a tree that has been read to its end. If they store the
    /// replica all the same, it counts.</summary>
    public RunStep FailStalled(RunState run, RunFigures figures, TimeSpan now)
    {
        var stalled = _stalls.Stalled(StallWatch.Lacking, now);
        var (minutes, next, replan) = (StallWatch.Lacking.TotalMinutes, run, false);
        // A destination that waits for its turn, while others are served, makes no progress either. Without the seal
        // the origin's disk may be the one that hangs; a silent link is noticed by its ends.
        var isNobodyElseAtIt = run.Seal is not null && run.Members.Values.All(member => stalled.Contains(member.Name)
            || member.Standing is not (MemberStanding.Copying or MemberStanding.Preparing or MemberStanding.Resuming));
        foreach (var name in stalled)
        {
            var standing = run.Member(name)?.Standing;
            if (standing == MemberStanding.Publishing && figures.ReportOf(name) is { Activity: not null })
            {
                next = next.Failed(name,
                    RunReason.DiskHangsAtEnd(TimeSpan.FromMinutes(minutes)));
            }
            else if (standing == MemberStanding.Copying && isNobodyElseAtIt)
            {
                next = next.Failed(name,
                    RunReason.DiskHangs(TimeSpan.FromMinutes(minutes)));
                replan = true;
            }
        }
        return new RunStep(next, replan);
    }
}
