using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Core.Runs.States;

/// <summary>A plan's tree, and why it looks as it does.</summary>
public sealed record PlannedTree(PlanNode Root, Reason Why);

/// <summary>
/// Makes the plan of a run's next epoch from the live members and the failed links; no I/O, no clock. Members since the
/// same epoch form one shape (<see cref="Topology"/>), the faster ones first and otherwise in the order of joining: a
/// later one, with more to be sent, holds no other up. A member with a failed link forwards to none, and is placed
/// where its link has not failed: the assumption that all reach each other is tried and repaired. A member that accepts
/// no connections is a leaf too, and dials its parent.
/// </summary>
public static class Planning
{
    /// <summary>Most reasons in one text: a plan goes to every member.</summary>
    private const int MostWhys = 6;

    /// <summary>The tree of all unfinished members, each of them once; without receivers if the run is
    /// paused.</summary>
    public static PlannedTree Plan(RunState run, TopologyChoice choice)
    {
        if (run.IsPaused) return new PlannedTree(new PlanNode(run.Root, run.RootData, []), PlanReason.Paused);
        var unfinished = run.Unfinished.OrderByDescending(SpeedClass).ThenBy(member => member.Turn).ToList();
        var relay = choice == TopologyChoice.Relay && run.Relay is { IsUsable: true } through
            && run.Member(through.Name) is null && through.Name != run.Root
            ? new PlanNode(through.Name, through.Data, [], Stores: false) : null;
        var (shape, why) = Choose(choice, unfinished, run.Relay, relay);
        var unable = unfinished.SelectMany(member => member.Misses.Keys).GroupBy(parent => parent)
            .Where(misses => misses.Count() > 1).Select(misses => misses.Key).ToHashSet();
        var sound = unfinished.Where(member => member.Misses.IsEmpty && !unable.Contains(member.Name)).ToList();
        var groups = sound.GroupBy(member => (member.IsApart, member.Since)).OrderBy(group => group.Key.IsApart)
            .ThenBy(group => group.Key.Since).ToList();
        var tree = groups.SelectMany(group =>
            shape([.. group.Where(member => !member.Calls).Select(member => Leaf(member, null))])).ToList();
        var root = new PlanNode(run.Root, run.RootData, relay is null ? tree : Topology.Relay(relay, tree));
        var whys = new List<Reason> { why };
        foreach (var member in groups.SelectMany(group => group.Where(member => member.Calls)))
        {
            var parent = relay is not null
                ? Node(root, relay.Name) : shape == Topology.Star ? root : LeastBusy(root, member);
            root = Hang(root, parent, Leaf(member, parent));
            whys.Add(member.Data is null ? PlanReason.DialsForNoPort(member.Name, parent.Name)
                : PlanReason.DialsUnreached(member.Name, parent.Name));
        }
        whys.AddRange(sound.Where(member => member.IsApart)
            .Select(member => PlanReason.Apart(member.Name, member.Reason)));
        foreach (var member in unfinished.Except(sound))
        {
            // In a star no destination forwards, whatever fails.
            var parent = Node(root, shape != Topology.Star ? ParentFor(member, run.Root, sound)
                : relay is not null && member.MissesFrom(relay.Name) <= member.MissesFrom(run.Root)
                ? relay.Name : run.Root);
            var leaf = Leaf(member, parent);
            root = Hang(root, parent, leaf);
            if (!member.Misses.IsEmpty)
            {
                var from = string.Join(", ", member.Misses.Keys);
                whys.Add(leaf.Calls ? PlanReason.DialsAfterFailure(member.Name, parent.Name, from, member.Reason)
                    : PlanReason.HangsElsewhere(member.Name, parent.Name, from, member.Reason));
            }
            else whys.Add(PlanReason.ForwardsToNobody(member.Name));
        }
        if (whys.Count > MostWhys + 1) whys = [.. whys.Take(MostWhys), PlanReason.MoreMoved(whys.Count - MostWhys)];
        return new PlannedTree(root, Reason.Several(whys));
    }

    /// <summary>Members whose links carried more in earlier runs come first, so that fewer are behind a slow one.
    /// Classes are powers of two, because no two runs measure the same. Unknown ones come last.</summary>
    private static int SpeedClass(RunMember member) => member.Speed is > 0 and var speed ? (int)Math.Log2(speed) : -1;

    private static (Func<IReadOnlyList<PlanNode>, IReadOnlyList<PlanNode>> Shape, Reason Why) Choose(
        TopologyChoice choice, List<RunMember> members, PlanRelay? wanted, PlanNode? relay) => choice switch
        {
            TopologyChoice.Star => (Topology.Star, PlanReason.StarAsked),
            TopologyChoice.Chain => (Topology.Chain, PlanReason.ChainAsked),
            TopologyChoice.Relay when relay is not null => (Topology.Star, PlanReason.RelayAsked),
            TopologyChoice.Relay => (Topology.Star, NoRelay(wanted)),
            _ when members.Count < 2 => (Topology.Chain, PlanReason.OneDestination),
            // Between processes of one machine there is no wire to spare.
            _ when members.TrueForAll(member => member.Data is { IsLoopback: true }) =>
                (Topology.Star, PlanReason.OneMachine),
            _ => (Topology.Chain, PlanReason.SendOnce),
        };

    private static Reason NoRelay(PlanRelay? wanted) => wanted is null ? PlanReason.NoRelayAtCoordinator
        : wanted.Problem is { } problem ? PlanReason.NoRelay(problem) : PlanReason.NoRelayForName(wanted.Name);

    /// <summary>The root and others take turns, each other one once: after <see cref="RunState.MaxMisses"/> from the
    /// root it is given up, even if others did not reach it either.</summary>
    private static NodeName ParentFor(RunMember member, NodeName root, List<RunMember> others)
    {
        if (member.Misses.IsEmpty || member.Misses.Keys.Count(parent => parent != root) > member.MissesFrom(root))
            return root;
        return others.Find(other => !other.IsApart && member.MissesFrom(other.Name) == 0
            && (member.Data is not null || other.Data is not null))?.Name ?? root;
    }

    /// <summary>
    /// The parent of a member that dials: of those that can be dialled and take part since the same epoch, or the root,
    /// the one with the fewest children; the last of a chain first, because it has none. If none can be dialled it is
    /// the root, which will report that.
    /// </summary>
    private static PlanNode LeastBusy(PlanNode root, RunMember member) =>
        root.Subtree()
            .Where(node => node.Data is not null && (node == root || (node.Since == member.Since && !member.IsApart)))
            .Reverse().MinBy(node => node.Children.Count) ?? root;

    private static PlanNode Node(PlanNode root, NodeName name) => root.Subtree().First(node => node.Name == name);

    private static PlanNode Hang(PlanNode node, PlanNode parent, PlanNode leaf) => node.Name == parent.Name
        ? node with { Children = [.. node.Children, leaf] }
        : node with { Children = [.. node.Children.Select(child => Hang(child, parent, leaf))] };

    private static PlanNode Leaf(RunMember member, PlanNode? parent) =>
        new(member.Name, member.Data, [], member.Since, member.Limit, member.Calls && parent?.Data is not null,
            IsApart: member.IsApart)
        { Missed = member.Missed };
}
