using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Manifests.Findings;

public sealed class ShortfallFileTests : IDisposable
{
    private static readonly SnapshotId Later = SnapshotId.After(CopyOfATree.First, CopyOfATree.First.Time);

    private readonly TemporaryFolder _folder = new();

    private string File => _folder[$"root/{CopyOfATree.Origin}/manifests/{CopyOfATree.First}.shortfall"];

    public ShortfallFileTests() => _folder.Do("mkdir source; echo content > source/file");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_replica_lacks_outlives_its_process()
    {
        Publish(CopyOfATree.First, ReplicaLimits.SymbolicLinks);
        Assert.Equal("missing 1: symbolic links\n", System.IO.File.ReadAllText(File));
        Assert.Equal(new ReplicaShortfall(ReplicaLimits.SymbolicLinks, 1),
            Reopened(folder => folder.Published(CopyOfATree.First)!.Shortfall));
        // It does not disturb the judge of the checksums, or whoever lists what is there.
        _folder.Do(
            $"cd root/{CopyOfATree.Origin}/snapshots/{CopyOfATree.First} && sha256sum --strict -c "
            + $"../../manifests/{CopyOfATree.First}.sha256");
        Assert.Equal([CopyOfATree.First], Reopened(folder => folder.List().Select(snapshot => snapshot.Id).ToList()));
    }

    [Fact]
    public void A_replica_that_lacks_nothing_has_none()
    {
        Publish(CopyOfATree.First, ReplicaLimits.None);
        Assert.False(System.IO.File.Exists(File));
        Assert.Equal(default, Reopened(folder => folder.Published(CopyOfATree.First)!.Shortfall));
    }

    [Fact]
    public void It_goes_with_its_snapshot()
    {
        Publish(CopyOfATree.First, ReplicaLimits.SymbolicLinks);
        Publish(Later, ReplicaLimits.SymbolicLinks);
        Assert.Equal([CopyOfATree.First], Reopened(folder => folder.Prune(1, Later)));
        Assert.Equal([$"{Later}.intake", $"{Later}.manifest", $"{Later}.sha256", $"{Later}.shortfall"], Manifests());

        // And where its snapshot was never committed.
        _folder.Do(
            $"cd root/{CopyOfATree.Origin}; mkdir staging/{Later}; touch -d 2001-01-01 staging/{Later}/draft; mv "
            + $"snapshots/{Later} staging/{Later}/tree");
        Assert.Null(Reopened(folder => folder.Newest));
        Assert.Empty(Manifests());
    }

    [Fact]
    public void It_is_durable_before_the_commit_and_no_commit_leaves_none()
    {
        for (var failing = 0; ; failing++)
        {
            var durability = new RecordingDurability();
            using var root = CopyOfATree.OpenRoot(_folder["root"], durability);
            var problem = Record.Exception(() =>
                Publish(root, CopyOfATree.First, ReplicaLimits.SymbolicLinks,
                    () => durability.FailAt = durability.Calls.Count + failing));
            if (Directory.Exists(_folder[$"root/{CopyOfATree.Origin}/snapshots/{CopyOfATree.First}"]))
            {
                // The syncs of content, four files, and their folder came first.
                Assert.Equal(6, failing);
                Assert.True(System.IO.File.Exists(File));
                return;
            }
            Assert.IsType<DurabilityException>(problem);
            Assert.Empty(Manifests());
        }
    }

    [SkippableFact]
    public void What_the_top_directory_alone_lacks_is_said_too()
    {
        // Set after the commit: a directory that is not writable could not be moved.
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _folder["source"]);
        using var staged = folder.Stage(CopyOfATree.First);
        var large = ExtendedAttributes.Of([("user.large"u8.ToArray(), new byte[12_000])]);
        var top =
            new DirectoryEntry(TreePath.Root, new Metadata(0x1ED, Descriptor.User, Descriptor.Group, default, large));
        var page = new System.Buffers.ArrayBufferWriter<byte>();
        EntryLine.Write(top, page);
        staged.Draft.Append(page.WrittenSpan, 0, 1);
        staged.Publish(staged.Draft.Seal);
        Skip.If(staged.Shortfall == default, "This file system holds attributes of such a size.");
        Assert.Equal("missing 0: extended attributes\n", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void One_that_says_something_else_is_not_believed()
    {
        Publish(CopyOfATree.First, ReplicaLimits.SymbolicLinks);
        System.IO.File.WriteAllText(File, "nothing\n");
        Assert.Contains(".shortfall does not say",
            Assert.Throws<InvalidDataException>(() => Reopened(folder => folder.Published(CopyOfATree.First))).Message,
                StringComparison.Ordinal);
    }

    private IEnumerable<string?> Manifests() =>
        Directory.GetFiles(_folder[$"root/{CopyOfATree.Origin}/manifests"]).Select(Path.GetFileName)
            .Order(StringComparer.Ordinal);

    private T Reopened<T>(Func<OriginReplicas, T> what)
    {
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _folder["source"]);
        return what(folder);
    }

    private void Publish(SnapshotId id, ReplicaLimits missing)
    {
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        Publish(root, id, missing, () => { });
    }

    private void Publish(DestinationRoot root, SnapshotId id, ReplicaLimits missing, Action beforePublishing)
    {
        using var tree = SourceTree.Open(_folder["source"]);
        using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + tree.RealPath);
        folder.RemoveStaging();
        using var staged = folder.Stage(id);
        CopyOfATree.Fill(tree, staged);
        // As if the file system had refused one entry.
        if (missing != ReplicaLimits.None) staged.Holding.Misses(missing);
        beforePublishing();
        staged.Publish(staged.Draft.Seal);
    }
}
