using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Clusters;

/// <summary>An origin that sends to the coordinator alone, which forwards to all and stores nothing.</summary>
[Trait("Length", "long")]
public sealed class RelayTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log);

    [Fact]
    public async Task All_destinations_get_the_tree_through_the_coordinator_also_those_that_dial()
    {
        var source = _cluster.Folder.LargeTree(32);
        await _cluster.StartCoordinator();
        await _cluster.Destination("first");
        await _cluster.Destination("second");
        await _cluster.Destination("closed", "--config",
            _cluster.Bdist.Config("closed.conf", "backup.destination.inbound = off"));

        var origin = _cluster.Origin(source, "--copies", "3", "--topology", "relay");

        var started = await origin.Next("run-started");
        Assert.Equal("relay", started.GetProperty("topology").GetString());
        Assert.Equal(0, await origin.Exit());
        Assert.Single(origin.All("run-started"));
        foreach (var name in new[] { "first", "second", "closed" }) _cluster.Replica(name).IsFaithfulTo(source);
        // Control, and data.
        Assert.Equal(2, _cluster.Coordinator.All("listening").Count);

        // Who comes after the run gets it the same way, though the origin is gone: nobody may reach more than the
        // coordinator.
        var late = await _cluster.Destination("late");
        await late.Next("replica-stored");
        _cluster.Replica("late").IsFaithfulTo(source);
        Assert.Equal(["relay", "relay"],
            _cluster.Coordinator.All("run-started").Select(one => one.GetProperty("topology").GetString()));
    }

    [Fact]
    public async Task One_that_is_killed_is_named_and_the_others_finish()
    {
        var source = _cluster.Folder.LargeTree(128);
        await _cluster.StartCoordinator();
        await _cluster.Destination("first");
        var victim = await _cluster.Destination("victim");
        await _cluster.Destination("third");
        var origin = _cluster.Origin(source, "--copies", "2", "--start-with", "2", "--topology", "relay", "--limit",
            TreeMakers.LongEnough);
        await victim.Next("file-stored");

        await victim.Kill();

        Assert.Equal(0, await origin.Exit());
        Assert.Equal("victim", Assert.Single(origin.All("destination-lost")).GetProperty("destination").GetString());
        foreach (var name in new[] { "first", "third" }) _cluster.Replica(name).IsFaithfulTo(source);
    }

    [Fact]
    public async Task A_coordinator_that_is_killed_and_started_again_goes_on_relaying()
    {
        var source = _cluster.Folder.LargeTree(128);
        await _cluster.StartCoordinator();
        var first = await _cluster.Destination("first");
        await _cluster.Destination("second");
        var origin = _cluster.Origin(source, "--copies", "2", "--topology", "relay", "--limit", TreeMakers.LongEnough);
        await first.Next("file-stored",
            one => one.GetProperty("path").GetString()!.StartsWith("big", StringComparison.Ordinal));

        await _cluster.Coordinator.Kill();
        await _cluster.StartCoordinator();

        Assert.Equal(0, await origin.Exit());
        Assert.All(origin.All("run-started"),
            started => Assert.Equal("relay", started.GetProperty("topology").GetString()));
        foreach (var name in new[] { "first", "second" }) _cluster.Replica(name).IsFaithfulTo(source);
    }

    public void Dispose() => _cluster.Dispose();
}
