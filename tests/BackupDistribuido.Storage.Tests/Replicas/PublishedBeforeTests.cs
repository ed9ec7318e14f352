using BackupDistribuido.Core.Naming;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Replicas;

public sealed class PublishedBeforeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_snapshot_that_an_earlier_life_published_counts_once_it_is_made_durable()
    {
        _folder.Do("mkdir source; echo content >source/file");
        var durability = new RecordingDurability();
        using var root = CopyOfATree.OpenRoot(_folder["root"], durability);
        CopyOfATree.Copy(_folder["source"], root);
        using var origin = OriginReplicas.Open(root, CopyOfATree.Origin, $"machine:{_folder["source"]}");

        durability.Calls.Clear();
        Assert.NotNull(origin.Published(CopyOfATree.First));
        Assert.Equal(["fsync", "fsync", "fsync"], durability.Calls);
        Assert.Null(origin.Published(SnapshotId.After(CopyOfATree.First, CopyOfATree.First.Time)));

        durability.FailAt = durability.Calls.Count + 2;
        Assert.Throws<DurabilityException>(() => origin.Published(CopyOfATree.First));
    }

    [Fact]
    public void What_its_publisher_had_not_removed_from_staging_goes()
    {
        _folder.Do("mkdir source; echo content >source/file");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        CopyOfATree.Copy(_folder["source"], root);
        using var origin = OriginReplicas.Open(root, CopyOfATree.Origin, $"machine:{_folder["source"]}");
        var staging = Path.Combine(origin.Path, "staging");
        _folder.Do(
            $"mkdir '{staging}/{CopyOfATree.First}'; echo line > '{staging}/{CopyOfATree.First}/draft'; mkdir "
            + $"'{staging}/another'");

        Assert.NotNull(origin.Published(CopyOfATree.First));
        Assert.Equal(["another"], Directory.GetFileSystemEntries(staging).Select(Path.GetFileName));
    }

    public void Dispose() => _folder.Dispose();
}
