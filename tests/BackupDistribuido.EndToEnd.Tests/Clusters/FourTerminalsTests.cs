using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Clusters;

/// <summary>Point 2: a coordinator, two destinations and an origin, one process each.</summary>
public sealed class FourTerminalsTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log);

    [Fact]
    public async Task Copying_starts_by_itself_with_the_second_destination_and_all_say_protected()
    {
        var source = _cluster.Folder.SmallTree();
        await _cluster.StartCoordinator();
        var origin = _cluster.Origin(source, "--copies", "2");
        await origin.Next("connected");
        var first = await _cluster.Destination("first");
        await origin.Count(1);
        Assert.Empty(origin.All("run-started"));
        Assert.Empty(_cluster.Replica("first").Snapshots);

        var second = await _cluster.Destination("second");
        await origin.Count(2);
        var started = await origin.Next("run-started");
        Assert.Equal("star", started.GetProperty("topology").GetString());
        Assert.Equal(0, await origin.Exit());
        var end = Assert.Single(origin.All("run-finished"));
        Assert.Equal("2/2 protected",
            $"{end.GetProperty("copies")}/{end.GetProperty("required")} {end.GetProperty("outcome").GetString()}");
        Assert.Equal(3, origin.All("file-stored").Count(one => one.GetProperty("copies").GetInt32() == 2));
        Assert.All(origin.All("destinations"), one => Assert.Equal(2, one.GetProperty("required").GetInt32()));

        foreach (var destination in new[] { first, second })
        {
            await destination.Next("replica-stored");
            Assert.Equal(["one", "sub/nothing", "sub/two"],
                destination.All("file-stored").Select(one => one.GetProperty("path").GetString()!)
                    .Order(StringComparer.Ordinal));
        }
        await _cluster.Coordinator.Next("protected");
        await _cluster.Coordinator.Next("run-finished");
        await _cluster.Coordinator.Next("left", one => one.GetProperty("role").GetString() == "origin");
        _cluster.Replica("first").IsFaithfulTo(source);
        _cluster.Replica("second").IsFaithfulTo(source);

        var snapshot = Assert.Single((await _cluster.Status()).GetProperty("snapshots").EnumerateArray());
        Assert.Equal(("tree", 2, true),
            (snapshot.GetProperty("origin").GetString(), snapshot.GetProperty("copies").GetInt32(),
                snapshot.GetProperty("protected").GetBoolean()));
        await Cluster.Stop(first, second);
        await Cluster.Stop(_cluster.Coordinator);
        Assert.All(new[] { origin, first, second, _cluster.Coordinator },
            node => Assert.DoesNotContain("WRN", node.Error));
    }

    [Fact]
    public async Task Each_role_starts_with_its_shipped_file()
    {
        var source = _cluster.Folder.SmallTree();
        await _cluster.StartCoordinator("--config", Shipped("coordinator"));
        var first = await _cluster.Destination("first", "--config", Shipped("destination"));
        var second = await _cluster.Destination("second", "--config", Shipped("destination"));
        var origin = _cluster.Origin(source, "--copies", "2", "--config", Shipped("origin"));
        Assert.Equal(0, await origin.Exit());
        _cluster.Replica("first").IsFaithfulTo(source);
        _cluster.Replica("second").IsFaithfulTo(source);
        var copy = _cluster.Bdist.Start("copy", source, "third", "--config", Shipped("copy"));
        Assert.Equal(0, await copy.Exit());
        await Cluster.Stop(first, second, _cluster.Coordinator);
    }

    [Fact]
    public async Task What_a_person_reads_says_the_same_in_words()
    {
        var source = _cluster.Folder.SmallTree();
        await _cluster.StartCoordinator();
        await _cluster.Destination("first");
        await _cluster.Destination("second");
        var origin = _cluster.Origin(source, "--copies", "2", "--output", "plain", "--files");
        Assert.Equal(0, await origin.Exit());
        Assert.Contains("PROTECTED 2/2", origin.Output);
        Assert.Contains("sub/two", origin.Output);
        var status = await _cluster.Bdist.Run("status", "--coordinator", _cluster.Address, "--output", "plain");
        Assert.Contains("first", status.Output);
        Assert.Contains("protected", status.Output);
    }

    public void Dispose() => _cluster.Dispose();

    private string Shipped(string role) =>
        _cluster.Bdist.Config($"{role}-shipped.conf",
            File.ReadAllText(Path.Combine(Bdist.Beside, "hocon", $"{role}.conf")));
}
