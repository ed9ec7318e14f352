using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Clusters.Losses;

/// <summary>Who joins after a run, or was away in it, is brought to the newest snapshot by a destination that has it.
/// The origin is gone by then.</summary>
public sealed class CatchUpTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log);

    [Fact]
    public async Task Who_joins_after_the_run_gets_the_snapshot_from_a_destination_and_the_copies_rise()
    {
        var source = await Protect(_cluster.Folder.HardTree(), "first", "second");
        _cluster.Folder.Do($"mv '{source}' hidden");

        var third = await _cluster.Destination("third");

        await third.Next("replica-stored");
        _cluster.Folder.Do($"mv hidden '{source}'");
        var replica = _cluster.Replica("third");
        replica.IsEqualTo(source);
        replica.ChecksumsPass();
        Assert.Equal(_cluster.Replica("first").Snapshots, replica.Snapshots);
        _cluster.Folder.Do("cmp first/tree/manifests/*.manifest third/tree/manifests/*.manifest");
        var snapshot = Assert.Single((await _cluster.Status()).GetProperty("snapshots").EnumerateArray());
        Assert.Equal((3, 2), (snapshot.GetProperty("copies").GetInt32(), snapshot.GetProperty("required").GetInt32()));
    }

    [Fact]
    [Trait("Length", "long")]
    public async Task Who_was_away_gets_what_changed_and_a_holder_that_dies_is_replaced_by_another()
    {
        var source = _cluster.Folder.LargeTree(192);
        var (first, second, third) = await Start(source);
        await Cluster.Stop(third);
        _cluster.Folder.Do(
            $"echo changed > '{source}/small/faaaa'; for i in 1 2 3 4; do head -c 50000000 /dev/urandom > "
            + $"'{source}/new'$i; done");
        var again = _cluster.Origin(source, "--copies", "2");
        Assert.Equal(0, await again.Exit());

        third = await _cluster.Destination("third");
        // The one that has been there longest is asked.
        await third.Next("file-stored");
        await first.Kill();

        await third.Next("replica-stored");
        _cluster.Replica("third").IsRightFor(source);
        Assert.Equal(2, _cluster.Replica("third").Snapshots.Count);
        Assert.Single(_cluster.Folder.Do("stat -L -c %i third/tree/snapshots/*/big1 | uniq")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries));
        await Cluster.Stop(second, third);
    }

    [Fact]
    [Trait("Length", "long")]
    public async Task An_origin_that_begins_a_run_does_not_wait_for_those_who_catch_up()
    {
        var source = await Protect(_cluster.Folder.LargeTree(256), "first");
        var second = await _cluster.Destination("second");
        await second.Next("file-stored");

        var origin = _cluster.Origin(source, "--copies", "2");

        Assert.Equal(0, await origin.Exit());
        _cluster.Replica("second").IsRightFor(source);
        Assert.Equal(_cluster.Replica("first").Snapshots[^1], _cluster.Replica("second").Snapshots[^1]);
    }

    public void Dispose() => _cluster.Dispose();

    private async Task<(BdistProcess First, BdistProcess Second, BdistProcess Third)> Start(string source)
    {
        await _cluster.StartCoordinator();
        var (first, second, third) = (await _cluster.Destination("first"), await _cluster.Destination("second"),
            await _cluster.Destination("third"));
        var origin = _cluster.Origin(source, "--copies", "3");
        Assert.Equal(0, await origin.Exit());
        return (first, second, third);
    }

    private async Task<string> Protect(string source, params string[] destinations)
    {
        await _cluster.StartCoordinator();
        foreach (var name in destinations) await _cluster.Destination(name);
        var origin = _cluster.Origin(source, "--copies", $"{destinations.Length}");
        Assert.Equal(0, await origin.Exit());
        return source;
    }
}
