using BackupDistribuido.Core.Naming;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Replicas;

public sealed class RepairTests : IDisposable
{
    private static readonly SnapshotId Later = SnapshotId.After(CopyOfATree.First, CopyOfATree.First.Time);

    private readonly TemporaryFolder _folder = new();

    private string Origin => $"root/{CopyOfATree.Origin}";

    public void Dispose() => _folder.Dispose();

    private void Copy(SnapshotId id)
    {
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        CopyOfATree.Copy(_folder["source"], root, id);
    }

    private void Reopen(Durability? durability = null)
    {
        using var root = CopyOfATree.OpenRoot(_folder["root"], durability);
        OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _folder["source"]).Dispose();
    }

    [Theory]
    [InlineData("ln -sfn snapshots/20261122T163305Z")]
    [InlineData("rm")]
    [InlineData("ln -sfn /etc")]
    public void What_came_after_the_commit_point_is_made_up_for(string damage)
    {
        _folder.Do("mkdir source; echo > source/file; chmod 0555 source; touch -d 2001-02-03 source");
        Copy(CopyOfATree.First);
        Copy(Later);
        _folder.Do($"cd {Origin}; chmod 0700 snapshots/{Later}; touch snapshots/{Later}; {damage} latest");
        Reopen();
        Assert.Equal($"snapshots/{Later}", new FileInfo(_folder[$"{Origin}/latest"]).LinkTarget);
        Assert.Equal(_folder.Do("stat -c '%a %y' source"), _folder.Do($"stat -c '%a %y' {Origin}/snapshots/{Later}"));
    }

    [Fact]
    public void A_snapshot_whose_syncs_after_the_commit_failed_is_whole_and_counts_once_it_was_made_durable_anew()
    {
        _folder.Do("mkdir source; echo content > source/file; chmod 0555 source; touch -d 2001-02-03 source");
        // The content, two manifests, where it came from and their folder come before the commit; snapshots, staging,
        // the top directory and latest after it.
        for (var failing = 5; failing < 9; failing++)
        {
            _folder.Do("if [ -e root ]; then chmod -R u+w root; rm -r root; fi");
            var refusing = new RecordingDurability();
            using (var root = CopyOfATree.OpenRoot(_folder["root"], refusing))
            {
                OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _folder["source"]).Dispose();
                refusing.FailAt = refusing.Calls.Count + failing;
                Assert.Throws<DurabilityException>(() => CopyOfATree.Copy(_folder["source"], root));
                Assert.Equal(refusing.FailAt, refusing.Calls.Count - 1);
            }

            var durability = new RecordingDurability();
            using var restarted = CopyOfATree.OpenRoot(_folder["root"], durability);
            using var folder = OriginReplicas.Open(restarted, CopyOfATree.Origin, "machine:" + _folder["source"]);
            var repaired = durability.Calls.Count;
            Assert.NotNull(folder.Published(CopyOfATree.First));
            // Its manifests, its name and latest: each folder anew, by a descriptor that has not failed.
            Assert.Equal(["fsync", "fsync", "fsync"], durability.Calls.Skip(repaired));
            Assert.Equal($"snapshots/{CopyOfATree.First}", new FileInfo(_folder[$"{Origin}/latest"]).LinkTarget);
            Assert.Equal((0, ""), _folder.Run($"diff -r source {Origin}/latest/"));
            Assert.Equal(_folder.Do("stat -c '%a %y' source"),
                _folder.Do($"stat -c '%a %y' {Origin}/snapshots/{CopyOfATree.First}"));
            Assert.Empty(Directory.GetFileSystemEntries(_folder[$"{Origin}/staging"]));
        }
    }

    [Fact]
    public void A_latest_that_is_a_text_file_is_as_good_as_a_link()
    {
        _folder.Do("mkdir source");
        Copy(CopyOfATree.First);
        _folder.Do($"cd {Origin}; rm latest; echo snapshots/{CopyOfATree.First} > latest");
        Reopen();
        Assert.Null(new FileInfo(_folder[$"{Origin}/latest"]).LinkTarget);
    }

    [Fact]
    public void Manifests_of_a_snapshot_that_was_never_committed_are_removed_and_strangers_are_not()
    {
        _folder.Do("mkdir source");
        Copy(CopyOfATree.First);
        _folder.Do($"""
            cd {Origin}; mkdir -p staging/{Later}/tree; touch staging/{Later}/draft; cd manifests
            touch {Later}.manifest {Later}.sha256 {Later}.intake notes.txt notes.sha256
            """);
        Reopen();
        Assert.Equal(
            [$"{CopyOfATree.First}.intake", $"{CopyOfATree.First}.manifest", $"{CopyOfATree.First}.sha256",
                "notes.sha256", "notes.txt"],
            Directory.EnumerateFiles(_folder[$"{Origin}/manifests"]).Select(Path.GetFileName)
                .Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("snapshots")]
    [InlineData("snapshots/20261122T163305Z")]
    public void What_somebody_moved_away_for_a_while_has_its_manifests_when_it_is_back(string moved)
    {
        _folder.Do("mkdir source; echo > source/file");
        Copy(CopyOfATree.First);
        Copy(Later);
        var before = _folder.Do($"cd {Origin}/manifests; cat {CopyOfATree.First}.*; ls");
        _folder.Do($"cd {Origin}; mv {moved} ../away");
        var told = new List<string>();
        using (var root = CopyOfATree.OpenRoot(_folder["root"]))
        {
            for (var run = 0; run < 3; run++)
                OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _folder["source"],
                    warn: said => told.Add(said.ToString())).Dispose();
        }
        Assert.Contains(moved == "snapshots" ? $"(2, the newest {Later})" : $"(1, the newest {CopyOfATree.First})",
            Assert.Single(told));
        _folder.Do($"cd {Origin}; [ {moved} != snapshots ] || rmdir snapshots; mv ../away {moved}");
        Reopen();
        Assert.Equal(before, _folder.Do($"cd {Origin}/manifests; cat {CopyOfATree.First}.*; ls"));
        Assert.Equal($"snapshots/{Later}", new FileInfo(_folder[$"{Origin}/latest"]).LinkTarget);
    }

    [Fact]
    public void What_is_away_and_is_received_once_more_keeps_its_manifests_until_it_is_published_again()
    {
        _folder.Do("mkdir source; echo > source/file");
        Copy(CopyOfATree.First);
        _folder.Do(
            $"cd {Origin}; mv snapshots/{CopyOfATree.First} ../away; cp manifests/{CopyOfATree.First}.manifest "
            + $"../seen; echo > manifests/{CopyOfATree.First}.verified");
        using (var root = CopyOfATree.OpenRoot(_folder["root"]))
        using (var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _folder["source"]))
            folder.Stage(CopyOfATree.First).Dispose();
        Reopen();
        _folder.Do($"cmp {Origin}/manifests/{CopyOfATree.First}.manifest root/seen; rm -r {Origin}/staging/*");
        Copy(CopyOfATree.First);
        using var again = CopyOfATree.OpenRoot(_folder["root"]);
        using var published = OriginReplicas.Open(again, CopyOfATree.Origin, "machine:" + _folder["source"]);
        Assert.NotNull(published.Published(CopyOfATree.First));
        Assert.Null(published.Verified(CopyOfATree.First));
    }

    [Theory]
    [InlineData("snapshots/.pruned-")]
    [InlineData("staging/.stuck-.pruned-")]
    public void What_an_interrupted_removal_has_left_has_no_manifests_any_more(string place)
    {
        _folder.Do("mkdir source");
        Copy(CopyOfATree.First);
        Copy(Later);
        _folder.Do($"cd {Origin}; mv snapshots/{CopyOfATree.First} {place}{CopyOfATree.First}");
        Reopen();
        Assert.Equal($"{Later}.intake\n{Later}.manifest\n{Later}.sha256", _folder.Do($"ls {Origin}/manifests").Trim());
    }

    [Fact]
    public void A_sound_folder_is_opened_without_a_sync()
    {
        _folder.Do("mkdir source");
        Copy(CopyOfATree.First);
        var durability = new RecordingDurability();
        Reopen(durability);
        Assert.Empty(durability.Calls);
    }

    [Fact]
    public void Staging_of_dead_runs_is_removed_however_it_looks()
    {
        _folder.Do("mkdir source");
        Copy(CopyOfATree.First);
        _folder.Do($"""
            cd {Origin}/staging; mkdir -p old/tree/a/b; echo > old/tree/a/b/c; ln -s /etc old/tree/etc; mkfifo old/tree/pipe; chmod 0555 old/tree/a/b; chmod 0000 old/tree/a
            echo > file; ln -s ../snapshots link
            """);
        PublishTests.MakeChain(_folder[$"{Origin}/staging/old"], 2000, "deep-");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _folder["source"]);
        folder.RemoveStaging();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder[$"{Origin}/staging"]));
        Assert.True(Directory.Exists(_folder[$"{Origin}/snapshots/{CopyOfATree.First}"]));
        Assert.True(File.Exists("/etc/passwd"));
    }
}
