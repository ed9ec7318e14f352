using BackupDistribuido.EndToEnd.Tests.Processes;

namespace BackupDistribuido.EndToEnd.Tests.Clusters;

/// <summary>Destinations on file systems that hold less than a tree has: it is said before anything is copied, and with
/// the replica.</summary>
[Trait("Length", "long")]
public sealed class PoorFileSystemTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log);

    [SkippableFact]
    public async Task A_stick_with_exfat_holds_the_files_and_says_what_it_lacks()
    {
        Mount("mkfs.exfat", "mount.exfat-fuse");
        _cluster.Folder.Do(
            "mkdir -p source/below; cd source; seq 20000 > below/numbers; ln below/numbers again; ln -s again link; "
            + "mkfifo pipe; setfattr -n user.a -v 1 again; chmod 751 below; chown 7:8 again; echo latin > \"$(printf "
            + "'m\\351')\"");
        await _cluster.StartCoordinator();
        var poor = await _cluster.Destination("disk");
        await _cluster.Destination("first");
        Assert.Equal(
            ["symbolic links, special files, hard links, owners, modes, extended attributes, exact times",
                "ignores case"],
            [.. poor.All("warning").Select(one => one.GetProperty("message").GetString()!)
                .Select(said => said.Contains("can't hold the ", StringComparison.Ordinal)
                ? said.Split("can't hold the ")[1].Split(" of a tree")[0]
                : said.Split("file system that ")[1].Split(':')[0])]);

        for (var run = 1; run <= 2; run++)
        {
            var origin = _cluster.Origin(_cluster.Folder["source"], "--copies", "2");
            Assert.Equal(4, await origin.Exit());
            var finished = Assert.Single(origin.All("run-finished"));
            Assert.Equal((2, "protected"),
                (finished.GetProperty("copies").GetInt32(), finished.GetProperty("outcome").GetString()));
            var member = finished.GetProperty("destinations").EnumerateArray()
                .Single(one => one.GetProperty("name").GetString() == "disk");
            Assert.Equal(
                "without names, symbolic links, special files, hard links, owners, modes, extended attributes, exact "
                + "times", member.GetProperty("reason").GetString());
            var replica = _cluster.Replica("disk");
            Assert.Equal(run, replica.Snapshots.Count);
            var snapshot = replica.Snapshot(replica.Snapshots[^1]);
            _cluster.Folder.Do(
                $"cd '{snapshot}' && grep -a -v '  m' ../../manifests/{replica.Snapshots[^1]}.sha256 | sha256sum "
                + "--quiet --strict -c && test \"$(find . -type f | sort | xargs)\" = './again ./below/numbers' && cmp "
                + "again ../../../../source/again");
            Assert.Equal("m%E9\n",
                _cluster.Folder.Do($"cat '{snapshot}/../../manifests/{replica.Snapshots[^1]}.missing'"));
            _cluster.Replica("first").IsRightFor(_cluster.Folder["source"]);
        }
    }

    [SkippableFact]
    public async Task Of_two_names_that_become_one_the_second_is_missing_there_and_named()
    {
        Mount("mkfs.exfat", "mount.exfat-fuse");
        _cluster.Folder.Do("mkdir source; echo one > source/Name; echo two > source/name");
        await _cluster.StartCoordinator(TimeSpan.FromSeconds(1));
        var disk = await _cluster.Destination("disk");
        await _cluster.Destination("first");

        var origin = _cluster.Origin(_cluster.Folder["source"], "--copies", "2");

        Assert.Equal(4, await origin.Exit());
        Assert.Empty(origin.All("destination-lost"));
        Assert.Contains(disk.All("warning"), one => one.GetProperty("message").GetString()!
            .Contains("can't store the name: name:", StringComparison.Ordinal));
        Assert.Equal("one\n", _cluster.Folder.Do("cd disk/tree; grep -q . manifests/*.missing; cat snapshots/*/*"));
        _cluster.Replica("first").IsFaithfulTo(_cluster.Folder["source"]);
    }

    [SkippableFact]
    public async Task A_file_beyond_the_limit_is_refused_with_figures_before_the_run()
    {
        Mount("mkfs.ext4 -q -O ^64bit,^extents,^huge_file -b 1024", "mount");
        _cluster.Folder.Do("mkdir source; truncate -s 20G source/large; rmdir disk/lost+found");
        await _cluster.StartCoordinator();
        await _cluster.Destination("disk");
        var origin = _cluster.Origin(_cluster.Folder["source"], "--copies", "1");
        await origin.Next("warning",
            one => one.GetProperty("message").GetString()!
                .Contains("its file system holds files of up to 16.1 GiB, the tree has one of 20.0 GiB",
                    StringComparison.Ordinal));
        Assert.Empty(origin.All("run-started"));
        Assert.Empty(_cluster.Replica("disk").Snapshots);
    }

    private void Mount(string make, string mount)
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "only root mounts file systems");
        var (exit,
            output) = _cluster.Folder.Run(
                $"set -e; mkdir disk; truncate -s 64M image; {make} image >/dev/null; loop=$(losetup -f --show image); "
                + $"{mount} $loop disk || {{ losetup -d $loop; exit 1; }}");
        Skip.IfNot(exit == 0, $"it can't be mounted here: {output}");
    }

    public void Dispose()
    {
        // Its destination still runs: the mount goes with it.
        _cluster.Folder.Run("loop=$(losetup -n -O NAME -j image); umount --lazy disk; losetup -d $loop");
        _cluster.Dispose();
    }
}
