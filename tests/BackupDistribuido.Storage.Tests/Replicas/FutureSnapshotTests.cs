using BackupDistribuido.Core.Naming;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Replicas;

/// <summary>A snapshot whose id lies in the future, of a clock that was wrong once, is not the newest, pushes nothing
/// out and is not what <c>latest</c> names.</summary>
public sealed class FutureSnapshotTests : IDisposable
{
    private static readonly SnapshotId Future = SnapshotId.Parse("98990101T000000Z");
    private static readonly SnapshotId Second = SnapshotId.Parse("20000102T000000Z-bdb256"), First =
        SnapshotId.Parse("20000101T000000Z-bdb256");
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Alone_it_is_the_newest_and_besides_any_other_it_is_the_oldest()
    {
        _folder.Do("mkdir source; echo content >source/file");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        CopyOfATree.Copy(_folder["source"], root, Future);
        Assert.Equal(Future, StoredSnapshots.Newest(root)[CopyOfATree.Origin].Id);
        Assert.Equal($"snapshots/{Future}", Latest());

        CopyOfATree.Copy(_folder["source"], root, First);

        var newest = StoredSnapshots.Newest(root)[CopyOfATree.Origin];
        Assert.Equal(First, newest.Id);
        Assert.InRange(DateTimeOffset.UtcNow - newest.Arrived!.Value, TimeSpan.FromSeconds(-5),
            TimeSpan.FromMinutes(10));
        Assert.Equal([(CopyOfATree.Origin, Future)], StoredSnapshots.OfTheFuture(root));
        Assert.Equal($"snapshots/{First}", Latest());
        using (OriginReplicas.Open(root, CopyOfATree.Origin, $"machine:{_folder["source"]}"))
            Assert.Equal($"snapshots/{First}", Latest());
    }

    [Fact]
    public void It_is_neither_counted_nor_removed_by_keep()
    {
        _folder.Do("mkdir source; echo content >source/file");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        foreach (var id in new[] { First, Future, Second }) CopyOfATree.Copy(_folder["source"], root, id);
        using var origin = OriginReplicas.Open(root, CopyOfATree.Origin, $"machine:{_folder["source"]}");

        Assert.Empty(origin.Prune(2, Second));
        Assert.Equal([First], origin.Prune(1, Second));
        Assert.Equal([Second, Future], origin.List().Select(one => one.Id).Order());
        Assert.Equal(Second, origin.Newest);
    }

    [Fact]
    public void An_older_one_that_comes_later_does_not_move_latest_back()
    {
        _folder.Do("mkdir source; echo content >source/file");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        CopyOfATree.Copy(_folder["source"], root, Second);

        CopyOfATree.Copy(_folder["source"], root, First);

        Assert.Equal($"snapshots/{Second}", Latest());
    }

    private string Latest() => _folder.Do($"readlink root/{CopyOfATree.Origin}/latest").Trim();

    public void Dispose() => _folder.Dispose();
}
