using System.Text.Json;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Clusters;

/// <summary>
/// A cluster that is upgraded node by node: some nodes are the build of an earlier commit, which speaks version 1 of
/// the link protocol only, and runs end protected all the same.
/// </summary>
[Trait("Length", "long")]
public sealed class MixedBuildsTests(ITestOutputHelper log) : IDisposable
{
    private static readonly string[] Destinations = ["first", "second", "third"];

    private readonly Cluster _cluster = new(log);

    [SkippableTheory]
    [InlineData("star", "tree")]
    [InlineData("star", "second")]
    [InlineData("chain", "second")]
    [InlineData("chain", "tree second")]
    [InlineData("chain", "first third")]
    [InlineData("chain", "coordinator")]
    [InlineData("relay", "tree second")]
    [InlineData("chain", "tree first second third")]
    public async Task A_tree_and_its_next_snapshot_reach_all_through_nodes_of_two_builds(string topology,
        string earlier)
    {
        NeedsEarlier();
        _cluster.Earlier.UnionWith(earlier.Split(' '));
        var source = Tree(32);
        await _cluster.StartCoordinator();
        foreach (var name in Destinations) await _cluster.Destination(name);

        await IsCopied(source, topology);

        // Unchanged files are needed for their digests only, others as a whole; one is shorter than it was.
        _cluster.Folder.Do($"""
            head -c 3000000 /dev/urandom > {source}/large/big1
            truncate -s 5000 {source}/large/big2
            echo more >> {source}/d7/f7; rm {source}/d8/f8; mv {source}/d9 {source}/e9
            """);
        await IsCopied(source, topology);
    }

    [SkippableFact]
    public async Task Nodes_that_are_killed_in_the_middle_and_come_back_as_the_next_build_cost_the_run_nothing()
    {
        NeedsEarlier();
        _cluster.Earlier.UnionWith(["coordinator", "first", "second", "third"]);
        var source = Tree(128);
        await _cluster.StartCoordinator();
        var nodes = new Dictionary<string, BdistProcess>();
        foreach (var name in Destinations) nodes[name] = await _cluster.Destination(name);
        var origin = _cluster.Origin(source, "--copies", "3", "--start-with", "3", "--topology", "chain", "--limit",
            TreeMakers.LongEnough);

        // One in the middle has old ones at both sides; then the coordinator; then who gets the tree from the origin.
        foreach (var name in new[] { "second", "coordinator", "first" })
        {
            var victim = name == "coordinator" ? _cluster.Coordinator : nodes[name];
            await nodes["third"].Next("file-stored", IsLarge);
            await victim.Kill();
            _cluster.Earlier.Remove(name);
            if (name == "coordinator") await _cluster.StartCoordinator();
            else nodes[name] = await _cluster.Destination(name);
        }

        Assert.Equal(0, await origin.Exit());
        foreach (var name in Destinations) _cluster.Replica(name).IsFaithfulTo(source);
    }

    [SkippableTheory]
    [InlineData("first")]
    [InlineData("late")]
    [InlineData("coordinator")]
    public async Task Who_comes_late_gets_the_tree_from_a_holder_of_another_build(string earlier)
    {
        NeedsEarlier();
        _cluster.Earlier.Add(earlier);
        var source = Tree(16);
        await _cluster.StartCoordinator();
        await _cluster.Destination("first");
        Assert.Equal(0, await _cluster.Origin(source, "--copies", "1").Exit());

        var late = await _cluster.Destination("late");

        await late.Next("replica-stored");
        _cluster.Replica("late").IsFaithfulTo(source);
        _cluster.Replica("late").IsRightFor(source);
    }

    public void Dispose() => _cluster.Dispose();

    private static void NeedsEarlier() =>
        Skip.If(Bdist.Earlier is null, "BDIST_EARLIER names no folder with the build of an earlier commit");

    private static bool IsLarge(JsonElement stored) =>
        stored.GetProperty("path").GetString()!.StartsWith("large/big", StringComparison.Ordinal);

    private string Tree(int mebibytes)
    {
        var source = _cluster.Folder.TwoThousandOfEveryKind();
        _cluster.Folder.LargeTree(mebibytes, "many/large");
        return source;
    }

    private async Task IsCopied(string source, string topology)
    {
        var origin = _cluster.Origin(source, "--copies", "3", "--start-with", "3", "--topology", topology);
        Assert.Equal(0, await origin.Exit());
        var started = Assert.Single(origin.All("run-started"));
        Assert.Equal(topology, started.GetProperty("topology").GetString());
        Assert.Empty(origin.All("destination-lost"));
        foreach (var name in Destinations)
        {
            _cluster.Replica(name).IsFaithfulTo(source);
            _cluster.Replica(name).IsRightFor(source);
        }
    }
}
