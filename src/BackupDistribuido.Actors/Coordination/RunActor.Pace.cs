using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Actors.Coordination;

/// <content>Watches who holds the others up, and what links have carried.</content>
internal sealed partial class RunActor
{
    private readonly FlowWatch _flows = new();
    private readonly StallWatch _stalls;
    private readonly Dictionary<NodeName, ReplicaReport> _said = [];

    /// <summary>What a node of the plan tells of its links, where it tells of this epoch's.</summary>
    private void HearFlows(NodeName parent, Epoch epoch, IReadOnlyList<LinkFlow>? flows)
    {
        if (flows is null || epoch != _state.Epoch || _plan is not { } plan
            || plan.Root.Subtree().FirstOrDefault(one => one.Name == parent) is not { } node) return;
        // A node tells of the plan's links and of no others, for they are kept.
        var planned = node.Children.Select(child => child.Name).Append(plan.Root.Name).ToHashSet();
        _flows.Hear(parent,
            flows.Where(flow => planned.Contains(flow.To) && flow.Bytes >= 0 && flow.BusyMilliseconds >= 0),
                Stopwatch.GetElapsedTime(_begun));
    }

    /// <summary>Whoever would hold the others below half of what they could do is sent what it lacks after
    /// them.</summary>
    private void SetApartTheSlow()
    {
        if (_end is not null || _delivering != _state.Epoch || _plan is not { } plan
            || _flows.Slowest(plan) is not { } slow) return;
        var reason = $"{Quantity.Bytes(slow.Rate)}/s reach it, and the others could do {Quantity.Bytes(slow.Others)}/s";
        _log.Warning("Destination {0} is slow: {1}", slow.Name, reason);
        Become(_state.SetApart(slow.Name, reason), replan: true);
    }

    /// <summary>
    /// A disk that hangs does not hold a run: with enough copies whoever gets no further is brought to the snapshot
    /// later, by those who have it; before, who has hung for long at making its replica durable, or at what has been
    /// read to its end already, has failed. What it stores all the same counts.
    /// </summary>
    private void LeaveTheStalled()
    {
        if (_end is not null || _state.IsPaused)
        {
            _stalls.Clear();
            return;
        }
        foreach (var member in _state.Members.Values)
            _stalls.Note(member, _said.GetValueOrDefault(member.Name), _progress.GetValueOrDefault(member.Name).Bytes);
        if (_state.IsProtected && !IsCatchUp)
        {
            var seconds = StallWatch.Enough.TotalSeconds;
            foreach (var name in _stalls.Stalled(StallWatch.Enough)) Become(_state.Lost(name, $"no progress for {seconds:0} s; it is brought to this snapshot later, when it works again"), replan: true);
            return;
        }
        CutTheSilent();
        var minutes = StallWatch.Lacking.TotalMinutes;
        var stalled = _stalls.Stalled(StallWatch.Lacking);
        // Who waits for its turn, while others are sent something, gets no further either. Without the seal it may be
        // the origin's disk that hangs: what is silent on a link is seen by its ends.
        var isNobodyElseAtIt = _state.Seal is not null
            && _state.Members.Values.All(member => stalled.Contains(member.Name)
                || member.Standing is not (MemberStanding.Copying or MemberStanding.Preparing
                    or MemberStanding.Resuming));
        foreach (var name in stalled)
        {
            if (_state.Member(name) is { Standing: MemberStanding.Publishing }
                && _said.GetValueOrDefault(name) is { Activity: not null })
                Become(_state.Failed(name, $"no progress for {minutes:0} min while it made its replica durable; its disk may hang"), replan: false);
            else if (isNobodyElseAtIt && _state.Member(name) is { Standing: MemberStanding.Copying })
                Become(_state.Failed(name, $"no progress for {minutes:0} min; its disk may hang, or that of who sends to it"), replan: true);
        }
    }

    /// <summary>
    /// Somebody lacks something, and nothing moves anywhere: an end of a link owes content, needs or a report, and only
    /// lives. Which one is not known from here, so each link to who lacks something counts as failed, and the next plan
    /// makes others.
    /// </summary>
    private void CutTheSilent()
    {
        if (_end is not null || _delivering != _state.Epoch || _plan is not { } plan || !_stalls.IsStill) return;
        var reason = $"it lacks something, and nothing has moved for {StallWatch.Silent.TotalMinutes:0} min";
        _log.Warning("Nothing has moved for {0}: the links of all that lack something are made again",
            StallWatch.Silent);
        _stalls.Clear();
        Become(_state.Members.Values.Where(member => member.Standing == MemberStanding.Copying)
            .Aggregate(_state,
                (state, member) =>
                    plan.ParentOf(member.Name) is { } parent
                        ? state.LinkFailed(parent.Name, member.Name, _state.Epoch, reason) : state), replan: true);
    }

    /// <summary>The plan's links end: what they have carried is worth knowing for later runs.</summary>
    private void ForgetFlows()
    {
        if (_plan is { } plan && _flows.Speeds(plan) is { Count: > 0 } speeds)
            Context.Parent.Tell(new SpeedsSeen(speeds));
        _flows.Clear();
    }

    /// <summary>Run to coordinator: how many bytes a second the links to these destinations have carried.</summary>
    internal sealed record SpeedsSeen(IReadOnlyDictionary<NodeName, long> BytesPerSecond);
}
