using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Actors.Coordination;

/// <content>Watches who holds the others up, and what links have carried.</content>
internal sealed partial class RunActor
{
    private readonly FlowWatch _flows = new();

    /// <summary>What a node of the plan tells of its links, where it tells of this epoch's.</summary>
    private void HearFlows(NodeName parent, Epoch epoch, IReadOnlyList<LinkFlow>? flows)
    {
        if (flows is null || epoch != _state.Epoch || _plan is not { } plan || plan.Root.Subtree().FirstOrDefault(one => one.Name == parent) is not { } node) return;
        // A node tells of the plan's links and of no others, for they are kept.
        var planned = node.Children.Select(child => child.Name).Append(plan.Root.Name).ToHashSet();
        _flows.Hear(parent, flows.Where(flow => planned.Contains(flow.To) && flow.Bytes >= 0 && flow.BusyMilliseconds >= 0), Stopwatch.GetElapsedTime(_begun));
    }

    /// <summary>Whoever would hold the others below half of what they could do is sent what it lacks after them.</summary>
    private void SetApartTheSlow()
    {
        if (_end is not null || _delivering != _state.Epoch || _plan is not { } plan || _flows.Slowest(plan) is not { } slow) return;
        var reason = $"{Quantity.Bytes(slow.Rate)}/s reach it, and the others could do {Quantity.Bytes(slow.Others)}/s";
        _log.Warning("Destination {0} is slow: {1}", slow.Name, reason);
        Become(_state.SetApart(slow.Name, reason), replan: true);
    }

    /// <summary>The plan's links end: what they have carried is worth knowing for later runs.</summary>
    private void ForgetFlows()
    {
        if (_plan is { } plan && _flows.Speeds(plan) is { Count: > 0 } speeds) Context.Parent.Tell(new SpeedsSeen(speeds));
        _flows.Clear();
    }

    /// <summary>Run to coordinator: how many bytes a second the links to these destinations have carried.</summary>
    internal sealed record SpeedsSeen(IReadOnlyDictionary<NodeName, long> BytesPerSecond);
}
