using BackupDistribuido.EndToEnd.Tests.Processes;

namespace BackupDistribuido.EndToEnd.Tests.Clusters;

/// <summary>What a coordinator knows after it was killed, with its record and without.</summary>
public sealed class RecordTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log);

    public void Dispose() => _cluster.Dispose();

    [Fact]
    [Trait("Length", "long")]
    public async Task A_coordinator_that_was_killed_shows_the_same_history_and_goes_on()
    {
        _cluster.Folder.Write("tree/a", "x");
        await _cluster.StartCoordinator();
        await _cluster.Destination("a");
        var b = await _cluster.Destination("b");
        Assert.Equal(0, await _cluster.Origin(_cluster.Folder["tree"], "--copies", "2").Exit());
        var watch = _cluster.Bdist.Start("status", "--watch", "--coordinator", _cluster.Address);
        await watch.Next("status", one => one.GetProperty("connected").GetInt32() == 2);
        // What was acknowledged is durable: it need not be asked to stop.
        await _cluster.Coordinator.Kill();
        await Cluster.Stop(b);

        await _cluster.StartCoordinator();
        await _cluster.Coordinator.Next("joined", one => one.GetProperty("name").ValueEquals("a"));
        await watch.Next("status", one => one.GetProperty("connected").GetInt32() == 1);

        var snapshot = Assert.Single((await _cluster.Status()).GetProperty("snapshots").EnumerateArray());
        Assert.Equal((2, 2, true),
            (snapshot.GetProperty("copies").GetInt32(), snapshot.GetProperty("required").GetInt32(),
                snapshot.GetProperty("protected").GetBoolean()));

        Assert.Equal(0, await _cluster.Origin(_cluster.Folder["tree"], "--copies", "1").Exit());
        var runs = (await (await _cluster.Bdist.Run("runs", "--coordinator", _cluster.Address)).Next("runs"))
            .GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal([("protected", 1), ("protected", 2)],
            runs.Select(run => (run.GetProperty("outcome").GetString()!, run.GetProperty("copies").GetInt32())));
        var snapshots = (await (await _cluster.Bdist.Run("snapshots", "--coordinator", _cluster.Address))
            .Next("snapshots")).GetProperty("snapshots").EnumerateArray().ToList();
        Assert.Equal([1, 2], snapshots.Select(one => one.GetProperty("copies").GetInt32()));
        Assert.Equal(0,
            await (await _cluster.Bdist.Run("wait", "--origin", "tree", "--copies", "1", "--timeout", "20s",
                "--coordinator", _cluster.Address)).Exit());
    }

    [Fact]
    public async Task Without_its_record_it_has_lost_history_only()
    {
        _cluster.Folder.Write("tree/a", "x");
        await _cluster.StartCoordinator();
        await _cluster.Destination("a");
        await _cluster.Destination("b");
        Assert.Equal(0, await _cluster.Origin(_cluster.Folder["tree"], "--copies", "2").Exit());
        await Cluster.Stop(_cluster.Coordinator);
        _cluster.Folder.Do("rm -r record");

        await _cluster.StartCoordinator();
        await _cluster.Coordinator.Next("joined", one => one.GetProperty("connected").GetInt32() == 2);

        // The origin is not there to say it: the destinations know how many copies it wanted.
        var snapshot = Assert.Single((await _cluster.Status()).GetProperty("snapshots").EnumerateArray());
        Assert.Equal((2, 2, true),
            (snapshot.GetProperty("copies").GetInt32(), snapshot.GetProperty("required").GetInt32(),
                snapshot.GetProperty("protected").GetBoolean()));
    }
}
