using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Clusters;

/// <summary>Destinations that nobody can dial take part: they dial.</summary>
[Trait("Length", "long")]
public sealed class InboundTests(ITestOutputHelper log) : IDisposable
{
    private readonly Bdist _keys = new(log);
    private Cluster _cluster = new(log);

    [Theory]
    [InlineData("star", false)]
    [InlineData("star", true)]
    [InlineData("chain", false)]
    [InlineData("chain", true)]
    public async Task One_that_accepts_no_connections_gets_its_copy(string topology, bool secured)
    {
        if (secured)
        {
            Assert.Equal(0,
                await _keys.StartBare([Path.Combine(Bdist.Program, "bdist")], "key", _keys.Folder["cluster.key"])
                    .Exit());
            _cluster = new Cluster(log, "--key", _keys.Folder["cluster.key"]);
        }
        var source = _cluster.Folder.LargeTree(32);
        await _cluster.StartCoordinator();
        await _cluster.Destination("open");
        var closed = await Closed("closed");

        var origin = _cluster.Origin(source, "--copies", "2", "--topology", topology);

        Assert.Equal(0, await origin.Exit());
        Assert.Empty(closed.All("listening"));
        Assert.Empty(origin.All("destination-lost"));
        Assert.Single(origin.All("run-started"));
        foreach (var name in new[] { "open", "closed" }) _cluster.Replica(name).IsFaithfulTo(source);
    }

    [Fact]
    public async Task Nobody_else_being_there_it_dials_the_origin()
    {
        var source = _cluster.Folder.SmallTree();
        await _cluster.StartCoordinator();
        foreach (var name in new[] { "one", "two", "three" }) await Closed(name);

        var origin = _cluster.Origin(source, "--copies", "3", "--topology", "chain");

        Assert.Equal(0, await origin.Exit());
        foreach (var name in new[] { "one", "two", "three" }) _cluster.Replica(name).IsFaithfulTo(source);
    }

    [Fact]
    public async Task One_that_is_not_reached_where_it_says_is_told_to_dial()
    {
        var source = _cluster.Folder.LargeTree(16);
        await _cluster.StartCoordinator();
        await _cluster.Destination("reached");
        // Nobody listens there.
        await _cluster.Destination("hidden", "--advertise", "127.0.0.1:1");

        var origin = _cluster.Origin(source, "--copies", "2", "--topology", "chain");

        Assert.Equal(0, await origin.Exit());
        Assert.Empty(origin.All("destination-lost"));
        foreach (var name in new[] { "reached", "hidden" }) _cluster.Replica(name).IsFaithfulTo(source);
    }

    [Fact]
    public async Task When_the_one_that_it_dials_is_killed_it_dials_another_and_goes_on()
    {
        var source = _cluster.Folder.LargeTree(128);
        await _cluster.StartCoordinator();
        var victim = await _cluster.Destination("victim");
        var closed = await Closed("closed");
        var origin = _cluster.Origin(source, "--copies", "2", "--start-with", "2", "--topology", "chain", "--limit",
            TreeMakers.LongEnough);
        await closed.Next("file-stored",
            one => one.GetProperty("path").GetString()!.StartsWith("big", StringComparison.Ordinal));

        await victim.Kill();
        await origin.Next("destination-lost");
        await _cluster.Destination("victim");

        Assert.Equal(0, await origin.Exit());
        foreach (var name in new[] { "victim", "closed" }) _cluster.Replica(name).IsFaithfulTo(source);
    }

    [Fact]
    public async Task One_that_joins_after_the_run_is_caught_up_by_dialling_whoever_has_the_snapshot()
    {
        var source = _cluster.Folder.LargeTree(16);
        await _cluster.StartCoordinator();
        await _cluster.Destination("open");
        Assert.Equal(0, await _cluster.Origin(source).Exit());

        var late = await Closed("late");

        await late.Next("replica-stored");
        _cluster.Replica("late").IsFaithfulTo(source);
    }

    public void Dispose()
    {
        _cluster.Dispose();
        _keys.Dispose();
    }

    private Task<BdistProcess> Closed(string name) =>
        _cluster.Destination(name, "--config",
            _cluster.Bdist.Config($"{name}.conf", "backup.destination.inbound = off"));
}
