using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Runs.Pace;
using BackupDistribuido.Core.Runs.States;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Runs.Pace;

public sealed class FlowWatchTests
{
    private static readonly NodeName O = NodeName.Parse("o");
    private static readonly NodeAddress Address = NodeAddress.Parse("10.0.0.1:4054");

    private readonly FlowWatch _watch = new();

    [Fact]
    public void One_of_a_star_at_less_than_half_of_what_the_others_could_do_is_slow()
    {
        var plan = Plan(TopologyChoice.Star, 3);

        // All go at the pace of d1, whose link is always busy; the others' are so a tenth of the time.
        Run(plan, 8, link => link.Child == "d1" ? (10_000_000, 1000) : (10_000_000, 100));

        var slow = _watch.Slowest(plan)!;
        Assert.Equal(("d1", 10_000_000), (slow.Name.ToString(), Math.Round(slow.Rate)));
        // A little less than a tenth of the time says: what sockets may have swallowed is left out.
        Assert.InRange(slow.Others, 90_000_000, 100_000_000);
    }

    [Fact]
    public void Where_all_are_at_the_limit_of_their_lines_nobody_is_slow()
    {
        foreach (var choice in new[] { TopologyChoice.Star, TopologyChoice.Chain })
        {
            var plan = Plan(choice, 4);
            _watch.Clear();
            Run(plan, 10, link => (25_000_000, link.Child == "o" ? 50 : 980));
            Assert.Null(_watch.Slowest(plan));
        }
    }

    [Fact]
    public void Where_the_origin_reads_no_faster_nobody_is_slow()
    {
        var plan = Plan(TopologyChoice.Star, 2);

        Run(plan, 10,
            link => link.Child switch { "o" => (10_000_000, 700), "d0" => (10_000_000, 900), _ => (10_000_000, 50) });

        Assert.Null(_watch.Slowest(plan));
    }

    [Fact]
    public void In_a_chain_it_is_the_one_behind_whom_nothing_waits_and_those_before_it_are_known_by_their_first_second()
    {
        var plan = Plan(TopologyChoice.Chain, 4);

        // d2's disk is slow. At first what is before it fills up; then all go at its pace.
        Run(plan, 10,
            link => link.Child switch { "o" => (5_000_000, 30), "d3" => (5_000_000, 20), _ => (5_000_000, 990) },
            first: link => link.Child is "d0" or "d1" ? (50_000_000, 500) : (5_000_000, 100));

        Assert.Equal("d2", _watch.Slowest(plan)!.Name.ToString());
    }

    [Fact]
    public void A_moment_is_no_pace_and_what_moves_nothing_is_not_slow_but_another_ones_business()
    {
        var plan = Plan(TopologyChoice.Star, 3);
        Run(plan, 3, link => link.Child == "d1" ? (1_000_000, 1000) : (1_000_000, 10));
        Assert.Null(_watch.Slowest(plan));
        Run(plan, 10, link => link.Child == "d1" ? (0, 1000) : (0, 0), from: 3);
        Assert.Null(_watch.Slowest(plan));
    }

    [Fact]
    public void Nobody_is_slow_alone_or_set_apart_already_or_behind_a_relay()
    {
        var alone = Plan(TopologyChoice.Star, 1);
        Run(alone, 10, _ => (1_000_000, 1000));
        Assert.Null(_watch.Slowest(alone));
        var apart = Plan(TopologyChoice.Star, 3);
        apart = apart with
        {
            Root = apart.Root with
            {
                Children = [.. apart.Root.Children.Select(child =>
            child with { IsApart = child.Name.ToString() == "d1" })]
            }
        };
        Run(apart, 10, link => link.Child == "d1" ? (1_000_000, 1000) : (1_000_000, 10));
        Assert.Null(_watch.Slowest(apart));
    }

    [Fact]
    public void Whatever_is_told_at_most_one_of_the_plan_is_slow_and_it_does_less_than_half_of_what_others_could() =>
        Gen.Select(Gen.Int[1, 6], Gen.Bool, Gen.Select(Gen.Int[0, 50_000_000], Gen.Int[0, 1000]).Array[7].Array[2, 12])
            .Sample((count, isChain, told) =>
        {
            var (plan, watch, second) =
                (Plan(isChain ? TopologyChoice.Chain : TopologyChoice.Star, count), new FlowWatch(), 0);
            var sums = new (long Bytes, long Busy)[7];
            foreach (var step in told)
            {
                for (var i = 0; i < sums.Length; i++)
                    sums[i] = (sums[i].Bytes + step[i].Item1, sums[i].Busy + step[i].Item2);
                var at = TimeSpan.FromSeconds(second++);
                watch.Handle(O, [new LinkFlow(O, sums[6].Bytes, sums[6].Busy)], at);
                foreach (var parent in plan.Root.Subtree())
                {
                    watch.Handle(parent.Name,
                        parent.Children.Select(child =>
                            {
                                var one =
                                    sums[child.Name.ToString()[1] - '0']; return new LinkFlow(child.Name, one.Bytes,
                                one.Busy);
                            }), at);
                }
            }
            if (watch.Slowest(plan) is not { } slow) return;
            Assert.NotNull(plan.Receiver(slow.Name));
            Assert.True(count > 1 && slow.Rate > 0 && slow.Rate * 2 < slow.Others);
        });

    [Fact]
    public void What_a_link_has_carried_is_known_where_it_did_not_wait_for_others()
    {
        var plan = Plan(TopologyChoice.Chain, 2);

        Run(plan, 8, link => link.Child == "d1" ? (20_000_000, 1000) : (20_000_000, 900));

        Assert.Equal(["d1"], _watch.Speeds(plan).Keys.Select(name => name.ToString()));
        Assert.InRange(_watch.Speeds(plan).Values.Single(), 19_000_000, 20_000_000);
    }

    private void Run(DeliveryPlan plan, int seconds,
        Func<(string Parent, string Child), (long Bytes, long Busy)> each,
        Func<(string Parent, string Child), (long Bytes, long Busy)>? first = null, int from = 0)
    {
        var links = plan.Root.Subtree()
            .SelectMany(parent => parent.Children, (parent, child) => (Parent: parent.Name, Child: child.Name))
            .Append((Parent: O, Child: O)).ToList();
        var sums = links.ToDictionary(link => link, _ => (Bytes: from * 1_000_000L, Busy: from * 1000L));
        for (var second = from + 1; second <= from + seconds; second++)
        {
            foreach (var link in links)
            {
                var name = (link.Parent.ToString(), link.Child.ToString());
                var (bytes, busy) = second == 1 && first is not null ? first(name) : each(name);
                sums[link] = (sums[link].Bytes + bytes, sums[link].Busy + busy);
                _watch.Handle(link.Parent, [new LinkFlow(link.Child, sums[link].Bytes, sums[link].Busy)],
                    TimeSpan.FromSeconds(second));
            }
        }
    }

    private static DeliveryPlan Plan(TopologyChoice choice, int destinations)
    {
        var state = Enumerable.Range(0, destinations).Aggregate(
            RunState.Begin(RunId.New(), O, SnapshotId.Parse("20261122T163305Z"), 1, Epoch.None), (run, i) =>
                run.Joined(NodeName.Parse($"d{i}"), Address, "disk"));
        return new DeliveryPlan(state.Run, O, state.Snapshot, new Epoch(1), LinkSecret.New(),
            Planning.Plan(state.NextEpoch(), choice).Root);
    }
}
