using System.Text.Json.Serialization;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Delivery;

/// <summary>A node of a plan and those it forwards to.</summary>
/// <param name="Name">The node.</param>
/// <param name="Data">Where its parent, or children that call, dial it; null: it can't be dialled.</param>
/// <param name="Children">The nodes that it forwards to.</param>
/// <param name="Since">The epoch since which it takes part. Members of one epoch go through the tree together; later
/// ones do not hold them up.</param>
/// <param name="Limit">The rate limit for sending over all its links, and for receiving; null: none.</param>
/// <param name="Calls">It dials its parent, and not the other way round.</param>
/// <param name="IsApart">It is slow: it is sent what it lacks after all others, so that it does not hold them
/// up.</param>
/// <param name="Stores">It is a destination; false: it forwards only.</param>
public sealed record PlanNode(NodeName Name, NodeAddress? Data, IReadOnlyList<PlanNode> Children, Epoch Since = default,
    Rate? Limit = null, bool Calls = false, bool Stores = true, bool IsApart = false)
{
    /// <summary>The last epoch in which the link to it failed: whichever end still has one of that epoch, or from
    /// before, gives it up. An older coordinator does not say.</summary>
    public Epoch Missed { get; init; }

    /// <summary>What it was agreed to speak with its parent; null: version 1.</summary>
    public LinkProfile? Link { get; init; }

    /// <summary>What it speaks with its parent.</summary>
    [JsonIgnore]
    public LinkProfile Speaks => Link ?? LinkProfile.First;

    /// <summary>Nodes on the longest way down from this one, itself included.</summary>
    public int Height => 1 + Children.Select(child => child.Height).DefaultIfEmpty(0).Max();

    /// <summary>Bytes a second that the limits of this node and all below leave for content that goes to each of them;
    /// null: they have none.</summary>
    public long? Allowed => Subtree().Min(node => node.Limit?.BytesPerSecond / Math.Max(1, node.Children.Count));

    /// <summary>Whether this is <paramref name="older"/> with only some nodes removed, and no link has failed since.
    /// Then the links that were made for that one can stay, because no node is added to them.</summary>
    public bool IsLeftOf(PlanNode? older) =>
        Name == older?.Name && IsApart == older.IsApart && !(Missed > older.Missed)
            && Children.All(child => child.IsLeftOf(older.Children.FirstOrDefault(one => one.Name == child.Name)));

    /// <summary>The same, each link in the best way that both its ends speak: this node <paramref name="own"/>, each
    /// one below what <paramref name="speak"/> says of it.</summary>
    public PlanNode Speaking(LinkProfile own, Func<PlanNode, LinkProfile> speak) => this with
    {
        Children =
        [
            .. Children.Select(child => (Node: child, Own: speak(child)))
                .Select(child => child.Node.Speaking(child.Own, speak) with { Link = own.With(child.Own) }),
        ],
    };

    /// <summary>This node and all below it, parents first.</summary>
    public IEnumerable<PlanNode> Subtree()
    {
        yield return this;
        foreach (var child in Children)
        {
            foreach (var node in child.Subtree()) yield return node;
        }
    }
}

/// <summary>
/// Which node forwards one snapshot to which in one epoch of a run: a tree rooted at a holder of the content. Star,
/// chain and relay are only shapes of it (<see cref="Topology"/>). <paramref name="Secret"/> opens its links,
/// <paramref name="Why"/> explains its shape to users.
/// </summary>
public sealed record DeliveryPlan(RunId Run, NodeName Origin, SnapshotId Snapshot, Epoch Epoch, LinkSecret Secret,
    PlanNode Root, Reason? Why = null)
{
    /// <summary>What its shape is called: <c>relay</c> where a node only forwards, <c>star</c>, <c>chain</c>, or
    /// <c>tree</c> for any other.</summary>
    public string Shape =>
        Receivers().Any(node => !node.Stores) ? "relay" : Receivers().All(node => node.Children.Count == 0) ? "star"
        : Root.Subtree().All(node => node.Children.Count <= 1) ? "chain" : "tree";

    /// <summary>The plan as a text for users, such as <c>laptop → (nas → office, attic)</c>.</summary>
    public string Drawn => Draw(Root);

    private static string Draw(PlanNode node) => node.Children.Count switch
    {
        0 => node.Name.ToString(),
        1 => $"{node.Name} → {Draw(node.Children[0])}",
        _ => $"{node.Name} → ({string.Join(", ", node.Children.Select(Draw))})",
    };

    /// <summary>Nothing is sent: the run is paused.</summary>
    public bool IsForNobody => Root.Children.Count == 0;

    /// <summary>Every node but the root, parents first.</summary>
    public IEnumerable<PlanNode> Receivers() => Root.Subtree().Skip(1);

    /// <summary>The receivers that store what they receive.</summary>
    public IEnumerable<PlanNode> Destinations() => Receivers().Where(node => node.Stores);

    /// <summary>The same plan for a node that reaches the coordinator at <paramref name="coordinator"/>: a relay that
    /// listens on every address of its machine is dialled at that one.</summary>
    public DeliveryPlan SeenFrom(NodeAddress coordinator)
    {
        return this with { Root = See(Root) };

        PlanNode See(PlanNode node) => node with
        {
            Data = node is { Stores: false, Data: { IsWildcard: true } data }
                ? coordinator.WithPort(data.Port) : node.Data,
            Children = [.. node.Children.Select(See)],
        };
    }

    /// <summary>The receiver of that name, or null.</summary>
    public PlanNode? Receiver(NodeName name) => Receivers().FirstOrDefault(node => node.Name == name);

    /// <summary>The parent of that receiver, or null.</summary>
    public PlanNode? ParentOf(NodeName name) =>
        Root.Subtree().FirstOrDefault(node => node.Children.Any(child => child.Name == name));

    /// <summary>Why the greeting is not that of <paramref name="self"/>'s parent in this plan; null: it is.</summary>
    public ErrorFrame? Judge(HelloFrame hello, NodeName self)
    {
        if (hello.Run != Run) return new ErrorFrame(ErrorCode.Run, LinkReason.NoRun);
        // Each epoch has its own secret, so a peer that greets for another epoch can't show this plan's: it is not told
        // which epoch is open.
        if (hello.Epoch != Epoch) return new ErrorFrame(ErrorCode.Epoch, LinkReason.OtherEpoch);
        if (hello.Secret != Secret) return new ErrorFrame(ErrorCode.Secret, LinkReason.OtherSecret);
        if (hello.To != self || hello.Snapshot != Snapshot || ParentOf(self)?.Name != hello.From)
            return new ErrorFrame(ErrorCode.Order, LinkReason.NotPlanned);
        return Receiver(self)!.Speaks.Version == hello.Profile.Version
            ? null : new ErrorFrame(ErrorCode.Version, LinkReason.OtherVersion);
    }
}
