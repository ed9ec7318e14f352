using BackupDistribuido.Core.Naming;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Replicas;

public sealed class PruneTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(0, 1)]
    [InlineData(9, 4)]
    public void The_oldest_go_with_their_manifests_and_the_newest_stays(int keep, int left)
    {
        _folder.Do(
            "mkdir -p source/closed/inner; echo content >source/closed/inner/file; chmod 0555 source/closed source");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        var ids = new List<SnapshotId> { CopyOfATree.First };
        while (ids.Count < 4) ids.Add(SnapshotId.After(ids[^1], CopyOfATree.First.Time));
        foreach (var id in ids) CopyOfATree.Copy(_folder["source"], root, id);
        using var origin = OriginReplicas.Open(root, CopyOfATree.Origin, $"machine:{_folder["source"]}");

        Assert.Equal(ids.Take(4 - left), origin.Prune(keep, ids[^1]));
        Assert.Equal(ids.TakeLast(left), origin.List().Select(snapshot => snapshot.Id));
        Assert.All(origin.List(), snapshot => Assert.NotNull(snapshot.Seal));
        Assert.Equal(3 * left, Directory.GetFiles($"{origin.Path}/manifests").Length);
        Assert.Empty(Directory.GetFileSystemEntries($"{origin.Path}/staging"));
        Assert.Equal("content\n", File.ReadAllText($"{origin.Path}/latest/closed/inner/file"));
    }

    [Fact]
    public void What_was_just_stored_stays_though_a_clock_went_back()
    {
        _folder.Do("mkdir source; echo content >source/file");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        var (stored, later) = (CopyOfATree.First, SnapshotId.After(CopyOfATree.First, CopyOfATree.First.Time));
        CopyOfATree.Copy(_folder["source"], root, later);
        CopyOfATree.Copy(_folder["source"], root, stored);
        using var origin = OriginReplicas.Open(root, CopyOfATree.Origin, $"machine:{_folder["source"]}");

        Assert.Empty(origin.Prune(1, stored));
        Assert.Equal([stored, later], origin.List().Select(snapshot => snapshot.Id));
    }

    [Fact]
    public void What_could_be_held_once_and_can_not_be_any_more_stays()
    {
        _folder.Do("mkdir source; mkfifo source/pipe");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        var (old, stored) = (CopyOfATree.First, SnapshotId.After(CopyOfATree.First, CopyOfATree.First.Time));
        CopyOfATree.Copy(_folder["source"], root, old);
        CopyOfATree.Copy(_folder["source"], root, stored);
        var told = new List<string>();
        using var origin = OriginReplicas.Open(root, CopyOfATree.Origin, $"machine:{_folder["source"]}",
            warn: said => told.Add(said.ToString()));
        _folder.Do(
            $"cd root/{CopyOfATree.Origin}; rm snapshots/{stored}/pipe; echo 'missing 1: special files' > "
            + $"manifests/{stored}.shortfall");

        Assert.Empty(origin.Prune(1, stored));
        Assert.Contains($"Snapshot {old} of {CopyOfATree.Origin} stays beyond --keep 1", Assert.Single(told));
        Assert.Equal([old], origin.Prune(1, stored, mayShrink: true));
    }

    [Theory]
    [InlineData("mv snapshots/$id snapshots/.pruned-$id")]
    [InlineData("mv snapshots/$id snapshots/.pruned-$id; rm manifests/$id.manifest")]
    [InlineData("mv snapshots/$id snapshots/.pruned-$id; rm manifests/$id.*; chmod 0700 snapshots/.pruned-$id")]
    [InlineData("mv snapshots/$id staging/.pruned-$id; rm manifests/$id.*")]
    [InlineData(
        "mv snapshots/$id staging/.pruned-$id; rm manifests/$id.*; chmod -R u+w staging; rm "
        + "staging/.pruned-$id/closed/inner/file")]
    public void Killed_at_any_step_it_leaves_whole_snapshots_and_the_next_time_nothing_else(string stepsTaken)
    {
        _folder.Do(
            "mkdir -p source/closed/inner; echo content >source/closed/inner/file; chmod 0555 source/closed source");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        var (old, stored) = (CopyOfATree.First, SnapshotId.After(CopyOfATree.First, CopyOfATree.First.Time));
        CopyOfATree.Copy(_folder["source"], root, old);
        CopyOfATree.Copy(_folder["source"], root, stored);
        _folder.Do($"cd root/{CopyOfATree.Origin}; id={old}; {stepsTaken}");

        using var origin = OriginReplicas.Open(root, CopyOfATree.Origin, $"machine:{_folder["source"]}");
        Assert.Equal([stored], origin.List().Select(snapshot => snapshot.Id));
        Assert.Empty(origin.Prune(1, stored));
        Assert.Equal([stored.ToString()],
            Directory.GetFileSystemEntries($"{origin.Path}/snapshots").Select(path => Path.GetFileName(path)));
        Assert.Equal(3, Directory.GetFiles($"{origin.Path}/manifests").Length);
        origin.RemoveStaging();
        Assert.Empty(Directory.GetFileSystemEntries($"{origin.Path}/staging"));
        Assert.Equal("content\n", File.ReadAllText($"{origin.Path}/latest/closed/inner/file"));
    }

    [Fact]
    public void Nothing_of_a_snapshot_is_removed_before_its_going_is_durable()
    {
        _folder.Do("mkdir source; echo content >source/file");
        var durability = new RecordingDurability();
        using var root = CopyOfATree.OpenRoot(_folder["root"], durability);
        var (old, stored) = (CopyOfATree.First, SnapshotId.After(CopyOfATree.First, CopyOfATree.First.Time));
        CopyOfATree.Copy(_folder["source"], root, old);
        CopyOfATree.Copy(_folder["source"], root, stored);
        using var origin = OriginReplicas.Open(root, CopyOfATree.Origin, $"machine:{_folder["source"]}");
        durability.FailAt = durability.Calls.Count;

        Assert.Throws<Storage.Posix.DurabilityException>(() => origin.Prune(1, stored));

        Assert.Equal("content\n", File.ReadAllText($"{origin.Path}/snapshots/.pruned-{old}/file"));
        Assert.True(File.Exists(origin.ManifestPath(old)));
        Assert.Equal([stored], origin.List().Select(snapshot => snapshot.Id));
    }

    public void Dispose() => _folder.Dispose();
}
