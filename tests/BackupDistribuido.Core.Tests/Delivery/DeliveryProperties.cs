using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Delivery;

/// <summary>
/// Whatever the plan's shape and whoever lacks what: needs go up merged, content goes down filtered, and over each link
/// goes exactly what someone below it lacks, once.
/// </summary>
public sealed class DeliveryProperties
{
    private const int Files = 12;
    private const int FilesOfAPage = 4;
    private static readonly NodeName O = NodeName.Parse("o");
    private static readonly NodeName Relay = NodeName.Parse("coordinator");
    private static readonly NodeAddress Address = NodeAddress.Parse("10.0.0.1:4054");

    /// <summary>What each of up to seven destinations has of each file, of at most 20 bytes each; null: all, and its
    /// digest.</summary>
    private static readonly Gen<long?[][]> Had = Gen.OneOf(Gen.Long[0, 20].Select(offset => (long?)offset),
        Gen.Const((long?)null), Gen.Const((long?)0)).Array[Files].Array[1, 7];

    [Fact]
    public void What_goes_over_each_link_is_the_union_of_the_needs_below_it_byte_by_byte() =>
        Gen.Select(Had, Gen.Int[1, 20].Array[Files], Gen.Int[0, 4]).Sample((had, sizes, shape) =>
        {
            var plan = Plan(had.Length, shape);
            var needs = had.Select((files, i) =>
                (Name(i),
                    Enumerable.Range(0, Files).Where(file => files[file] is not null)
                        .ToDictionary(file => file, file => Math.Min(files[file]!.Value, sizes[file])))).ToDictionary();
            var nodes = plan.Root.Subtree()
                .ToDictionary(node => node.Name, node => new Node(node, needs.GetValueOrDefault(node.Name)));

            for (var page = 0; page < Files / FilesOfAPage; page++)
            {
                nodes[O].Down(new PageFrame(page, page * FilesOfAPage, FilesOfAPage, 1), nodes);
                foreach (var need in nodes[O].Ask(page, nodes).Needs)
                {
                    for (var at = need.Offset; at < sizes[need.Entry]; at++)
                        nodes[O].Down(new DataFrame(need.Entry, at, 1), nodes);
                    nodes[O].Down(new EndFrame(need.Entry, sizes[need.Entry], Sha256Digest.OfNothing), nodes);
                }
            }

            foreach (var node in plan.Receivers())
            {
                var below = node.Subtree().Where(one => needs.ContainsKey(one.Name)).SelectMany(one => needs[one.Name])
                    .GroupBy(need => need.Key, need => need.Value);
                var union = below.ToDictionary(file => (long)file.Key, file => sizes[file.Key] - file.Min());
                Assert.Equal(union.OrderBy(file => file.Key), nodes[node.Name].Came.OrderBy(file => file.Key));
                Assert.Equal(union.Keys.Order(), nodes[node.Name].Ended);
            }
        });

    private static DeliveryPlan Plan(int destinations, int shape)
    {
        var choice =
            new[] { TopologyChoice.Auto, TopologyChoice.Chain, TopologyChoice.Star, TopologyChoice.Relay }[shape % 4];
        var state = Enumerable.Range(0, destinations)
            .Aggregate(RunState.Begin(RunId.New(), O, SnapshotId.Parse("20261122T163305Z"), 1, Epoch.None),
                (run, i) => run.Joined(Name(i), Address, "disk"));
        var root = Planning.Plan((state with { Relay = new PlanRelay(Relay, Address) }).NextEpoch(), choice).Root;
        // Any other tree does as well.
        if (shape == 4)
            root = root with
            {
                Children = Topology.Tree([.. root.Subtree().Skip(1)
                .Select(node => node with { Children = [] })], 3)
            };
        return new DeliveryPlan(state.Run, O, state.Snapshot, new Epoch(1), LinkSecret.New(), root);
    }

    private static NodeName Name(int i) => NodeName.Parse($"d{i}");

    /// <summary>One node: its merge, a filter for each child, and what came to it.</summary>
    private sealed class Node
    {
        private readonly PlanNode _node;
        private readonly Dictionary<int, long>? _lacks;
        private readonly NeedMerge _merge = new();
        private readonly Dictionary<NodeName, BranchNeeds> _branches;

        public Node(PlanNode node, Dictionary<int, long>? lacks)
        {
            (_node, _lacks) = (node, lacks);
            _branches = node.Children.ToDictionary(child => child.Name, _ => new BranchNeeds(0));
            foreach (var child in node.Children) _merge.Join(child.Name, 0);
            if (lacks is not null) _merge.Join(node.Name, 0);
        }

        public SortedDictionary<long, long> Came { get; } = [];

        public List<long> Ended { get; } = [];

        /// <summary>A frame is here: it goes to each child that wants it.</summary>
        public void Down(Frame frame, Dictionary<NodeName, Node> nodes)
        {
            if (frame is PageFrame page) _merge.Announce(page.Page);
            if (frame is DataFrame data) Came[data.Entry] = Came.GetValueOrDefault(data.Entry) + data.Length;
            if (frame is EndFrame end)
            {
                Came.TryAdd(end.Entry, 0);
                Ended.Add(end.Entry);
            }
            foreach (var (child, branch) in _branches)
            {
                if (branch.Wants(frame, [])) nodes[child].Down(frame, nodes);
            }
        }

        /// <summary>What this node and all below it lack of a page.</summary>
        public NeedSet Ask(int page, Dictionary<NodeName, Node> nodes)
        {
            PageNeeds? known = null;
            foreach (var (child, branch) in _branches)
            {
                var needs = nodes[child].Ask(page, nodes);
                branch.Give(page, needs);
                known ??= _merge.Give(child, page, needs);
            }
            if (_lacks is not null)
            {
                var own = _lacks.Where(need => need.Key / FilesOfAPage == page).OrderBy(need => need.Key)
                    .Select(need => new Need(need.Key, need.Value));
                known ??= _merge.Give(_node.Name, page, NeedSet.Of(own));
            }
            return known?.Needs ?? NeedSet.Nothing;
        }
    }
}
