using BackupDistribuido.Core.Naming;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Contained;

/// <summary>Names of ours below ROOT that somebody has made lead outside.</summary>
public sealed class LinkedNamesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Origin => $"root/{CopyOfATree.Origin}";

    public void Dispose() => _folder.Dispose();

    private void Copy()
    {
        _folder.Do("mkdir source; echo content > source/file; chmod 0750 source");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        CopyOfATree.Copy(_folder["source"], root);
    }

    private OriginReplicas Open(DestinationRoot root) =>
        OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _folder["source"]);

    [Fact]
    public void The_locks_name_can_make_no_other_file_shorter()
    {
        _folder.Do(
            "mkdir -p root/.bdist; echo precious > outside; ln outside root/.bdist/lock; ln outside "
            + "root/.bdist/holder");
        CopyOfATree.OpenRoot(_folder["root"]).Dispose();
        Assert.Equal("precious\n", _folder.Do("cat outside"));
    }

    [Fact]
    public void What_a_link_leads_to_is_no_snapshot_of_ours()
    {
        Copy();
        var later = SnapshotId.After(CopyOfATree.First, CopyOfATree.First.Time);
        _folder.Do(
            $"mkdir -p outside/snapshots/{later}; ln -s ../outside root/stranger; mkdir root/other; ln -s "
            + $"../../outside/snapshots root/other/snapshots; ln -s ../../../outside {Origin}/snapshots/{later}");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        Assert.Equal([(CopyOfATree.Origin, CopyOfATree.First)],
            StoredSnapshots.Newest(root).Select(one => (one.Key, one.Value.Id)));
    }

    [SkippableFact]
    public void A_folder_that_cannot_be_read_holds_no_snapshots_and_stops_nothing()
    {
        Skip.If(Environment.IsPrivilegedProcess, "root reads everything");
        Copy();
        _folder.Do("mkdir root/closed; chmod 0 root/closed");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        Assert.Equal<NodeName>([CopyOfATree.Origin], StoredSnapshots.Newest(root).Keys);
    }

    [Theory]
    [InlineData("mv {0} ../../elsewhere; ln -s ../../../elsewhere {0}")]
    [InlineData("rm {0}; mkfifo {0}")]
    [InlineData("rm {0}; mkdir {0}")]
    public void A_manifest_that_is_no_file_of_the_folder_is_not_read(string damage)
    {
        Copy();
        _folder.Do($"cd {Origin}/manifests; " + string.Format(null, damage, $"{CopyOfATree.First}.manifest"));
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        using var folder = Open(root);
        Assert.Throws<PosixException>(() => folder.Published(CopyOfATree.First));
    }

    [Theory]
    [InlineData("mv {0} ../../elsewhere; ln -s ../../../elsewhere {0}")]
    [InlineData("rm {0}; mkfifo {0}")]
    public void Nor_is_it_when_the_folder_is_repaired(string damage)
    {
        Copy();
        _folder.Do($"chmod 0700 {Origin}/snapshots/*; cd {Origin}/manifests; rm ../latest; "
            + string.Format(null, damage, $"{CopyOfATree.First}.manifest"));
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        var warnings = new List<string>();
        OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _folder["source"],
            warn: said => warnings.Add(said.ToString())).Dispose();
        // It stops no backup, and is told.
        Assert.Contains(warnings, warning => warning.Contains(CopyOfATree.First.ToString(), StringComparison.Ordinal));
        Assert.Equal("700\n", _folder.Do($"stat -c %a {Origin}/snapshots/*"));
    }

    [Fact]
    public void A_link_in_the_place_of_the_staged_tree_is_not_published()
    {
        _folder.Do("mkdir -p source/d outside; echo content > source/d/file; chmod 0751 outside");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        using var tree = SourceTree.Open(_folder["source"]);
        using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + tree.RealPath);
        using var staged = folder.Stage(CopyOfATree.First);
        CopyOfATree.Fill(tree, staged);
        var place = $"{Origin}/staging/{CopyOfATree.First}";
        _folder.Do($"mv {place}/tree {place}/mine; ln -s {_folder["outside"]} {place}/tree");
        Assert.Throws<PosixException>(() => staged.Publish(staged.Draft.Seal));
        Assert.Null(folder.Newest);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder[$"{Origin}/manifests"]));
        Assert.Equal("751\n", _folder.Do("stat -c %a outside"));
    }
}
