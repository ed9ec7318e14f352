using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Delivery;

public sealed class TopologyTests
{
    private static readonly Gen<PlanNode[]> Destinations = Gen.Int[0, 60].Select(count => Enumerable.Range(1, count)
        .Select(i => new PlanNode(NodeName.Parse($"d{i}"), NodeAddress.Parse($"127.0.0.1:{i}"), [])).ToArray());

    [Fact]
    public void Every_shape_has_each_destination_once_and_no_other() =>
        Gen.Select(Destinations, Gen.Int[1, 5]).Sample((destinations, arity) =>
        {
            foreach (var shape in new[] { Topology.Star(destinations), Topology.Chain(destinations),
                Topology.Tree(destinations, arity) })
            {
                Assert.Equal(
                    destinations.Select(node => (node.Name, node.Data)).OrderBy(node => node.Data!.Port),
                    shape.SelectMany(node => node.Subtree()).Select(node => (node.Name, node.Data))
                        .OrderBy(node => node.Data!.Port));
            }
        });

    [Fact]
    public void A_star_is_flat_a_chain_a_line_and_a_tree_as_low_as_its_arity_allows() =>
        Gen.Select(Destinations.Where(all => all.Length > 0), Gen.Int[2, 5]).Sample((destinations, arity) =>
        {
            Assert.All(Topology.Star(destinations), node => Assert.Empty(node.Children));
            Assert.Equal(destinations.Select(node => node.Name),
                Assert.Single(Topology.Chain(destinations)).Subtree().Select(node => node.Name));
            var tree = new PlanNode(NodeName.Parse("o"), null, Topology.Tree(destinations, arity));
            Assert.All(tree.Subtree(), node => Assert.InRange(node.Children.Count, 0, arity));
            Assert.Equal(1
                + (int)Math.Ceiling(Math.Log((destinations.Length * (arity - 1.0)) + arity, arity) - 1 - 1e-9),
                tree.Height);
        });

    [Fact]
    public void A_tree_forwards_to_one_at_least() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Topology.Tree([], 0));
}
