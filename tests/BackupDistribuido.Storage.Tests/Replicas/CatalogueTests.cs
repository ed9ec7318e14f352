using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Checking;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Replicas;

public sealed class CatalogueTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly SnapshotId Second = SnapshotId.Parse("20261123T163305Z");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_has_each_published_snapshot_with_what_is_known_of_it()
    {
        _folder.Do("mkdir source root; echo one >source/one; echo two >source/two");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        CopyOfATree.Copy(_folder["source"], root);
        CopyOfATree.Copy(_folder["source"], root, Second);
        var damaged = new Verification.Damaged(Noon, 1, "two");
        ReplicaCheck.Keep(root, CopyOfATree.Origin, Second,
            new VerificationReport(damaged, [new FaultyEntry("two", EntryFault.OtherContent)]));
        _folder.Do($"rm root/{CopyOfATree.Origin}/manifests/{CopyOfATree.First}.manifest; mkdir root/nobody");

        var all = StoredSnapshots.Catalogue(root, CancellationToken.None);

        Assert.Equal([CopyOfATree.First, Second], all.Select(one => one.Snapshot));
        Assert.All(all, one => Assert.Equal($"machine:{_folder["source"]}", one.OriginIdentity));
        Assert.Equal((null, 2, 0), (all[0].Tree.Digest, all[0].Tree.Files, all[0].Missing));
        Assert.Equal((StoredSnapshots.SealOf(root, CopyOfATree.Origin, Second)!.Value.Digest, 3, 2, 8),
            (all[1].Tree.Digest, all[1].Tree.Entries, all[1].Tree.Files, all[1].Tree.Bytes));
        Assert.Equal((null, damaged), (all[0].Verified, all[1].Verified));
        Assert.InRange(DateTimeOffset.UtcNow - all[1].Stored!.Value, TimeSpan.FromSeconds(-5), TimeSpan.FromMinutes(9));
        Assert.Equal(all[1], StoredSnapshots.CatalogueEntryOf(root, CopyOfATree.Origin, Second));
        Assert.Null(StoredSnapshots.CatalogueEntryOf(root, CopyOfATree.Origin, SnapshotId.Parse("20200101T000000Z")));
    }
}
