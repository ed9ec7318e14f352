using System.Text.Json;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Clusters;

/// <summary>What counts as a copy: a ROOT once, whatever its name and wherever it was copied to; a snapshot by its
/// seal, whatever its id.</summary>
public sealed class SameOrNotTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log);

    [Fact]
    [Trait("Length", "long")]
    public async Task One_root_under_two_names_and_one_that_was_copied_are_one_copy()
    {
        _cluster.Folder.SmallTree("source");
        await _cluster.StartCoordinator(TimeSpan.FromSeconds(4));
        var disk = await _cluster.Destination("disk");
        var origin = _cluster.Origin("source", "--copies", "2", "--start-with", "1", "--wait", "8s");
        await disk.Next("replica-stored");
        await Cluster.Stop(disk);

        var renamed = await _cluster.Destination("renamed", "--root", _cluster.Folder["disk"]);

        Assert.Equal(5, await origin.Exit());
        Assert.Equal(1, (await origin.Next("run-finished")).GetProperty("copies").GetInt32());
        Assert.Equal((1, "renamed"), (await Newest()) is var newest ? (newest.Copies, newest.At) : default);

        _cluster.Folder.Do("cp -a disk copied");
        var twin = await _cluster.Destination("copied");
        var warning = await twin.Next("warning");
        Assert.Contains("renamed", warning.GetProperty("message").GetString());
        Assert.Contains(".bdist/id", warning.GetProperty("message").GetString());
        await _cluster.Coordinator.Next("warning",
            one => one.GetProperty("message").GetString()!.Contains(".bdist/id", StringComparison.Ordinal));
        var status = await _cluster.Status();
        Assert.Equal((1, 1, 1),
            (status.GetProperty("connected").GetInt32(), (await Newest()).Copies,
                status.GetProperty("warnings").GetArrayLength()));

        await Cluster.Stop(twin);
        _cluster.Folder.Do("rm copied/.bdist/id");
        await _cluster.Destination("copied");
        Assert.Equal(2, (await Newest()).Copies);
        await Cluster.Stop(renamed);
    }

    [Fact]
    [Trait("Length", "long")]
    public async Task Two_trees_of_one_id_do_not_count_together_and_one_from_the_future_is_not_the_newest()
    {
        _cluster.Folder.SmallTree("source");
        await _cluster.StartCoordinator();
        var (a, b) = (await _cluster.Destination("a"), await _cluster.Destination("b"));
        Assert.Equal(0, await _cluster.Origin("source", "--copies", "2").Exit());
        var id = Assert.Single(_cluster.Replica("a").Snapshots);
        Assert.Matches("^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}$", id);
        await Cluster.Stop(a, b);
        // As another coordinator would have left it in the same second, and as one whose clock was wrong.
        _cluster.Folder.Do($$"""
            cd b/tree/manifests && awk '/^seal / { gsub(/[0-9a-f]/, "a", $4) } { print }' {{id}}.manifest > m && cat m > {{id}}.manifest && rm m
            cd ../../../a/tree && cp -a snapshots/{{id}} snapshots/20990101T000000Z && sed 's/^snapshot .*/snapshot 20990101T000000Z/' manifests/{{id}}.manifest > manifests/20990101T000000Z.manifest
            """);

        a = await _cluster.Destination("a");
        await _cluster.Destination("b");

        Assert.Contains("20990101T000000Z", a.All("warning")[0].GetProperty("message").GetString());
        await _cluster.Coordinator.Next("warning",
            one => one.GetProperty("message").GetString()!
                .Contains($"2 different trees are called {id}", StringComparison.Ordinal));
        Assert.Equal((id, 1, "a"), await Newest() is var newest ? (newest.Id, newest.Copies, newest.At) : default);
        Assert.Equal(0, await _cluster.Origin("source", "--copies", "2").Exit());
        Assert.Equal(2, (await Newest()).Copies);
        Assert.StartsWith("2099", _cluster.Replica("a").Snapshots[^1]);
        Assert.Equal(_cluster.Replica("b").Snapshots[^1],
            Path.GetFileName(_cluster.Folder.Do("readlink a/tree/latest").Trim()));
        _cluster.Replica("a").IsFaithfulTo(_cluster.Folder["source"]);
    }

    public void Dispose() => _cluster.Dispose();

    private async Task<(string Id, int Copies, string At)> Newest()
    {
        var snapshot = Assert.Single((await _cluster.Status()).GetProperty("snapshots").EnumerateArray());
        return (snapshot.GetProperty("snapshot").GetString()!, snapshot.GetProperty("copies").GetInt32(),
            Names(snapshot));
    }

    private static string Names(JsonElement snapshot) =>
        string.Join(' ',
            snapshot.GetProperty("destinations").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
}
