using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Storage.Tests.Scanning;

public sealed class SourceFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SourceTree _tree;

    public SourceFileTests()
    {
        _folder.Do("mkdir -p source/d outside; printf 0123456789 > source/d/file; printf secret > outside/file");
        _tree = SourceTree.Open(_folder["source"]);
    }

    public void Dispose()
    {
        _tree.Dispose();
        _folder.Dispose();
    }

    private FileEntry Found =>
        _tree.Scan(_ => { }).OfType<FileEntry>().Single(file => file.Path.ToString() == "d/file");

    [Fact]
    public void It_is_read_from_any_position_and_unchanged()
    {
        Assert.True(_tree.TryOpenFile(Found, out var file, out _));
        using (file)
        {
            Assert.True(file.IsAsAnnounced);
            Assert.Equal(Found, file.Current);
            file.Position = 4;
            var buffer = new byte[100];
            Assert.Equal(6, file.Read(buffer));
            Assert.Equal("456789"u8.ToArray(), buffer[..6]);
            Assert.Equal(0, file.Read(buffer));
            Assert.True(file.IsUnchanged());
        }
    }

    [Fact]
    public void A_change_before_the_opening_is_in_its_entry()
    {
        var announced = Found;
        _folder.Do("printf abc > source/d/file");
        Assert.True(_tree.TryOpenFile(announced with { Digest = Sha256Digest.OfNothing }, out var file, out _));
        using (file)
        {
            Assert.False(file.IsAsAnnounced);
            Assert.Equal((3L, null), (file.Current.Stamp.Size, file.Current.Digest));
        }
    }

    [Theory]
    [InlineData("printf x >> source/d/file")]
    [InlineData("truncate -s 3 source/d/file")]
    [InlineData("chmod 0600 source/d/file")]
    [InlineData("touch -d 2000-01-01 source/d/file")]
    public void A_change_while_it_is_read_is_noticed(string change)
    {
        // Change times may be as coarse as a timer tick; the file is made older than that first.
        _folder.Do("chmod 0644 source/d/file; sleep 0.05");
        Assert.True(_tree.TryOpenFile(Found, out var file, out _));
        using (file)
        {
            _folder.Do(change);
            Assert.False(file.IsUnchanged());
        }
    }

    [Theory]
    [InlineData("rm source/d/file", Omission.Vanished)]
    [InlineData("rm -r source/d", Omission.Vanished)]
    [InlineData("rm source/d/file; ln -s ../../outside/file source/d/file", Omission.Changed)]
    [InlineData("mv source/d x; ln -s ../outside source/d", Omission.Changed)]
    [InlineData("rm source/d/file; mkfifo source/d/file", Omission.Changed)]
    [InlineData("rm source/d/file; mkdir source/d/file", Omission.Changed)]
    [InlineData("rm -r source/d; touch source/d", Omission.Changed)]
    public void What_is_no_longer_that_file_is_not_opened(string change, Omission expected)
    {
        var announced = Found;
        _folder.Do(change);
        Assert.False(_tree.TryOpenFile(announced, out _, out var why));
        Assert.Equal(expected, why);
    }
}
