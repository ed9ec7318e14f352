using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Core.Status;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Runs.States;

public sealed class PlanningTests
{
    private static readonly NodeName O = NodeName.Parse("o");
    private static readonly NodeName Relay = NodeName.Parse("coordinator");
    private static readonly NodeAddress Address = NodeAddress.Parse("10.0.0.1:4054");

    private static readonly Gen<Func<RunState, RunState>> Event = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 7],
        Gen.Int[0, 12]).Select((who, from, kind) => (Func<RunState, RunState>)(state =>
    {
        var (name, parent) = (Name(who), from == who ? O : Name(from));
        return kind switch
        {
            0 => Join(state, name),
            1 => state.Lost(name, Reason.Text("gone")),
            2 => state.Failed(name, Reason.Text("disk")),
            3 => state.Publishing(name),
            4 => state.Progressed(name, parent),
            5 => state.LinkFailed(O, name, state.Epoch, Reason.Text("reset")),
            6 or 7 => state.LinkFailed(parent, name, state.Epoch, Reason.Text("reset")),
            8 => state.LinkFailed(parent, name, state.Epoch, Reason.Text("no way"), unreached: true),
            9 => state.Joined(name, null, "disk"),
            10 => state.SetApart(name, Reason.Text("slow")),
            _ => Copying(state),
        };
    }));

    [Fact]
    public void Whatever_happened_everyone_unfinished_is_in_the_plan_once_and_nobody_else() =>
        Gen.Select(Event.Array[0, 40], Gen.Enum<TopologyChoice>()).Sample((events, choice) =>
        {
            var state = events.Aggregate(Copying(Begun(5)) with { Relay = new PlanRelay(Relay, Address) },
                (state, next) => next(state)).NextEpoch();

            var plan = Planning.Plan(state, choice).Root;

            Assert.Equal(O, plan.Name);
            Assert.Equal(choice == TopologyChoice.Relay ? 1 : 0, plan.Subtree().Count(node => !node.Stores));
            // A tree by its type: what could be a cycle would be a name that is there twice.
            Assert.Equal(
                state.Unfinished.Select(member => member.Name.ToString()).Order(StringComparer.Ordinal),
                plan.Subtree().Skip(1).Where(node => node.Stores).Select(node => node.Name.ToString())
                    .Order(StringComparer.Ordinal));
        });

    [Fact]
    public void A_paused_run_has_a_plan_for_nobody_and_the_old_one_when_it_goes_on()
    {
        var state = Copying(Begun(3));

        var paused = Planning.Plan(state with { IsPaused = true }, TopologyChoice.Chain);

        Assert.Empty(paused.Root.Children);
        Assert.Contains("paused", paused.Why.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, Planning.Plan(state, TopologyChoice.Chain).Root.Subtree().Skip(1).Count());
    }

    [Fact]
    public void A_relay_is_between_the_origin_and_all_others_until_the_link_to_it_has_failed_too_often()
    {
        var state = Begun(3) with { Relay = new PlanRelay(Relay, Address) };
        for (var misses = 0; misses < RunState.MaxMisses; misses++)
        {
            state = Copying(state);
            Assert.Equal("o → coordinator → (d0, d1, d2)", Drawn(state, TopologyChoice.Relay));
            // However often it is told in one epoch.
            foreach (var _ in Enumerable.Range(0, 3))
                state = state.LinkFailed(O, Relay, state.Epoch, Reason.Text("no way"));
        }
        Assert.Equal("o → (d0, d1, d2)", Drawn(state, TopologyChoice.Relay));
        Assert.Equal("a star: no relay is available (no way)",
            Planning.Plan(state, TopologyChoice.Relay).Why?.ToString());
    }

    [Fact]
    public void Whom_a_relay_does_not_reach_the_origin_may()
    {
        var state = Copying(Begun(3) with { Relay = new PlanRelay(Relay, Address) });

        Assert.Equal("o → (coordinator → (d0, d2), d1)",
            Drawn(state.LinkFailed(Relay, Name(1), state.Epoch, Reason.Text("reset")).NextEpoch(),
                TopologyChoice.Relay));
    }

    [Fact]
    public void A_node_with_the_relays_name_keeps_it()
    {
        var state = Join(Begun(1), Relay) with { Relay = new PlanRelay(Relay, Address) };

        Assert.Equal("o → (d0, coordinator)", Drawn(state, TopologyChoice.Relay));
    }

    [Fact]
    public void Those_whose_links_have_carried_more_come_first_and_else_it_is_the_order_of_joining()
    {
        var speeds = new (string Name, long? Speed)[] { ("new", null), ("a", 20_000_000), ("b", 21_000_000),
            ("fast", 110_000_000), ("slow", 900_000), ("newer", null) };
        var state = speeds.Aggregate(Start(),
            (run, one) => run.Joined(NodeName.Parse(one.Name), Address, "disk", speed: one.Speed)).NextEpoch();

        Assert.Equal("o → fast → a → b → slow → new → newer", Drawn(state, TopologyChoice.Auto));
    }

    [Theory]
    [InlineData(TopologyChoice.Star)]
    [InlineData(TopologyChoice.Chain)]
    public void Where_all_links_failed_none_of_them_is_left_in_the_next_plan_and_each_of_that_one_in_the_plan_after_it(
        TopologyChoice choice)
    {
        var state = Copying(Begun(3));
        var first = Planning.Plan(state, choice).Root;
        foreach (var parent in first.Subtree())
            state = parent.Children.Aggregate(state,
                (now, child) => now.LinkFailed(parent.Name, child.Name, state.Epoch, Reason.Text("silent")));
        var second = Planning.Plan(state.NextEpoch(), choice).Root;
        var third = Planning.Plan(state.NextEpoch().NextEpoch(), choice).Root;

        foreach (var node in second.Subtree().Skip(1))
            Assert.False(node.IsLeftOf(first.Subtree().Single(one => one.Name == node.Name)));
        Assert.True(third.IsLeftOf(second));
    }

    [Fact]
    public void Who_is_slow_hangs_below_the_root_by_itself_once_and_the_plan_says_why()
    {
        var state = Copying(Begun(4));
        state = state.SetApart(Name(1), Reason.Text("it receives 5.0 MiB/s")).NextEpoch();

        Assert.Equal("o → (d0 → d2 → d3, d1)", Drawn(state, TopologyChoice.Chain));
        var plan = Planning.Plan(state, TopologyChoice.Chain);
        Assert.EndsWith("d1 is served after the others: it receives 5.0 MiB/s", plan.Why.ToString(),
            StringComparison.Ordinal);
        var node = Assert.Single(plan.Root.Children, child => child.IsApart);
        Assert.False(node.IsLeftOf(node with { IsApart = false }));
        Assert.True(node.Since > plan.Root.Children[0].Since);
        state = Copying(state);
        Assert.Same(state, state.SetApart(Name(1), Reason.Text("again")));
    }

    [Fact]
    public void Where_the_root_can_be_dialled_each_link_has_an_end_that_can_and_the_other_one_dials() =>
        Gen.Select(Event.Array[0, 40], Gen.Enum<TopologyChoice>()).Sample((events, choice) =>
        {
            var state = events.Aggregate(Copying(Begun(5))
                .OriginAt(Address) with
            { Relay = new PlanRelay(Relay, Address) }, (state, next) => next(state))
                .NextEpoch();

            foreach (var parent in Planning.Plan(state, choice).Root.Subtree())
            {
                Assert.All(parent.Children, child => Assert.NotNull(child.Calls ? parent.Data : child.Data));
            }
        });

    [Fact]
    public void Who_accepts_no_connections_dials_the_last_of_the_chain_and_more_of_them_those_before_it()
    {
        var state = "xyz".Aggregate(Begun(2).OriginAt(Address),
            (state, name) => state.Joined(NodeName.Parse($"{name}"), null, "disk")).NextEpoch();

        var plan = Planning.Plan(state, TopologyChoice.Auto);

        Assert.Equal("o → d0 → d1 → (x, y)",
            Drawn(state.Lost(NodeName.Parse("z"), Reason.Text("gone")), TopologyChoice.Auto));
        Assert.Contains("x dials d1: it accepts no connections", plan.Why.ToString(), StringComparison.Ordinal);
        Assert.All(plan.Root.Subtree(), node => Assert.InRange(node.Children.Count, 0, 2));
        Assert.Equal("o → (d0, d1, x, y, z)", Drawn(state, TopologyChoice.Star));
    }

    [Fact]
    public void Who_was_dialled_in_vain_dials_in_its_turn_and_is_dialled_again_when_that_was_in_vain_too()
    {
        var state = Copying(Begun(2)).OriginAt(Address);
        state = state.LinkFailed(Name(0), Name(1), state.Epoch, Reason.Text("can't reach it"), unreached: true)
            .NextEpoch();
        Assert.True(Assert.Single(Planning.Plan(state, TopologyChoice.Chain).Root.Children,
            child => child.Name == Name(1)).Calls);

        state = Copying(state);
        state = state.LinkFailed(O, Name(1), state.Epoch, Reason.Text("it did not dial"), unreached: true).NextEpoch();

        Assert.False(Assert.Single(Planning.Plan(state, TopologyChoice.Chain).Root.Subtree(),
            node => node.Name == Name(1)).Calls);
    }

    [Fact]
    public void A_destination_that_nobody_reaches_is_given_up_in_twice_the_misses_while_the_others_stay_one_chain() =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[0, 7]).Where((count, victim) => victim < count).Sample((count, victim) =>
        {
            var (state, epochs) = (Begun(count), 0);
            for (; state.Member(Name(victim))!.Standing != MemberStanding.Failed; epochs++)
            {
                state = Copying(state);
                var plan = Planning.Plan(state, TopologyChoice.Chain).Root;
                state = state.LinkFailed(plan.Subtree()
                    .Single(node => node.Children.Any(child => child.Name == Name(victim))).Name, Name(victim),
                    state.Epoch, Reason.Text("no way"));
                // Once it is known to fail, nobody hangs below it.
                if (epochs > 0) Assert.Empty(plan.Subtree().Single(node => node.Name == Name(victim)).Children);
            }
            Assert.InRange(epochs, RunState.MaxMisses, 2 * RunState.MaxMisses);
        });

    [Fact]
    public void Alone_it_is_a_star_several_are_a_chain_in_the_order_of_joining_and_one_machine_is_a_star()
    {
        Assert.Equal("o → c → a → b", Drawn(Begun(0, "c", "a", "b"), TopologyChoice.Auto));
        Assert.Equal("o → (c, a, b)", Drawn(Begun(0, "c", "a", "b"), TopologyChoice.Star));
        Assert.Equal("o → a", Drawn(Begun(0, "a"), TopologyChoice.Auto));
        var local = "cab".Aggregate(Start(),
            (state, name) => state.Joined(NodeName.Parse($"{name}"), NodeAddress.Parse("127.0.0.1:4054"), "disk"))
                .NextEpoch();
        Assert.Equal("o → (c, a, b)", Drawn(local, TopologyChoice.Auto));
        Assert.Equal("o → c → a → b", Drawn(local, TopologyChoice.Chain));
    }

    [Fact]
    public void Who_joins_later_hangs_beside_the_chain_that_is_under_way()
    {
        var state = Join(Join(Copying(Begun(3)), Name(3)), Name(4)).NextEpoch();

        Assert.Equal("o → (d0 → d1 → d2, d3 → d4)", Drawn(state, TopologyChoice.Chain));
    }

    [Fact]
    public void Who_is_lost_leaves_its_place_to_those_behind_it()
    {
        Assert.Equal("o → d0 → d2 → d3",
            Drawn(Copying(Begun(4)).Lost(Name(1), Reason.Text("killed")).NextEpoch(), TopologyChoice.Chain));
    }

    [Fact]
    public void A_child_that_cannot_be_reached_is_moved_and_the_plan_says_why()
    {
        var state =
            Copying(Begun(4)).LinkFailed(Name(0), Name(1), new Epoch(1), Reason.Text("can't reach 10.0.0.1:4054"))
                .NextEpoch();

        var plan = Planning.Plan(state, TopologyChoice.Auto);

        Assert.Equal("o → (d0 → d2 → d3, d1)", Drawn(state, TopologyChoice.Auto));
        Assert.Equal(
            "auto: a chain, so that the origin sends once; d1 is placed below o: its link from d0 failed (can't reach "
            + "10.0.0.1:4054)", plan.Why?.ToString());
    }

    [Fact]
    public void Whom_the_origin_does_not_reach_another_one_may()
    {
        var state = Copying(Begun(3)).LinkFailed(O, Name(0), new Epoch(1), Reason.Text("reset")).NextEpoch();

        Assert.Equal("o → d1 → (d2, d0)", Drawn(state, TopologyChoice.Chain));
        Assert.Equal("o → (d1, d2, d0)", Drawn(state, TopologyChoice.Star));
    }

    [Fact]
    public void Who_reaches_none_of_two_forwards_no_more()
    {
        var state = Copying(Begun(4)).LinkFailed(Name(0), Name(1), new Epoch(1), Reason.Text("reset")).NextEpoch();
        state = Copying(state);
        state = state.LinkFailed(Name(0), Name(2), state.Epoch, Reason.Text("reset")).NextEpoch();

        Assert.Equal("o → (d3, d0, d1, d2)", Drawn(state, TopologyChoice.Chain));
    }

    private static NodeName Name(int i) => NodeName.Parse($"d{i}");

    private static RunState Copying(RunState state) =>
        state.Unfinished.Aggregate(state.NextEpoch(), (next, member) => next.Prepared(member.Name, next.Epoch));

    private static RunState Join(RunState state, NodeName name) => state.Joined(name, Address, "disk");

    private static RunState Start() =>
        RunState.Begin(RunId.New(), O, SnapshotId.Parse("20261122T163305Z"), 2, Epoch.None);

    private static RunState Begun(int count, params string[] names) =>
        (names.Length > 0 ? names.Select(name => NodeName.Parse(name)) : Enumerable.Range(0, count).Select(Name))
            .Aggregate(Start(), Join);

    private static string Drawn(RunState state, TopologyChoice choice) =>
        new DeliveryPlan(state.Run, O, state.Snapshot, state.Epoch, LinkSecret.New(),
            Planning.Plan(state, choice).Root).Drawn;
}
