using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Storage.Tests.Scanning;

/// <summary>What a file system's numbers and times are believed.</summary>
public sealed class SoundnessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ext4", 0xEF53, true, true)]
    [InlineData("xfs", 0x58465342, true, true)]
    [InlineData("btrfs", 0x9123683E, true, true)]
    [InlineData("zfs", 0x2FC12FC1, true, true)]
    [InlineData("f2fs", 0xF2F52010, true, true)]
    [InlineData("nfs", 0x6969, true, true)]
    [InlineData("overlay", 0x794C7630, true, true)]
    [InlineData("tmpfs", 0x01021994, false, true)]
    [InlineData("squashfs", 0x73717368, false, false)]
    [InlineData("iso9660", 0x9660, false, false)]
    [InlineData("vfat", 0x4D44, false, false)]
    [InlineData("exfat", 0x2011BAB0, false, false)]
    [InlineData("fuse", 0x65735546, false, false)]
    public void Of_each_kind(string kind, long magic, bool times, bool inodes)
    {
        var status = new FileSystemStatus(magic, 0);
        Assert.Equal((kind, times, inodes), (kind, status.HasSoundChangeTimes, status.HasSoundInodes));
    }

    [Fact]
    public void Two_files_with_one_number_are_one_file_only_where_they_agree()
    {
        var links = new HardLinks();
        var one = new FileStatus(FileKind.Regular, 0x1A4, 0, 0, 5, new FileTime(1, 0), new FileTime(2, 0), Inode: 7,
            Device: 1, MountId: 1, Links: 3);
        Assert.Null(links.Meet(one, new FirstName(1, default)));
        Assert.Null(links.Meet(one with { Size = 6 }, new FirstName(2, default)));
        Assert.Null(links.Meet(one with { Modified = new FileTime(1, 1) }, new FirstName(3, default)));
        Assert.Null(links.Meet(one with { Changed = new FileTime(2, 1) }, new FirstName(4, default)));
        Assert.Equal(1, links.Meet(one, new FirstName(5, default))?.Number);
        Assert.Equal(3, links.Meet(one with { Modified = new FileTime(1, 1) }, new FirstName(6, default))?.Number);
    }

    [Fact]
    public void Two_names_have_one_content_or_not()
    {
        _folder.Do(
            "mkdir s; (head -c 299999 /dev/urandom; printf y) > s/a; cp s/a s/b; cp s/a s/c; "
            + "printf x | dd of=s/c bs=1 seek=299999 conv=notrunc 2>/dev/null; head -c 299999 s/a > s/d");
        using var tree = SourceTree.Open(_folder["s"]);
        var files = tree.Scan(null).OfType<FileEntry>().ToDictionary(file => file.Path.ToString());
        foreach (var (name, isSame) in new[] { ("b", true), ("c", false), ("d", false) })
        {
            Assert.True(tree.TryOpenFile(files["a"], out var one, out _) & tree.TryOpenFile(files[name], out var other,
                out _));
            using (one) using (other) Assert.Equal(isSame, ContentComparison.Is(one!, other!));
        }
    }

    [SkippableFact]
    public void A_stamp_in_memory_is_not_believed_and_one_on_a_disk_is()
    {
        Skip.IfNot(
            _folder.Run(
                "test \"$(stat -f -c %T /dev/shm)\" = tmpfs && case $(stat -f -c %T .) in ext*|xfs|btrfs) ;; *) "
                + "false;; esac").Exit == 0, "no tmpfs, or no disk, here");
        _folder.Do("echo > f; mkdir /dev/shm/$(basename $PWD); echo > /dev/shm/$(basename $PWD)/f");
        var memory = Path.Combine("/dev/shm", Path.GetFileName(_folder.Path));
        try
        {
            foreach (var (folder, isSound) in new[] { (_folder.Path, true), (memory, false) })
            {
                using var tree = SourceTree.Open(folder);
                Assert.Equal(isSound,
                    tree.ScanClosely(null).Single(scanned => scanned.Entry is FileEntry).HasSoundStamp);
            }
        }
        finally
        {
            Directory.Delete(memory, recursive: true);
        }
    }

    [SkippableFact]
    public void What_is_mounted_is_a_mount_point()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess
            && _folder.Run("mkdir -p s/m s/d && mount -t tmpfs none s/m").Exit == 0, "nothing can be mounted here");
        try
        {
            _folder.Do("echo > s/m/f");
            using var tree = SourceTree.Open(_folder["s"]);
            Assert.Equal([("m", true), ("m/f", false)],
                tree.ScanClosely(null).Where(scanned => scanned.Entry.Path.ToString()[0] == 'm')
                    .Select(scanned => (scanned.Entry.Path.ToString(), scanned.IsMountPoint)));
            Assert.DoesNotContain(tree.ScanClosely(null),
                scanned => scanned.Entry.Path.ToString() is "d" or "." && scanned.IsMountPoint);
        }
        finally
        {
            _folder.Do("umount s/m");
        }
    }

    [SkippableFact]
    public void A_file_whose_pages_are_not_written_back_may_change_unseen()
    {
        Skip.IfNot(_folder.Run("case $(stat -f -c %T .) in ext*|xfs|btrfs) ;; *) false;; esac").Exit == 0,
            "no file system with a memory of its own for each file");
        _folder.Do(
            "head -c 10000 /dev/urandom > f; sync f; head -c 5000 /dev/urandom | dd of=f conv=notrunc 2>/dev/null");
        using var tree = SourceTree.Open(_folder.Path);
        var entry = tree.Scan(null).OfType<FileEntry>().Single();
        Assert.True(tree.TryOpenFile(entry, out var file, out _));
        using (file)
        {
            Skip.IfNot(file!.MayChangeUnseen, "this kernel does not say it");
            _folder.Do("sync f");
            Assert.False(file.MayChangeUnseen);
        }
    }

    [Fact]
    public void Access_times_stay()
    {
        _folder.Do("mkdir -p s/d; echo x > s/d/f; touch -a -d '2001-01-01' s s/d s/d/f");
        using (var tree = SourceTree.Open(_folder["s"]))
        {
            Assert.True(tree.TryOpenFile(tree.Scan(_ => { }).OfType<FileEntry>().Single(), out var file, out _));
            using (file) Assert.Equal(2, file!.Read(new byte[10]));
        }
        Assert.Equal("2001-01-01 2001-01-01 2001-01-01",
            _folder.Do("stat -c %x s s/d s/d/f | cut -d' ' -f1 | xargs").Trim());
    }

    [Fact]
    public void A_shortage_is_no_matter_of_an_entry_when_it_goes_on()
    {
        var shortage = new Shortage();
        var path = TreePath.FromBytes("f"u8);
        shortage.GiveUp(path, Errno.NoMemory);
        shortage.GiveUp(path, Errno.NoMemory);
        shortage.Over();
        shortage.GiveUp(path, Errno.NoMemory);
        shortage.GiveUp(path, Errno.TooManyOpenInSystem);
        Assert.Contains("ulimit",
            Assert.Throws<SourceRefusedException>(() => shortage.GiveUp(path, Errno.NoMemory)).Message,
                StringComparison.Ordinal);
        Assert.Throws<SourceRefusedException>(() => new Shortage().GiveUp(path, Errno.TooManyOpen));
        var tries = 0;
        while (Shortage.Again(Errno.NoMemory, ref tries))
        {
        }
        Assert.Equal(Shortage.Tries, tries);
        Assert.False(Shortage.Again(Errno.AccessDenied, ref tries));
    }
}
