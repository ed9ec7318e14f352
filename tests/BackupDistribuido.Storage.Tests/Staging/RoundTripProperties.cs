using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Scanning;
using CsCheck;

namespace BackupDistribuido.Storage.Tests.Staging;

public sealed class RoundTripProperties
{
    [Fact]
    public void Any_small_tree_arrives_as_it_was() => RandomTree.Inside(3).Sample(nodes =>
    {
        using var folder = new TemporaryFolder();
        RandomTree.Make(folder["source"], nodes);
        using var root = CopyOfATree.OpenRoot(folder["root"]);
        var copy = CopyOfATree.Copy(folder["source"], root);
        using var source = SourceTree.Open(folder["source"]);
        using var published = SourceTree.Open(copy);
        Assert.Equal(source.Scan(_ => { }).Select(WithoutStamp), published.Scan(_ => { }).Select(WithoutStamp));
        if (HasRsync)
            Assert.Equal((0, ""),
                folder.Run($"rsync -aHAXSc --numeric-ids --dry-run --itemize-changes --delete source/ '{copy}/'"));
    }, iter: 60, threads: 1);

    // An independent judge. It takes two files that became one for right, as long as they have one content: the scans
    // above don't.
    private static readonly bool HasRsync = new TemporaryFolder().Run("rsync --version").Exit == 0;

    private static Entry WithoutStamp(Entry entry) =>
        entry is FileEntry file ? file with { Stamp = new FileStamp(file.Stamp.Size, default, 0) } : entry;
}
