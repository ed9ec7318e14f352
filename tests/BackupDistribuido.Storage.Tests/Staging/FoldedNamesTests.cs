using System.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Storage.Tests.Staging;

/// <summary>
/// On a file system that takes two names for one (upper and lower case, composed and decomposed letters) an entry meets
/// another one under its own name. Here the two names are the same from the start.
/// </summary>
public sealed class FoldedNamesTests : IDisposable
{
    private static readonly Metadata Plain = new(0x1A4, 0, 0, default);
    private static readonly TreePath Name = TreePath.FromBytes("name"u8);

    private readonly TemporaryFolder _folder = new();
    private readonly DestinationRoot _root;
    private readonly OriginReplicas _origin;
    private readonly StagedSnapshot _staged;

    public FoldedNamesTests()
    {
        _root = CopyOfATree.OpenRoot(_folder["root"]);
        _origin = OriginReplicas.Open(_root, CopyOfATree.Origin, "id");
        _staged = _origin.Stage(CopyOfATree.First);
    }

    [Fact]
    public void A_link_takes_no_verified_files_place()
    {
        using (var file = _staged.Create(new FileEntry(Name, Plain, default, null))) file.Finish();
        Assert.Equal(Errno.Exists,
            Assert.Throws<PosixException>(() =>
                _staged.Writer.Apply(new SymbolicLinkEntry(Name, Plain, "t"u8.ToArray()))).Errno);
    }

    [Fact]
    public void Two_links_do_not_become_one()
    {
        _staged.Writer.Apply(new SymbolicLinkEntry(Name, Plain, "one"u8.ToArray()));
        Assert.Equal(Errno.Exists,
            Assert.Throws<PosixException>(() =>
                _staged.Writer.Apply(new SymbolicLinkEntry(Name, Plain, "two"u8.ToArray()))).Errno);
    }

    [Fact]
    public void Two_directories_do_not_become_one()
    {
        _staged.Writer.Apply(new DirectoryEntry(Name, Plain));
        Assert.Equal(Errno.Exists,
            Assert.Throws<PosixException>(() => _staged.Writer.Apply(new DirectoryEntry(Name, Plain))).Errno);
    }

    public void Dispose()
    {
        _staged.Dispose();
        _origin.Dispose();
        _root.Dispose();
        _folder.Dispose();
    }
}
