using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;

namespace BackupDistribuido.Core.Tests.Delivery;

public sealed class DeliveryPlanTests
{
    private static readonly NodeAddress Address = NodeAddress.Parse("127.0.0.1:4054");

    [Fact]
    public void The_shape_is_named_by_who_forwards()
    {
        Assert.Equal("star", Plan(Node("o")).Shape);
        Assert.Equal("star", Plan(Node("o", Node("a"), Node("b"))).Shape);
        Assert.Equal("chain", Plan(Node("o", Node("a", Node("b", Node("c"))))).Shape);
        Assert.Equal("tree", Plan(Node("o", Node("a", Node("b")), Node("c"))).Shape);
    }

    [Fact]
    public void Everyone_but_the_root_has_a_parent()
    {
        var plan = Plan(Node("o", Node("a", Node("b")), Node("c")));

        Assert.Equal(["a", "b", "c"], plan.Receivers().Select(node => node.Name.ToString()));
        Assert.Equal("o", plan.ParentOf(NodeName.Parse("a"))!.Name.ToString());
        Assert.Equal("a", plan.ParentOf(NodeName.Parse("b"))!.Name.ToString());
        Assert.Null(plan.ParentOf(NodeName.Parse("o")));
        Assert.Null(plan.ParentOf(NodeName.Parse("x")));
        Assert.Null(plan.Receiver(NodeName.Parse("o")));
        Assert.Equal("b", Assert.Single(plan.Receiver(NodeName.Parse("a"))!.Children).Name.ToString());
    }

    [Fact]
    public void A_nodes_height_is_its_longest_way_down()
    {
        Assert.Equal(1, Node("a").Height);
        Assert.Equal(3, Node("a", Node("b"), Node("c", Node("d"))).Height);
    }

    [Fact]
    public void What_is_left_of_a_node_has_nobody_who_was_not_in_that_place()
    {
        var older = Node("a", Node("b", Node("d")), Node("c"));

        Assert.True(Node("a", Node("b", Node("d")), Node("c")).IsLeftOf(older));
        Assert.True(Node("a", Node("b")).IsLeftOf(older));
        Assert.True(Node("a").IsLeftOf(older));
        Assert.False(Node("x").IsLeftOf(older));
        Assert.False(Node("a").IsLeftOf(null));
        Assert.False(Node("a", Node("x")).IsLeftOf(older));
        Assert.False(Node("a", Node("d")).IsLeftOf(older));
        Assert.False(Node("a", Node("b"), Node("c", Node("d"))).IsLeftOf(older));
        // A link that failed since is made again; what an older coordinator, or one that was started again, does not
        // know is no reason.
        Assert.False(Node("a", Node("b") with { Missed = new Epoch(2) }).IsLeftOf(older));
        Assert.True(Node("a").IsLeftOf(Node("a") with { Missed = new Epoch(2) }));
    }

    [Fact]
    public void It_is_drawn_for_people() =>
        Assert.Equal("o → (a → b, c)", Plan(Node("o", Node("a", Node("b")), Node("c"))).Drawn);

    private static PlanNode Node(string name, params PlanNode[] children) =>
        new(NodeName.Parse(name), Address, children);

    private static DeliveryPlan Plan(PlanNode root) =>
        new(RunId.New(), NodeName.Parse("o"), SnapshotId.Parse("20261122T163305Z"), new Epoch(1), LinkSecret.New(),
            root);
}
