using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Core.Delivery;

/// <summary>A plan's tree, and why it looks as it does.</summary>
public sealed record PlannedTree(PlanNode Root, string Why);

/// <summary>
/// Makes the plan of a run's next epoch from who is alive and which links have failed; no I/O, no clock. Those who take part since the same epoch are one shape of their own
/// (<see cref="Topology"/>), in the order of joining: who came later, with more to be sent, holds nobody up. Who has had a failed link forwards to nobody, and hangs where it
/// has not failed: what a shape assumes, that all reach each other, is tried and mended.
/// </summary>
public static class Planning
{
    /// <summary>Most reasons in one text: a plan goes to every member.</summary>
    private const int MostWhys = 6;

    /// <summary>The tree for everyone unfinished, each of them in it once.</summary>
    public static PlannedTree Plan(RunState run, TopologyChoice choice)
    {
        var unfinished = run.Unfinished.OrderBy(member => member.Turn).ToList();
        var (shape, why) = Choose(choice, unfinished);
        var unable = unfinished.SelectMany(member => member.Misses.Keys).GroupBy(parent => parent).Where(misses => misses.Count() > 1).Select(misses => misses.Key).ToHashSet();
        var sound = unfinished.Where(member => member.Misses.IsEmpty && !unable.Contains(member.Name)).ToList();
        var tree = sound.GroupBy(member => member.Since).OrderBy(group => group.Key).SelectMany(group => shape([.. group.Select(Leaf)])).ToList();
        var root = new PlanNode(run.Root, null, tree);
        var whys = new List<string> { why };
        foreach (var member in unfinished.Except(sound))
        {
            // In a star nobody forwards, whatever fails.
            var parent = shape == Topology.Star ? run.Root : ParentFor(member, run.Root, sound);
            root = Hang(root, parent, Leaf(member));
            if (!member.Misses.IsEmpty) whys.Add($"{member.Name} hangs below {parent}: its link from {string.Join(", ", member.Misses.Keys)} failed ({member.Reason})");
            else whys.Add($"{member.Name} forwards to nobody: its links to several others failed");
        }
        if (whys.Count > MostWhys + 1) whys = [.. whys.Take(MostWhys), $"{whys.Count - MostWhys} more were moved"];
        return new PlannedTree(root, string.Join("; ", whys));
    }

    private static (Func<IReadOnlyList<PlanNode>, IReadOnlyList<PlanNode>> Shape, string Why) Choose(TopologyChoice choice, List<RunMember> members) => choice switch
    {
        TopologyChoice.Star => (Topology.Star, "star: asked for"),
        TopologyChoice.Chain => (Topology.Chain, "chain: asked for"),
        _ when members.Count < 2 => (Topology.Chain, "auto: one destination"),
        // There is no wire to spare between processes of one machine.
        _ when members.TrueForAll(member => member.Data.IsLoopback) => (Topology.Star, "auto: a star, for all are on one machine"),
        _ => (Topology.Chain, "auto: a chain, so that the origin sends once"),
    };

    /// <summary>The root and others take turns, each other one once: after <see cref="RunState.MaxMisses"/> from the root it is given up, whoever else did not reach it.</summary>
    private static NodeName ParentFor(RunMember member, NodeName root, List<RunMember> others)
    {
        if (member.Misses.IsEmpty || member.Misses.Keys.Count(parent => parent != root) > member.MissesFrom(root)) return root;
        return others.Find(other => member.MissesFrom(other.Name) == 0)?.Name ?? root;
    }

    private static PlanNode Hang(PlanNode node, NodeName parent, PlanNode leaf) => node.Name == parent
        ? node with { Children = [.. node.Children, leaf] }
        : node with { Children = [.. node.Children.Select(child => Hang(child, parent, leaf))] };

    private static PlanNode Leaf(RunMember member) => new(member.Name, member.Data, [], member.Since, member.Limit);
}
