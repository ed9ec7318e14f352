using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Clusters;

/// <summary>Point 6: several origins, and names that are taken.</summary>
[Trait("Length", "long")]
public sealed class IdentityTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log);

    [Fact]
    public async Task Several_origins_wait_and_run_at_the_same_time()
    {
        string[] names = ["red", "green", "blue"];
        foreach (var name in names) _cluster.Folder.LargeTree(32, name);
        await _cluster.StartCoordinator();
        await _cluster.Destination("first");
        var origins = names.Select(name =>
            _cluster.Bdist.Start("origin", name, "--name", name, "--coordinator", _cluster.Address, "--copies", "2"))
                .ToList();
        foreach (var origin in origins) await origin.Count(1);
        Assert.Equal(3,
            (await _cluster.Status()).GetProperty("nodes").EnumerateArray()
                .Count(node => node.GetProperty("role").GetString() == "origin"));
        await _cluster.Destination("second");
        foreach (var origin in origins) Assert.Equal(0, await origin.Exit());
        foreach (var name in names)
        {
            _cluster.Replica("first", name).IsFaithfulTo(_cluster.Folder[name]);
            _cluster.Replica("second", name).IsFaithfulTo(_cluster.Folder[name]);
        }
        Assert.Equal(names.Order(StringComparer.Ordinal),
            (await _cluster.Status()).GetProperty("snapshots").EnumerateArray()
            .Where(one => one.GetProperty("protected").GetBoolean())
            .Select(one => one.GetProperty("origin").GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_second_origin_of_a_name_in_use_is_refused_and_the_first_goes_on()
    {
        _cluster.Folder.SmallTree("source");
        _cluster.Folder.SmallTree("other");
        await _cluster.StartCoordinator();
        var first = _cluster.Origin("source");
        await first.Count(0);
        await Refused(_cluster.Origin("other"), "tree");
        await _cluster.Destination("first");
        Assert.Equal(0, await first.Exit());
    }

    [Fact]
    public async Task Of_two_processes_for_the_same_tree_the_newer_goes_on_and_the_older_says_why_it_ends()
    {
        _cluster.Folder.SmallTree("source");
        await _cluster.StartCoordinator();
        var older = _cluster.Origin("source");
        await older.Count(0);
        var newer = _cluster.Origin("source");
        await newer.Count(0);
        await Refused(older, "tree");
        await _cluster.Destination("first");
        Assert.Equal(0, await newer.Exit());
        Assert.Single(_cluster.Replica("first").Snapshots);
    }

    [Fact]
    public async Task Another_tree_does_not_write_into_the_copies_of_a_name_even_when_its_owner_is_away()
    {
        _cluster.Folder.SmallTree("source");
        _cluster.Folder.SmallTree("other");
        await _cluster.StartCoordinator(TimeSpan.FromSeconds(1));
        await _cluster.Destination("first");
        Assert.Equal(0, await _cluster.Origin("source").Exit());
        var stranger = _cluster.Origin("other");
        Assert.Contains(await stranger.Exit(), new[] { 5, 6 });
        Assert.Contains("tree", stranger.Output + stranger.Error);
        Assert.Single(_cluster.Replica("first").Snapshots);
        _cluster.Replica("first").IsFaithfulTo(_cluster.Folder["source"]);
    }

    [Fact]
    public async Task A_second_destination_of_a_name_in_use_is_refused_and_the_first_stays()
    {
        await _cluster.StartCoordinator();
        await _cluster.Destination("first");
        var second = _cluster.Bdist.Start("destination", "--root", "elsewhere", "--name", "first", "--coordinator",
            _cluster.Address, "--listen", "127.0.0.1:0");
        await Refused(second, "first");
        Assert.Equal(1, (await _cluster.Status()).GetProperty("connected").GetInt32());
    }

    [Fact]
    public async Task A_root_that_a_live_destination_uses_is_refused()
    {
        await _cluster.StartCoordinator();
        await _cluster.Destination("first");
        var second = _cluster.Bdist.Start("destination", "--root", "first", "--name", "second", "--coordinator",
            _cluster.Address, "--listen", "127.0.0.1:0");
        await Refused(second, "first");
        _cluster.Folder.SmallTree();
        await Refused(_cluster.Bdist.Start("copy", "source", "first"), "first");
    }

    public void Dispose() => _cluster.Dispose();

    private static async Task Refused(BdistProcess node, string says)
    {
        Assert.Equal(6, await node.Exit());
        var line = Assert.Single(node.Error.Split('\n'), line => line.StartsWith("bdist", StringComparison.Ordinal));
        Assert.Contains(says, line);
        Assert.DoesNotContain("   at ", node.Error);
    }
}
