using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Transfer.Tests.Receiving;

/// <summary>A destination whose file system can't have a name: the file comes, is checked and dropped, and all else is
/// stored. NTFS is mounted by root.</summary>
public sealed class MissingNamesTests : IDisposable
{
    private readonly TemporaryFolder _disk = new();
    private string _root = "";

    [SkippableFact]
    public void The_replica_ends_with_all_else_and_says_of_no_such_file_that_it_is_here()
    {
        using var link = NewLink();
        link.Pass = _ => link.Frames.OfType<DataFrame>().Count() < 2;

        // A link that is lost in the midst of it changes nothing.
        Assert.False(link.Run());
        link.Pass = _ => true;
        Assert.True(link.Run());

        Assert.Equal((ReplicaLimits.Names, 4L),
            link.Publish() is var lacks ? (lacks.Limits & ReplicaLimits.Names, lacks.Missing) : default);
        Assert.Equal(["a", "z"], link.Verified.Order(StringComparer.Ordinal));
        Assert.Equal("a\nz\n", _disk.Do($"ls '{link.Published}'"));
        Assert.Equal("", _disk.Do($"cmp '{link["z"]}' '{link.Published}/z'"));
        // And the next one over it.
        link.BeginNext(record: false);
        Assert.True(link.Run());
        Assert.Equal(4, link.Publish().Missing);
        Assert.Equal(["a", "a", "z", "z"], link.Verified.Order(StringComparer.Ordinal));
    }

    private HandLink NewLink() => new(source =>
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "only root mounts file systems");
        _root = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(source)!, "root")).FullName;
        var (exit,
            output) = _disk.Run(
                $"set -e; truncate -s 64M image; mkfs.ntfs -q -F image >/dev/null; loop=$(losetup -f --show image); "
                + $"ntfs-3g $loop '{_root}' || {{ losetup -d $loop; exit 1; }}");
        Skip.IfNot(exit == 0, $"it can't be mounted here: {output}");
        _disk.Do(
            $"cd '{source}'; echo a > a; head -c 300000 /dev/urandom > \"$(printf 'm\\351')\"; : > \"$(printf "
            + "'n\\351')\"; mkdir \"$(printf 'd\\351')\"; echo x > \"$(printf 'd\\351')/x\"; head -c 200000 "
            + "/dev/urandom > z");
    });

    public void Dispose()
    {
        _disk.Run($"loop=$(losetup -n -O NAME -j image); umount --lazy '{_root}'; losetup -d $loop");
        _disk.Dispose();
    }
}
