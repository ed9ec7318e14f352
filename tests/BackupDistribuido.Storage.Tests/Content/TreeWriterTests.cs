using System.Text;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Tests.Content;

/// <summary>A tree is written into a folder that is no snapshot; what snapshots need is in their tests.</summary>
public sealed class TreeWriterTests : IDisposable
{
    private const int OwnerMayLook = 0x16D; // r-xr-xr-x

    private readonly TemporaryFolder _folder = new();
    private readonly Durability _durability = new();
    private readonly TreeWriter _writer;

    public TreeWriterTests()
    {
        _folder.Do("mkdir place outside; echo precious > outside/file; ln -s ../outside place/door");
        Descriptor.OpenDirectory(_folder["place"], out var place).OrThrow("open", "place");
        _writer = new TreeWriter(place, "place", new ReplicaHolding(ReplicaLimits.None), _durability, sync: null);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void It_has_what_its_entries_say_and_each_is_durable_by_itself()
    {
        var directory = new DirectoryEntry(At("d"), Own(OwnerMayLook));
        _writer.Apply(directory);
        using (var file = _writer.TryCreate(File("d/f"))!)
        {
            file.Write("abc"u8);
            file.Finish();
        }
        _writer.Apply(new SymbolicLinkEntry(At("d/l"), Own(0x1FF), "f"u8.ToArray()));
        _writer.Finish(directory);

        Assert.Equal("555 /d\n640 3 /d/f\n", _folder.Do("cd place; stat -c '%a /%n' d; stat -c '%a %s /%n' d/f"));
        Assert.Equal("abc", _folder.Do("cat place/d/l"));
        Assert.Equal("1", _folder.Do("stat -c %Y place/d").Trim());
        Assert.Equal(2, _durability.Answered);
        Assert.Equal(default, _writer.Shortfall);
    }

    [Fact]
    public void Nothing_is_written_through_a_link_that_is_there()
    {
        Assert.Throws<PosixException>(() => _writer.TryCreate(File("door/f")));
        Assert.Throws<PosixException>(() => _writer.Apply(new DirectoryEntry(At("door/d"), Own(OwnerMayLook))));
        Assert.Throws<PosixException>(() => _writer.Remove(At("door/file")));

        Assert.Equal("outside\noutside/file\nprecious\n", _folder.Do("find outside; cat outside/file"));
    }

    private static TreePath At(string path) => TreePath.FromBytes(Encoding.ASCII.GetBytes(path));

    private static FileEntry File(string path) => new(At(path), Own(0x1A0), default, null);

    private static Metadata Own(int mode) => new(mode, Descriptor.User, Descriptor.Group, new FileTime(1, 2));
}
