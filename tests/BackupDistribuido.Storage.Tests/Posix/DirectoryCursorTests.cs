using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Tests.Posix;

public sealed class DirectoryCursorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a/b", Errno.None)]
    [InlineData("a", Errno.None)]
    [InlineData("a/missing", Errno.NoEntry)]
    [InlineData("a/file", Errno.NotDirectory)]
    public void Both_ways_to_open_below_a_root_agree(string path, Errno expected)
    {
        _folder.Do("mkdir -p a/b; touch a/file");
        using var root = _folder.Open();
        var bytes = System.Text.Encoding.ASCII.GetBytes(path);
        Assert.Equal(expected, root.OpenBeneath(bytes, OpenFlags.Directory | OpenFlags.NoFollow, out var atOnce));
        Assert.Equal(expected, DirectoryCursor.OpenStepByStep(root, bytes, out var stepwise));
        atOnce.Dispose();
        stepwise.Dispose();
    }

    [Theory]
    [InlineData("link")]
    [InlineData("link/b")]
    [InlineData("a/up")]
    public void Neither_follows_a_link(string path)
    {
        _folder.Do("mkdir -p a/b; ln -s a link; ln -s .. a/up");
        using var root = _folder.Open();
        var bytes = System.Text.Encoding.ASCII.GetBytes(path);
        Assert.NotEqual(Errno.None, root.OpenBeneath(bytes, OpenFlags.Directory | OpenFlags.NoFollow, out _));
        Assert.NotEqual(Errno.None, DirectoryCursor.OpenStepByStep(root, bytes, out _));
    }

    [Fact]
    public void A_name_with_a_NUL_never_reaches_the_system()
    {
        using var root = _folder.Open();
        Assert.Throws<ArgumentException>(() => root.MakeDirectory("a\0b"u8));
    }

    [Fact]
    public void A_rename_that_may_not_replace_does_not()
    {
        _folder.Do("mkdir one two");
        using var root = _folder.Open();
        Assert.Equal(Errno.Exists, root.RenameWithoutReplacing("one"u8, root, "two"u8));
        Assert.Equal(Errno.None, root.RenameWithoutReplacing("one"u8, root, "three"u8));
        Assert.Equal(Errno.None, root.Status("three"u8, out var status));
        Assert.Equal(FileKind.Directory, status.Kind);
    }

    [Fact]
    public void The_last_parent_stays_open_for_the_next_entry()
    {
        _folder.Do("mkdir -p a b");
        using var root = _folder.Open();
        using var cursor = new DirectoryCursor(root);
        cursor.OpenParentOf(TreePath.FromBytes("a/1"u8), out var first).OrThrow("", "");
        cursor.OpenParentOf(TreePath.FromBytes("a/2"u8), out var second).OrThrow("", "");
        cursor.OpenParentOf(TreePath.FromBytes("b/1"u8), out var other).OrThrow("", "");
        Assert.Same(first, second);
        Assert.NotSame(second, other);
        Assert.True(first.IsClosed);
    }
}
