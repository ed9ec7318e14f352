using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Layout;

/// <summary>What stands in the way of a removal: something that is mounted there, and files that may not go. Both need
/// root.</summary>
public sealed class RemovalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warned = [];
    private readonly List<string> _mounted = [];
    private readonly SnapshotId[] _ids = [CopyOfATree.First, SnapshotId.Parse("20261123T163305Z"),
        SnapshotId.Parse("20261124T163305Z"), SnapshotId.Parse("20261125T163305Z")];

    public RemovalTests() =>
        _folder.Do(
            "mkdir -p source/d/mnt outside; echo one > source/one; echo two > source/d/two; echo gold > outside/gold; "
            + "chmod 0555 outside");

    private string Origin => _folder[$"root/{CopyOfATree.Origin}"];

    public void Dispose()
    {
        foreach (var place in _mounted) _folder.Run($"umount -l {place}");
        _folder.Run("find root -type f -exec chattr -i {} +");
        _folder.Dispose();
    }

    [SkippableTheory]
    [InlineData("d/mnt", "outside")]
    [InlineData("d", "outside")]
    [InlineData("d/two", "outside/gold")]
    public void What_is_mounted_in_an_old_snapshot_is_left_alone_and_named(string place, string what)
    {
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        foreach (var id in _ids) CopyOfATree.Copy(_folder["source"], root, id);
        Mount(what, $"{Origin}/snapshots/{_ids[0]}/{place}");
        using (var origin = Open(root)) Assert.Equal(_ids[..1], origin.Prune(3, _ids[3]));

        Assert.Equal(("gold\n", "555\n"), (_folder.Do("cat outside/gold"), _folder.Do("stat -c %a outside")));
        Assert.Contains($"{place}: something is mounted there", Assert.Single(_warned), StringComparison.Ordinal);
        using var after = Open(root);
        Assert.Equal(_ids[1..], after.List().Select(one => one.Id));
        Assert.Empty(Directory.GetFiles($"{Origin}/manifests", $"{_ids[0]}*"));
        Assert.False(File.Exists($"{Origin}/staging/.stuck-.pruned-{_ids[0]}/one"));
        Unmount();
        Assert.Equal(_ids[1..2], after.Prune(2, _ids[3]));
        Assert.Empty(Directory.GetFileSystemEntries($"{Origin}/staging"));
        Assert.Equal("gold\n", _folder.Do("cat outside/gold"));
    }

    [SkippableFact]
    public void What_is_mounted_over_a_whole_snapshot_keeps_it_where_it_is()
    {
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        foreach (var id in _ids) CopyOfATree.Copy(_folder["source"], root, id);
        Mount("outside", $"{Origin}/snapshots/{_ids[0]}");
        using var origin = Open(root);

        Assert.Equal(_ids[1..2], origin.Prune(2, _ids[3]));
        Assert.Contains(_ids[0].ToString(), Assert.Single(_warned), StringComparison.Ordinal);
        Assert.Equal("gold\n", _folder.Do("cat outside/gold"));
    }

    [SkippableTheory]
    [InlineData("tree/d", true)]
    [InlineData("tree", true)]
    [InlineData("", false)]
    public void What_is_mounted_in_staging_is_neither_emptied_nor_given_a_mode_by_the_next_run(string place,
        bool isResumed)
    {
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        using (var first = Open(root))
        using (var staged = first.Stage(_ids[0]))
        using (var tree = Storage.Scanning.SourceTree.Open(_folder["source"])) CopyOfATree.Fill(tree, staged);
        Mount("outside", $"{Origin}/staging/{_ids[0]}/{place}");

        using var origin = Open(root);
        foreach (var id in isResumed ? _ids[..1] : _ids[1..2])
        {
            try
            {
                using var staged = origin.Resume(id, _ => { }, default);
                Assert.Equal(0, staged.Draft.PageCount);
            }
            catch (IOException)
            {
                // Where it can't even be set aside it is in the way, and named.
                Assert.Equal("", place);
            }
        }
        Assert.Equal(("gold\n", "555\n"), (_folder.Do("cat outside/gold"), _folder.Do("stat -c %a outside")));
        Assert.Equal(place.Length > 0, _warned.Count > 0);
    }

    [SkippableFact]
    public void What_may_not_be_removed_is_named_stops_nobody_and_is_tried_again_when_something_is_removed()
    {
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        foreach (var id in _ids[..2]) CopyOfATree.Copy(_folder["source"], root, id);
        var (exit, output) = _folder.Run($"chattr +i {Origin}/snapshots/{_ids[0]}/d/two");
        Skip.IfNot(exit == 0, $"a file can't be made immutable here: {output}");
        using (var origin = Open(root)) Assert.Equal(_ids[..1], origin.Prune(1, _ids[1]));
        Assert.Contains($"/d/two: Operation not permitted (unlinkat, errno 1)", Assert.Single(_warned),
            StringComparison.Ordinal);
        Assert.DoesNotContain("Not a directory", _warned[0], StringComparison.Ordinal);

        _warned.Clear();
        CopyOfATree.Copy(_folder["source"], root, _ids[2]);
        using (var origin = Open(root))
        {
            origin.Resume(_ids[3], _ => { }, default).Dispose();
            origin.RemoveStaging();
            Assert.Empty(_warned);
            Assert.Equal(_ids[1..2], origin.Prune(1, _ids[2]));
            Assert.Contains("/d/two: Operation not permitted", Assert.Single(_warned), StringComparison.Ordinal);
        }

        _folder.Do("find root -type f -exec chattr -i {} +");
        using (var origin = Open(root)) Assert.Empty(origin.Prune(1, _ids[2]));
        Assert.Empty(Directory.GetFileSystemEntries($"{Origin}/staging"));
    }

    [SkippableFact]
    public void A_manifest_goes_only_where_it_is_sure_that_there_is_no_such_snapshot()
    {
        Skip.If(Environment.IsPrivilegedProcess, "root may look everywhere");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        CopyOfATree.Copy(_folder["source"], root, _ids[0]);
        _folder.Do($"chmod 0600 {Origin}/snapshots");
        using (Open(root)) Assert.True(File.Exists($"{Origin}/manifests/{_ids[0]}.manifest"));
        _folder.Do($"chmod 0700 {Origin}/snapshots");
    }

    [Fact]
    public void A_smaller_tree_does_not_push_out_the_last_larger_one()
    {
        _folder.Do("mkdir source/many; for i in $(seq 20); do echo $i > source/many/$i; done");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        foreach (var id in _ids[..2]) CopyOfATree.Copy(_folder["source"], root, id);
        _folder.Do("rm -r source/many");
        foreach (var id in _ids[2..]) CopyOfATree.Copy(_folder["source"], root, id);
        using var origin = Open(root);

        Assert.Equal([_ids[0], _ids[2]], origin.Prune(1, _ids[3]));
        Assert.Contains($"{_ids[1]}", Assert.Single(_warned), StringComparison.Ordinal);
        Assert.Equal([_ids[1]], origin.Prune(1, _ids[3], mayShrink: true));
    }

    [Fact]
    public void A_damaged_snapshot_takes_nobodys_place()
    {
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        foreach (var id in _ids[..3]) CopyOfATree.Copy(_folder["source"], root, id);
        File.WriteAllText($"{Origin}/manifests/{_ids[1]}.verified",
            new Verification.Damaged(DateTimeOffset.UnixEpoch, 1, "one") + "\n");
        using var origin = Open(root);

        Assert.Empty(origin.Prune(2, _ids[2]));
        Assert.Equal(_ids[..2], origin.Prune(1, _ids[2]));
    }

    private OriginReplicas Open(DestinationRoot root) =>
        OriginReplicas.Open(root, CopyOfATree.Origin, $"machine:{_folder["source"]}",
            warn: said => _warned.Add(said.ToString()));

    private void Mount(string what, string place)
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "only root mounts");
        var (exit, output) = _folder.Run($"mount --bind {what} {place}");
        Skip.IfNot(exit == 0, $"nothing can be mounted here: {output}");
        _mounted.Add(place);
    }

    private void Unmount() =>
        _folder.Do("for m in $(awk -v p=\"$PWD/root\" 'index($2,p)==1{print $2}' /proc/mounts); do umount $m; done");
}
