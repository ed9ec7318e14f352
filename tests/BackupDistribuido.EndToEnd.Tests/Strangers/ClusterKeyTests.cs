using System.Net.NetworkInformation;
using System.Net.Sockets;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Strangers;

/// <summary>Point 8, control: who has the cluster's key takes part, everyone else is refused with a clear line on both
/// sides.</summary>
[Trait("Length", "long")]
public sealed class ClusterKeyTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log, "--key", "cluster.key");

    [Fact]
    public async Task With_the_key_on_all_nodes_a_run_is_protected()
    {
        await MakeKey("cluster.key");
        Assert.Equal("600\n", _cluster.Folder.Do("stat -c %a cluster.key"));
        var source = _cluster.Folder.SmallTree();
        await _cluster.StartCoordinator();
        await _cluster.Destination("first");
        await _cluster.Destination("second");
        Assert.Equal(0, await _cluster.Origin(source, "--copies", "2").Exit());
        _cluster.Replica("first").IsFaithfulTo(source);
        _cluster.Replica("second").IsFaithfulTo(source);
        Assert.Equal(2, (await _cluster.Status()).GetProperty("connected").GetInt32());
    }

    [Fact]
    public async Task A_coordinator_on_all_addresses_is_reached_by_its_names_and_by_each_of_them_at_once()
    {
        await MakeKey("cluster.key");
        var source = _cluster.Folder.SmallTree();
        var coordinator = _cluster.Bdist.Start("coordinator", "--listen", "0.0.0.0:0", "--key", "cluster.key");
        var port = (await coordinator.Next("listening")).GetProperty("address").GetString()!.Split(':')[^1];
        var own = NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(one => one.Address).Where(address => address.AddressFamily == AddressFamily.InterNetwork)
            .Select(address => address.ToString()).Take(10);
        var places = own.Append("localhost").Append("127.0.0.2").ToList();

        var destinations = places.Select((place, i) => _cluster.Bdist.Start(
            "destination", "--root", $"root{i}", "--name", $"d{i}", "--coordinator", $"{place}:{port}", "--key",
                "cluster.key")).ToList();
        foreach (var destination in destinations) await destination.Next("connected");
        var origin = _cluster.Bdist.Start("origin", source, "--name", "tree", "--copies", $"{places.Count}",
            "--coordinator", $"localhost:{port}", "--key", "cluster.key");

        Assert.Equal(0, await origin.Exit());
        for (var i = 0; i < places.Count; i++)
            new Replica(_cluster.Folder, _cluster.Folder[$"root{i}"], "tree").IsFaithfulTo(source);
    }

    [Fact]
    public async Task A_key_file_is_never_overwritten()
    {
        await MakeKey("cluster.key");
        var before = File.ReadAllBytes(_cluster.Folder["cluster.key"]);
        var again = _cluster.Bdist.StartBare([Path.Combine(Bdist.Program, "bdist")], "key", "cluster.key");
        Assert.Equal(2, await again.Exit());
        Assert.Contains("cluster.key", again.Error);
        Assert.Equal(before, File.ReadAllBytes(_cluster.Folder["cluster.key"]));
    }

    [Theory]
    [InlineData(true, "other.key")]
    [InlineData(true, null)]
    [InlineData(false, "other.key")]
    public async Task A_node_that_does_not_fit_is_refused_and_both_sides_say_why(bool coordinatorHasKey, string? key)
    {
        await MakeKey("cluster.key");
        await MakeKey("other.key");
        using var open = new Cluster(log);
        var cluster = coordinatorHasKey ? _cluster : open;
        await cluster.StartCoordinator();
        string[] given = key is null ? [] : ["--key", _cluster.Folder[key]];
        var stranger = _cluster.Bdist.Start(["destination", "--root", "stranger", "--coordinator", cluster.Address,
            "--listen", "127.0.0.1:0", .. given]);
        var said = await stranger.Next("disconnected", _ => true, TimeSpan.FromSeconds(15));
        Assert.Contains("key", said.GetProperty("reason").GetString());
        await cluster.Coordinator.ErrorSays("key");
        Assert.Contains("Refused 127.0.0.1 ", cluster.Coordinator.Error);
        Assert.Empty(cluster.Coordinator.All("joined"));
        Assert.Empty(stranger.All("connected"));
        Assert.DoesNotContain("   at ", stranger.Error + cluster.Coordinator.Error);

        var status = await _cluster.Bdist.Run(["status", "--coordinator", cluster.Address, .. given]);
        Assert.Equal(3, await status.Exit());
        Assert.Contains("key", status.Error);
    }

    [Fact]
    public async Task A_node_with_the_key_is_still_served_after_strangers_came()
    {
        await MakeKey("cluster.key");
        await MakeKey("other.key");
        var source = _cluster.Folder.SmallTree();
        await _cluster.StartCoordinator();
        var stranger = _cluster.Bdist.Start("destination", "--root", "stranger", "--coordinator", _cluster.Address,
            "--listen", "127.0.0.1:0", "--key", "other.key");
        await stranger.Next("disconnected");
        await _cluster.Destination("first");
        Assert.Equal(0, await _cluster.Origin(source).Exit());
        Assert.False(Directory.Exists(_cluster.Replica("stranger").Folder));
    }

    [Theory]
    [InlineData("coordinator", "--listen", "0.0.0.0:0")]
    [InlineData("destination", "--root", "root", "--listen", "0.0.0.0:0")]
    [InlineData("destination", "--root", "root", "--coordinator", "192.0.2.1")]
    [InlineData("origin", "source", "--coordinator", "192.0.2.1")]
    [InlineData("status", "--coordinator", "192.0.2.1")]
    public async Task Beyond_loopback_a_node_wants_a_key_or_a_permission(params string[] arguments)
    {
        _cluster.Folder.SmallTree();
        var node = await _cluster.Bdist.Run(arguments);
        Assert.Equal(2, await node.Exit());
        Assert.Contains("--insecure", Assert.Single(node.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.False(Directory.Exists(_cluster.Folder["root"]));
    }

    [Fact]
    public async Task Insecure_warns_at_every_start()
    {
        var node = _cluster.Bdist.Start("coordinator", "--listen", "0.0.0.0:0", "--insecure");
        Assert.Contains("not encrypted", (await node.Next("warning")).GetProperty("message").GetString());
        await node.Next("listening");
    }

    public void Dispose() => _cluster.Dispose();

    private async Task MakeKey(string file)
    {
        var made = _cluster.Bdist.StartBare([Path.Combine(Bdist.Program, "bdist")], "key", file);
        Assert.Equal(0, await made.Exit());
    }
}
