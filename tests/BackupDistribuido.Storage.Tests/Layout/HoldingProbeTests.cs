using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Layout;

/// <summary>File systems that hold less than a tree has: each is made in a file and mounted by root.</summary>
public sealed class HoldingProbeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public HoldingProbeTests() => _folder.MakeDirectory("disk");

    [Fact]
    public void An_ordinary_file_system_holds_everything_and_nothing_is_left_there()
    {
        using var root = CopyOfATree.OpenRoot(_folder["root"]);

        Assert.True(root.Abilities.TellsCaseApart);
        Assert.Equal(ReplicaLimits.None, root.Abilities.Lacks & ~ReplicaLimits.Attributes);
        Assert.Empty((root.Abilities with { Lacks = ReplicaLimits.None }).Describe("root"));
        Assert.Equal("holder id lock",
            string.Join(' ', _folder.Do("ls root/.bdist").Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void What_a_killed_life_has_left_of_it_is_in_nobodys_way()
    {
        CopyOfATree.OpenRoot(_folder["root"]).Dispose();
        _folder.Do("mkdir -p root/.bdist/probe/below; echo > root/.bdist/probe/FILE");

        using var root = CopyOfATree.OpenRoot(_folder["root"]);

        Assert.True(root.Abilities.TellsCaseApart);
        Assert.False(Directory.Exists(_folder["root/.bdist/probe"]));
    }

    [SkippableFact]
    public void ExFat_says_yes_to_some_of_what_it_does_not_do()
    {
        Mount("mkfs.exfat", "mount.exfat-fuse");

        using var root = CopyOfATree.OpenRoot(_folder["disk"]);

        Assert.Equal(
            ReplicaLimits.Owners | ReplicaLimits.Modes | ReplicaLimits.Attributes | ReplicaLimits.HardLinks
                | ReplicaLimits.SymbolicLinks | ReplicaLimits.SpecialFiles | ReplicaLimits.Times, root.Abilities.Lacks);
        Assert.False(root.Abilities.TellsCaseApart);
        Assert.Collection(root.Abilities.Describe("/media/stick"),
            held => Assert.Equal(
                "ROOT /media/stick is on a file system that can't hold the symbolic links, special files, hard links, "
                + "owners, modes, extended attributes, exact times of a tree: the manifests of its copies have them, "
                + "the copies don't", held.ToString()),
            names => Assert.Contains("differ only in case", names.ToString(), StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Ntfs_says_yes_to_owners_and_forgets_them_and_a_copy_there_says_each_thing_once()
    {
        Mount("mkfs.ntfs -q -F", "ntfs-3g");
        _folder.Do(
            "mkdir source; cd source; echo x > first; ln first second; chown 7:8 first; ln -s first link; mkfifo pipe; "
            + "chown 7:8 pipe; echo o > Name; echo t > name; setfattr -n user.a -v 1 name");
        using var root = CopyOfATree.OpenRoot(_folder["disk"]);
        Assert.Equal(ReplicaLimits.Owners | ReplicaLimits.Modes | ReplicaLimits.Times, root.Abilities.Lacks);
        Assert.True(root.Abilities.TellsCaseApart);
        using var source = SourceTree.Open(_folder["source"]);
        using var origin = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:/source");
        using var staged = origin.Stage(CopyOfATree.First);
        var met = new List<ReplicaLimits>();
        staged.Writer.LimitMet = met.Add;

        CopyOfATree.Fill(source, staged);
        staged.Publish(staged.Draft.Seal);

        Assert.Equal(new ReplicaShortfall(root.Abilities.Lacks, 0), staged.Shortfall);
        Assert.Equal(root.Abilities.Lacks,
            met.Aggregate((a, b) => (a & b) == ReplicaLimits.None
                ? a | b : throw new InvalidOperationException($"{b} was told twice")));
        // All else is there.
        Assert.Equal((0, ""),
            _folder.Run(
                $"rsync -rlHXDc --dry-run --itemize-changes --delete source/ "
                + $"{origin.SnapshotPath(CopyOfATree.First)}/"));
        Assert.Equal("2\n", _folder.Do($"stat -c %h {origin.SnapshotPath(CopyOfATree.First)}/second"));
    }

    [SkippableFact]
    public void What_FUSE_has_not_let_go_of_yet_refuses_no_root()
    {
        Mount("mkfs.exfat", "mount.exfat-fuse");

        CopyOfATree.OpenRoot(_folder["disk"]).Dispose();
        Directory.CreateDirectory(_folder["disk/.bdist/probe"]);
        using (File.Create(_folder["disk/.bdist/probe/held"]))
        {
            CopyOfATree.OpenRoot(_folder["disk"]).Dispose();
        }
        CopyOfATree.OpenRoot(_folder["disk"]).Dispose();
        Assert.False(Directory.Exists(_folder["disk/.bdist/probe"]));
    }

    [SkippableFact]
    public void One_with_a_limit_for_files_says_it()
    {
        Mount("mkfs.ext4 -q -O ^64bit,^extents,^huge_file -b 1024", "mount");

        using var root = CopyOfATree.OpenRoot(_folder["disk"]);

        // 12 blocks, and three levels of blocks that name 256 others each.
        Assert.Equal((12L + 256 + (256 * 256) + (256 * 256 * 256)) * 1024, root.Abilities.MaxFileBytes);
        Assert.Equal(
            "ROOT r is on a file system that holds files of up to 16.1 GiB: it can't hold a tree with a larger one",
                Assert.Single(root.Abilities.Describe("r")).ToString());
    }

    [SkippableFact]
    public void An_origin_whose_folder_is_another_file_system_has_the_room_of_that_one()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "only root mounts file systems");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        _folder.MakeDirectory("root/other");
        _folder.MakeDirectory("root/laptop");
        Assert.Empty(root.RoomsElsewhere(9));
        Skip.IfNot(_folder.Run($"mount -t tmpfs -o size=1m,nr_inodes=77 none root/laptop").Exit == 0,
            "it can't be mounted here");
        try
        {
            var room = Assert.Single(root.RoomsElsewhere(9));

            Assert.Equal(("laptop", (long?)1 << 20), (room.Origin.ToString(), room.FreeBytes));
            Assert.InRange(room.FreeInodes!.Value, 70, 77);
            Assert.Empty(root.RoomsElsewhere(0));
        }
        finally
        {
            _folder.Do("umount root/laptop");
        }
    }

    private void Mount(string make, string mount)
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "only root mounts file systems");
        var (exit,
            output) = _folder.Run(
                $"set -e; truncate -s 64M image; {make} image >/dev/null; loop=$(losetup -f --show image); {mount} "
                + $"$loop disk || {{ losetup -d $loop; exit 1; }}");
        Skip.IfNot(exit == 0, $"it can't be mounted here: {output}");
    }

    public void Dispose()
    {
        _folder.Run("loop=$(losetup -n -O NAME -j image); umount disk; losetup -d $loop");
        _folder.Dispose();
    }
}
