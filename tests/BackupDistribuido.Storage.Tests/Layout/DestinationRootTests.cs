using BackupDistribuido.Core.Naming;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Layout;

public sealed class DestinationRootTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private RootRefusedException Refused(string path, bool adopt = false, bool requireMount = false) =>
        Assert.Throws<RootRefusedException>(() => DestinationRoot.Open(path, new RootOptions(adopt, requireMount)));

    private string Listing() => _folder.Do("find . | sort");

    [Fact]
    public void It_is_made_where_its_parent_exists_and_keeps_its_identity()
    {
        string identity;
        using (var root = CopyOfATree.OpenRoot(_folder["new"]))
        {
            identity = root.Identity;
            Assert.Equal((_folder["new"], 32), (root.RealPath, identity.Length));
            Assert.True(root.FreeBytes > 0);
        }
        using (var root = CopyOfATree.OpenRoot(_folder["new"])) Assert.Equal(identity, root.Identity);
        using (var other = CopyOfATree.OpenRoot(_folder["other"])) Assert.NotEqual(identity, other.Identity);
        Assert.Equal("700", _folder.Do("stat -c %a new").Trim());
    }

    [Fact]
    public void What_cannot_be_a_root_is_refused_and_nothing_is_created()
    {
        _folder.Do(
            "echo > file; mkdir full marked; echo > full/mine; echo > marked/.bdist; ln -s nowhere dangling; ln -s "
            + "/tmp marked2; mkdir linked; ln -s /tmp linked/.bdist");
        var before = Listing();
        Assert.Equal(RootRefusal.NotADirectory, Refused("").Kind);
        Assert.Equal(RootRefusal.NotADirectory, Refused(_folder["file"]).Kind);
        Assert.Equal(RootRefusal.NotADirectory, Refused(_folder["dangling"]).Kind);
        Assert.Equal(RootRefusal.NotADirectory, Refused(_folder["file/below"]).Kind);
        Assert.Equal(RootRefusal.ParentMissing, Refused(_folder["no/where"]).Kind);
        Assert.Equal(RootRefusal.Foreign, Refused(_folder["full"]).Kind);
        Assert.Equal(RootRefusal.Foreign, Refused(_folder["marked"], adopt: true).Kind);
        Assert.Equal(RootRefusal.Foreign, Refused(_folder["linked"], adopt: true).Kind);
        Assert.Equal(before, Listing());
    }

    [Fact]
    public void A_new_file_systems_own_folder_does_not_make_it_foreign()
    {
        _folder.Do("mkdir -p disk/lost+found");
        using var root = CopyOfATree.OpenRoot(_folder["disk"]);
        Assert.NotEmpty(root.Identity);
    }

    [Fact]
    public void A_full_folder_is_adopted_when_asked_and_then_ours()
    {
        _folder.Do("mkdir full; echo > full/mine");
        DestinationRoot.Open(_folder["full"], new RootOptions(Adopt: true)).Dispose();
        CopyOfATree.OpenRoot(_folder["full"]).Dispose();
        Assert.True(File.Exists(_folder["full/mine"]));
    }

    [Fact]
    public void What_a_refused_first_try_has_left_of_an_origins_folder_is_taken_up()
    {
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        // The disk refused the folder's mark before it had its name.
        _folder.Do($"mkdir root/{CopyOfATree.Origin}; echo 'machine:/so' > root/{CopyOfATree.Origin}/.new");
        OriginReplicas.Open(root, CopyOfATree.Origin, "machine:/source").Dispose();
        Assert.Equal("machine:/source", root.OwnerOf(CopyOfATree.Origin));
    }

    [Fact]
    public void How_many_copies_an_origin_wants_is_kept_beside_them()
    {
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:/source");
        Assert.Null(root.RequiredBy(CopyOfATree.Origin));
        folder.Requires(3);
        folder.Requires(2);
        Assert.Equal(2, root.RequiredBy(CopyOfATree.Origin));
        _folder.Do($"echo many > root/{CopyOfATree.Origin}/.required");
        Assert.Null(root.RequiredBy(CopyOfATree.Origin));
    }

    [Fact]
    public void One_in_use_is_busy_until_its_holder_ends()
    {
        using (var root = CopyOfATree.OpenRoot(_folder["root"]))
        {
            var problem = Refused(_folder["root"]);
            Assert.True(problem.IsBusy);
            Assert.Contains(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture),
                problem.Message, StringComparison.Ordinal);
        }
        CopyOfATree.OpenRoot(_folder["root"]).Dispose();
    }

    [Fact]
    public void Another_process_that_holds_it_counts_too_and_its_death_frees_it()
    {
        CopyOfATree.OpenRoot(_folder["root"]).Dispose();
        using var holder = new System.Diagnostics.Process
        {
            StartInfo = new("/bin/bash",
                ["-c", $"exec flock -x '{_folder["root/.bdist/lock"]}' sh -c 'echo held; exec sleep "
                    + "600'"])
            { RedirectStandardOutput = true },
        };
        holder.Start();
        Assert.Equal("held", holder.StandardOutput.ReadLine());
        Assert.Equal(RootRefusal.InUse, Refused(_folder["root"]).Kind);
        // flock waits for the shell, which has become sleep: both hold the lock until they are gone.
        holder.Kill(entireProcessTree: true);
        holder.WaitForExit();
        Exception? problem = null;
        Assert.True(SpinWait.SpinUntil(() =>
            (problem = Record.Exception(() => CopyOfATree.OpenRoot(_folder["root"]).Dispose())) is null,
                TimeSpan.FromSeconds(30)), problem?.Message);
    }

    [SkippableFact]
    public void One_on_the_systems_own_file_system_is_refused_where_a_mount_is_required()
    {
        Skip.If(_folder.Run("[ $(stat -c %d .) = $(stat -c %d /) ]").Exit != 0,
            "the temporary folder is on a file system of its own");
        _folder.Do("mkdir there");
        Assert.Equal(RootRefusal.NotMounted, Refused(_folder["there"], requireMount: true).Kind);
        Assert.Equal(RootRefusal.NotMounted, Refused(_folder["new"], requireMount: true).Kind);
        Assert.False(Directory.Exists(_folder["new"]));
    }

    [SkippableFact]
    public void One_on_a_mounted_file_system_is_taken()
    {
        var there = $"/dev/shm/bdist-test-{Guid.NewGuid():N}";
        Skip.IfNot(_folder.Run("[ -w /dev/shm ] && [ $(stat -c %d /dev/shm) != $(stat -c %d /) ]").Exit == 0,
            "no second file system");
        try
        {
            DestinationRoot.Open(there, new RootOptions(RequireMount: true)).Dispose();
            Assert.True(Directory.Exists($"{there}/.bdist"));
        }
        finally
        {
            Directory.Delete(there, recursive: true);
        }
    }

    [SkippableFact]
    public void One_that_cannot_be_written_is_refused()
    {
        Skip.If(Environment.IsPrivilegedProcess, "root writes everywhere");
        _folder.Do("mkdir closed; chmod 0555 closed");
        Assert.Equal(RootRefusal.NotWritable, Refused(_folder["closed"]).Kind);
        Assert.Equal(RootRefusal.NotWritable, Refused(_folder["closed/new"]).Kind);
    }

    [Fact]
    public void One_whose_disk_fails_when_it_is_made_leaves_nothing()
    {
        var durability = new RecordingDurability { FailAt = 1 };
        Assert.Equal(RootRefusal.Unusable,
            Assert.Throws<RootRefusedException>(() => CopyOfATree.OpenRoot(_folder["root"], durability)).Kind);
        Assert.False(Directory.Exists(_folder["root"]));
    }

    [Fact]
    public void A_folder_belongs_to_the_origin_that_came_first()
    {
        var name = NodeName.Parse("laptop");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        OriginReplicas.Open(root, name, "machine-1:/home").Dispose();
        OriginReplicas.Open(root, name, "machine-1:/home").Dispose();
        var problem = Assert.Throws<RootRefusedException>(() => OriginReplicas.Open(root, name, "machine-2:/home"));
        Assert.Equal((RootRefusal.OtherOrigin, true), (problem.Kind, problem.IsBusy));
        Assert.Contains("machine-1:/home", problem.Message, StringComparison.Ordinal);
        OriginReplicas.Open(root, name, "machine-2:/home", adopt: true).Dispose();
        Assert.Throws<RootRefusedException>(() => OriginReplicas.Open(root, name, "machine-1:/home"));
        Assert.Equal("700", _folder.Do("stat -c %a root/laptop").Trim());
    }

    [Theory]
    [InlineData("mkdir root/laptop; echo > root/laptop/mine")]
    [InlineData("echo > root/laptop")]
    [InlineData("mkdir elsewhere; ln -s ../elsewhere root/laptop")]
    public void A_folder_that_we_did_not_make_is_refused_and_stays_as_it_is(string made)
    {
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        _folder.Do(made);
        var before = Listing();
        Assert.Equal(RootRefusal.Foreign,
            Assert.Throws<RootRefusedException>(() => OriginReplicas.Open(root, NodeName.Parse("laptop"), "id")).Kind);
        Assert.Equal(before, Listing());
    }
}
