using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Membership;

public sealed class RosterTests
{
    private readonly Roster<string> _roster = new();

    [Fact]
    public void A_name_joins_once_and_is_renewed()
    {
        Assert.Equal(RosterChange.Joined, _roster.Register(Node("a", "id", 1), "first"));
        Assert.Equal(RosterChange.Renewed, _roster.Register(Node("a", "id", 1), "second"));

        Assert.Equal(1, _roster.Count);
        Assert.True(_roster.TryGet(NodeName.Parse("a"), out var entry));
        Assert.Equal("second", entry);
    }

    [Fact]
    public void A_newer_incarnation_replaces_and_an_older_is_refused()
    {
        _roster.Register(Node("a", "id", 5), "five");

        Assert.Equal(RosterChange.Replaced, _roster.Register(Node("a", "id", 6), "six"));
        Assert.Equal(RosterChange.Refused, _roster.Register(Node("a", "id", 5), "five"));
        Assert.Equal(["six"], _roster.Entries);
    }

    [Fact]
    public void Another_identity_is_refused_while_the_owner_lives()
    {
        _roster.Register(Node("a", "id", 5), "owner");

        Assert.Equal(RosterChange.Refused, _roster.Register(Node("a", "other", 9), "other"));
        Assert.Equal(["owner"], _roster.Entries);

        Assert.True(_roster.Remove(Node("a", "id", 5)));
        Assert.Equal(RosterChange.Joined, _roster.Register(Node("a", "other", 1), "other"));
    }

    [Theory]
    [InlineData("id", 4)]
    [InlineData("id", 6)]
    [InlineData("other", 5)]
    public void Only_the_one_that_is_there_is_removed(string identity, long incarnation)
    {
        _roster.Register(Node("a", "id", 5), "owner");

        Assert.False(_roster.Remove(Node("a", identity, incarnation)));
        Assert.False(_roster.Remove(Node("b", "id", 5)));
        Assert.Equal(1, _roster.Count);
    }

    [Fact]
    public void Names_that_differ_in_case_are_different() =>
        Assert.Equal((RosterChange.Joined, RosterChange.Joined),
            (_roster.Register(Node("i", "1", 1), ""), _roster.Register(Node("I", "2", 1), "")));

    private static readonly Gen<(NodeIdentity Node, bool Joins)> Event = Gen.Select(
        Gen.OneOf("a", "b", "c"), Gen.OneOf("x", "y"), Gen.Long[1, 3], Gen.Bool, (name, identity, life, joins) =>
            (Node(name, identity, life), joins));

    [Fact]
    public void The_count_is_right_through_any_joins_and_leaves() =>
        Event.Array[0, 80].Sample(events =>
        {
            var roster = new Roster<string>();
            var live = new Dictionary<NodeName, NodeIdentity>();
            foreach (var (node, joins) in events)
            {
                var known = live.GetValueOrDefault(node.Name);
                if (joins)
                {
                    var isTaken = known is null
                        || (known.Identity == node.Identity && known.Incarnation <= node.Incarnation);
                    Assert.Equal(isTaken, roster.Register(node, $"{node}") != RosterChange.Refused);
                    if (isTaken) live[node.Name] = node;
                }
                else
                {
                    Assert.Equal(known == node, roster.Remove(node));
                    if (known == node) live.Remove(node.Name);
                }
                Assert.Equal(live.Count, roster.Count);
                Assert.Equal(live.Values.Select(one => $"{one}").Order(StringComparer.Ordinal),
                    roster.Entries.Order(StringComparer.Ordinal));
            }
        });

    private static NodeIdentity Node(string name, string identity, long incarnation) =>
        new(NodeName.Parse(name), identity, incarnation);
}
