using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Clusters.Losses;

/// <summary>Destinations on small file systems: one that can't hold the tree is refused before the run, one that fills
/// up fails alone.</summary>
[Trait("Length", "long")]
public sealed class FullDiskTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log);

    [SkippableFact]
    public async Task One_without_inodes_for_the_tree_is_refused_with_figures()
    {
        var source = Mount("size=100m,nr_inodes=500");
        await _cluster.StartCoordinator();
        await _cluster.Destination("small");
        var origin = _cluster.Origin(source, "--copies", "1");
        await origin.Next("warning",
            one => one.GetProperty("message").GetString()!
                .Contains("inodes free, 3,001 needed", StringComparison.Ordinal));
        await _cluster.Destination("first");
        Assert.Equal(0, await origin.Exit());
        Assert.Empty(_cluster.Replica("small").Snapshots);
        _cluster.Replica("first").IsFaithfulTo(source);
    }

    [SkippableFact]
    public async Task One_that_fills_up_fails_alone_and_says_why()
    {
        // By their bytes the files fit; each takes a block of 4 KiB.
        var source = Mount("size=8m,nr_inodes=0");
        await _cluster.StartCoordinator(TimeSpan.FromSeconds(1));
        await _cluster.Destination("small");
        await _cluster.Destination("first");
        var origin = _cluster.Origin(source, "--copies", "2");
        Assert.NotEqual(0, await origin.Exit());
        var lost = Assert.Single(origin.All("destination-lost"));
        Assert.Equal("small", lost.GetProperty("destination").GetString());
        Assert.Contains("No space left on device", lost.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Empty(_cluster.Replica("small").Snapshots);
        _cluster.Replica("first").IsFaithfulTo(source);
    }

    [SkippableFact]
    public async Task A_copy_goes_to_whoever_has_room_and_waits_for_nobody_else()
    {
        var source = Mount("size=100m,nr_inodes=500");
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        var copy = await _cluster.Bdist.Run("copy", source, "small", "first", "missing/too", "--name", "tree");
        Assert.Equal(5, await copy.Exit());
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 9);
        _cluster.Replica("first").IsFaithfulTo(source);
        Assert.Empty(_cluster.Replica("small").Snapshots);
        var end = await copy.Next("run-finished");
        var failed = end.GetProperty("destinations").EnumerateArray()
            .Where(one => one.GetProperty("state").GetString() == "failed")
            .Select(one => one.GetProperty("reason").GetString()!).Order(StringComparer.Ordinal).ToList();
        Assert.Equal((1, 3, 2),
            (end.GetProperty("copies").GetInt32(), end.GetProperty("required").GetInt32(), failed.Count));
        Assert.Contains(failed,
            reason =>
                reason.Contains("inodes free, 3,001 needed", StringComparison.Ordinal)
                    && reason.EndsWith("/small)", StringComparison.Ordinal));
        Assert.Contains(failed, reason => reason.EndsWith("/missing/too)", StringComparison.Ordinal));
    }

    private string Mount(string options)
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "only root mounts file systems");
        _cluster.Folder.Do(
            $"mkdir small source; mount -t tmpfs -o {options} bdist-resume small; seq 3000 | split -l 1 -a 4 -d - "
            + "source/f");
        return _cluster.Folder["source"];
    }

    public void Dispose()
    {
        // Its destination still runs: the mount goes with it.
        _cluster.Folder.Run("mountpoint -q small && umount --lazy small");
        _cluster.Dispose();
    }
}
