using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Tests.Runs;

/// <summary>The version that a run's plan states for each link, where nodes of two builds take part.</summary>
public sealed class SpokenVersionsTests
{
    private static readonly NodeName Origin = NodeName.Parse("laptop");
    private static readonly SnapshotId Snapshot = SnapshotId.Parse("20261122T163305Z");
    private static readonly SealedTree Seal = new(Sha256Digest.Of("tree"u8), new TreeTotals(3, 2, 100), 0);
    private static readonly LinkProfile? Older = null, Newer = LinkProfile.Newest;

    [Fact]
    public void Each_link_of_a_chain_speaks_what_both_of_its_ends_know()
    {
        var plan = Planned(Newer, TopologyChoice.Chain, ("a", Newer), ("b", Older), ("c", Newer), ("d", Newer));

        Assert.Equal("laptop → a → b → c → d", plan.Drawn);
        Assert.Equal([2, 1, 1, 2], plan.Receivers().Select(node => node.Speaks.Version));
        Assert.Equal([true, false, false, true], plan.Receivers().Select(node => node.Speaks.HasContent));
    }

    [Fact]
    public void An_older_origin_speaks_version_1_and_nobody_below_has_to_for_that() => Assert.Equal([1, 2],
        Planned(Older, TopologyChoice.Chain, ("a", Newer), ("b", Newer)).Receivers()
            .Select(node => node.Speaks.Version));

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void A_relay_is_this_programs_and_speaks_the_newest_with_those_who_know_it(bool isNewer, int expected)
    {
        var plan = Planned(isNewer ? Newer : Older, TopologyChoice.Relay, ("a", Newer), ("b", Older));

        Assert.Equal([("relay", expected), ("a", 2), ("b", 1)],
            plan.Receivers().Select(node => (node.Name.ToString(), node.Speaks.Version)));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void A_holder_at_the_root_speaks_for_itself_and_not_for_the_origin(bool isNewer, int expected)
    {
        var holder = NodeName.Parse("a");
        var state = Begin().RootedAt(holder, NodeAddress.Parse("127.0.0.1:4054")).Sealed(Seal)
            .Joined(holder, null, "disk-a").Stored(holder, Seal.Digest);

        var plan = Planned(state, isNewer ? Older : Newer, TopologyChoice.Chain, ("a", isNewer ? Newer : Older),
            ("b", Newer));

        Assert.Equal("a → b", plan.Drawn);
        Assert.Equal(expected, plan.Receiver(NodeName.Parse("b"))!.Speaks.Version);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void A_destination_with_the_origins_name_speaks_for_itself(bool isNewer, int expected)
    {
        var plan = Planned(Newer, TopologyChoice.Chain, ("laptop", isNewer ? Newer : Older), ("b", Newer));

        Assert.Equal([expected, expected], plan.Receivers().Select(node => node.Speaks.Version));
    }

    private static RunState Begin() => RunState.Begin(RunId.New(), Origin, Snapshot, 1, Epoch.None);

    private static DeliveryPlan Planned(LinkProfile? origin, TopologyChoice topology,
        params (string Name, LinkProfile? Speaks)[] destinations) =>
        Planned(Begin(), origin, topology, destinations);

    private static DeliveryPlan Planned(RunState state, LinkProfile? origin, TopologyChoice topology,
        params (string Name, LinkProfile? Speaks)[] destinations)
    {
        var now = TimeSpan.Zero;
        var effects = new List<RunEffect>();
        var run = new LiveRun(new RunStart(state,
            new OriginRegistration(new NodeIdentity(Origin, "id-laptop", 1), Seal.Totals, 1, 1, false, "disk-o", null)
            { Topology = topology, Links = origin },
            new RunWaits(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)), HasRelay: true));
        effects.AddRange(run.Begin(now));
        if (effects.OfType<RunEffect.OpenRelay>().Any())
            effects.AddRange(run.RelayOpened(NodeName.Parse("relay"), NodeAddress.Parse("127.0.0.1:4055"), null, now));
        foreach (var (name, speaks) in destinations)
        {
            var held = state.Root == NodeName.Parse(name) && state.Content.Holder is not null
                ? new[] { new HeldSnapshot(Origin, Snapshot, 3, 100, Seal.Digest, "id-laptop") } : [];
            effects.AddRange(run.Joined(new DestinationRegistration(
                new NodeIdentity(NodeName.Parse(name), $"id-of-{name}", 1), NodeAddress.Parse("127.0.0.1:4054"), 1000,
                $"disk-{name}", $"{name}:/copies", held, Epoch.None)
            { Links = speaks }, null, now));
        }
        while (now < TimeSpan.FromSeconds(2))
        {
            now = run.Due;
            effects.AddRange(run.Elapsed(now));
        }
        return effects.OfType<RunEffect.Tell>().Select(tell => tell.Message).OfType<PrepareReplica>().Last().Plan;
    }
}
