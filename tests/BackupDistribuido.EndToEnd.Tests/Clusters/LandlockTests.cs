using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;
using BackupDistribuido.Storage.Kernel;

namespace BackupDistribuido.EndToEnd.Tests.Clusters;

/// <summary>Real destinations that the kernel holds to their folders.</summary>
[Trait("Length", "long")]
public sealed class LandlockTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log);

    private static void NeedsLandlock() =>
        Skip.IfNot(Landlock.Version >= Landlock.FirstWithRenames,
            "this kernel has no Landlock, or one that knows no renames");

    private string Log(string destination) => File.ReadAllText(_cluster.Folder[$"logs/destination-{destination}.log"]);

    [SkippableFact]
    public async Task A_confined_destination_makes_its_root_publishes_prunes_and_logs()
    {
        NeedsLandlock();
        var source = _cluster.Folder.SmallTree();
        await _cluster.StartCoordinator();
        var required = _cluster.Bdist.Config("required.conf", "backup.destination.landlock = required");
        var inside = _cluster.Folder.Write("inside.conf",
            $"backup.log.folder = \"{_cluster.Folder["second/logs"]}\"\nbackup.destination.landlock = required");
        _cluster.Folder.Do("mkdir -p second/logs; echo mine > second/file");
        var first = await _cluster.Destination("first", "--config", required);
        var second = await _cluster.Destination("second", "--config", inside, "--adopt");

        for (var run = 0; run < 3; run++)
        {
            var origin = _cluster.Origin(source, "--copies", "2", "--keep", "1");
            Assert.Equal(0, await origin.Exit());
            await first.Next("replica-stored");
        }
        // Before their coordinator: they would say that they lost it.
        await Cluster.Stop(first, second);
        await Cluster.Stop(_cluster.Coordinator);

        Assert.Single(_cluster.Replica("first").Snapshots);
        Assert.Single(_cluster.Replica("second").Snapshots);
        _cluster.Replica("first").IsFaithfulTo(source);
        _cluster.Replica("second").IsFaithfulTo(source);
        Assert.Contains(
            $"landlock: on: this process can write below {_cluster.Folder["first"]} and {_cluster.Folder["logs"]} only",
                Log("first"), StringComparison.Ordinal);
        Assert.Contains("landlock: on", File.ReadAllText(_cluster.Folder["second/logs/destination-second.log"]),
            StringComparison.Ordinal);
        Assert.All(new[] { first, second }, node => Assert.Empty(node.Error));
        Assert.All(new[] { first, second }, node => Assert.Single(node.All("listening")));
    }

    [SkippableFact]
    public async Task It_keeps_its_process_and_its_name_and_gains_nothing_from_the_marker()
    {
        NeedsLandlock();
        await _cluster.StartCoordinator();
        var marked = _cluster.Bdist.StartAs(["env", "BDIST_LANDLOCKED=1", Path.Combine(Bdist.Program, "bdist")],
            "destination", "--root", _cluster.Folder["root"], "--name", "marked", "--coordinator", _cluster.Address,
                "--listen", "127.0.0.1:0");
        await marked.Next("connected");
        var holder = File.ReadAllText(_cluster.Folder["root/.bdist/holder"]).Trim();
        Assert.Equal("bdist\n", File.ReadAllText($"/proc/{holder}/comm"));
        Assert.Contains("NoNewPrivs:\t1", File.ReadAllText($"/proc/{holder}/status"), StringComparison.Ordinal);
        Assert.Equal(marked.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), holder);
        await Cluster.Stop(marked);
    }

    [SkippableFact]
    public async Task Off_it_is_as_any_process()
    {
        NeedsLandlock();
        await _cluster.StartCoordinator();
        var free = await _cluster.Destination("free", "--config",
            _cluster.Bdist.Config("off.conf", "backup.destination.landlock = off"));
        Assert.Contains("NoNewPrivs:\t0", File.ReadAllText($"/proc/{free.Id}/status"), StringComparison.Ordinal);
        await Cluster.Stop(free);
        Assert.Contains("landlock: off, as it is configured", Log("free"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_refused_start_creates_no_root()
    {
        NeedsLandlock();
        await _cluster.StartCoordinator();
        var taken = _cluster.Bdist.Start("destination", "--root", _cluster.Folder["root"], "--name", "taken",
            "--coordinator", _cluster.Address, "--listen", _cluster.Address);
        Assert.Equal(2, await taken.Exit());
        Assert.Contains("can't listen on", taken.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_cluster.Folder["root"]));
    }

    public void Dispose() => _cluster.Dispose();
}
