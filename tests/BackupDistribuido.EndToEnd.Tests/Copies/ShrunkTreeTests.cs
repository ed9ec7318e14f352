using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Copies;

/// <summary>A tree that has suddenly lost most of its entries is no state to protect.</summary>
public sealed class ShrunkTreeTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log);

    private TemporaryFolder Folder => _cluster.Folder;

    [Fact]
    public async Task It_is_stopped_before_anything_is_published_unless_its_owner_allows_it()
    {
        Folder.Do("mkdir source; touch source/f{1..300}");
        var (a, b) = (_cluster.Replica("a"), _cluster.Replica("b"));
        Assert.Equal(0, await (await Copy()).Exit());
        var first = Assert.Single(a.Snapshots);

        Folder.Do("rm source/f{1..200}");
        await IsStopped("SOURCE has 101 entries", " 301", "50 % or more");
        Assert.Equal([first], a.Snapshots);
        Assert.Equal([first], b.Snapshots);

        Assert.Equal(0, await (await Copy("--allow-shrink")).Exit());
        Assert.Equal(2, a.Snapshots.Count);
        a.IsFaithfulTo(Folder["source"]);
        // That is the measure from now on.
        Assert.Equal(0, await (await Copy()).Exit());

        Folder.Do("rm source/*");
        await IsStopped("SOURCE is empty", "101 entries");
        Assert.Equal(3, b.Snapshots.Count);
        Assert.Equal(0, await (await Copy("--allow-shrink")).Exit());
        b.IsEqualTo(Folder["source"]);
    }

    [Fact]
    public async Task It_is_stopped_though_it_shrinks_after_it_was_counted()
    {
        Folder.Do("mkdir source; touch source/f{1..300}");
        Assert.Equal(0, await (await Copy()).Exit());
        await _cluster.StartCoordinator();
        await _cluster.Destination("a");
        var origin = _cluster.Origin(Folder["source"], "--copies", "2");
        await origin.Count(1);
        await Counted();

        Folder.Do("rm source/f{1..200}");
        await _cluster.Destination("b");

        Assert.Equal(5, await origin.Exit());
        Assert.Single(origin.All("run-started"));
        Assert.Contains("SOURCE has 101 entries", origin.Error, StringComparison.Ordinal);
        foreach (var root in new[] { "a", "b" }) Assert.Single(_cluster.Replica(root).Snapshots);

        async Task Counted()
        {
            using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (Folder.Run("grep -rq 'tree has 301 entries' logs").Exit != 0) await Task.Delay(50, bound.Token);
        }
    }

    private Task<BdistProcess> Copy(params string[] flags) =>
        _cluster.Bdist.Run(["copy", Folder["source"], "a", "b", "--name", "tree", .. flags]);

    private async Task IsStopped(params string[] says)
    {
        var copy = await Copy();
        Assert.Equal(5, await copy.Exit());
        Assert.Empty(copy.All("run-started"));
        foreach (var text in says) Assert.Contains(text, copy.Error, StringComparison.Ordinal);
        Assert.Contains("--allow-shrink", copy.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _cluster.Dispose();
}
