using System.Text;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Tests.Trees;

public sealed class TreePathTests
{
    private static string Long(int components, int bytes) =>
        string.Join('/', Enumerable.Repeat(new string('x', bytes), components));

    public static TheoryData<string, string> Hostile => new()
    {
        { "", "path is empty" },
        { "/", "path is absolute" },
        { "/etc/passwd", "path is absolute" },
        { "//etc", "path is absolute" },
        { "/..", "path is absolute" },
        { "..", "path has a '..' component" },
        { "../x", "path has a '..' component" },
        { "a/..", "path has a '..' component" },
        { "a/../b", "path has a '..' component" },
        { "a/b/../../../c", "path has a '..' component" },
        { "a/../", "path has a '..' component" },
        { "./a", "path has a '.' component" },
        { "a/.", "path has a '.' component" },
        { "a/./b", "path has a '.' component" },
        { "./..", "path has a '.' component" },
        { "a//b", "path has an empty component" },
        { "a/", "path has an empty component" },
        { "a///", "path has an empty component" },
        { "./", "path has a '.' component" },
        { "\0", "path has a NUL byte" },
        { "a\0b", "path has a NUL byte" },
        { "..\0", "path has a NUL byte" },
        { "a/b\0/../c", "path has a NUL byte" },
        { new string('x', 256), "path has a component longer than 255 bytes" },
        { "a/" + new string('x', 256) + "/b", "path has a component longer than 255 bytes" },
        { Long(256, 255) + "/", "path is longer than 65535 bytes" },
        { new string('x', 65_536), "path is longer than 65535 bytes" },
        { new string('/', 65_536), "path is longer than 65535 bytes" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_path_is_refused(string text, string problem)
    {
        Assert.False(TreePath.TryFromBytes(Encoding.Latin1.GetBytes(text), out var path, out var why));

        Assert.Equal(problem, why);
        Assert.True(path.IsRoot);
        Assert.Equal(problem,
            Assert.Throws<FormatException>(() => TreePath.FromBytes(Encoding.Latin1.GetBytes(text))).Message);
    }

    [Theory]
    [InlineData("...")]
    [InlineData("..a")]
    [InlineData("a..")]
    [InlineData(".a/..b/c.")]
    [InlineData("a/... /b")]
    [InlineData("..\\..\\x")]
    [InlineData("%2e%2e/x")]
    [InlineData("C:\\x")]
    [InlineData("\u00c0\u00ae\u00c0\u00ae/x")]
    [InlineData("~/x")]
    [InlineData("a\nb")]
    [InlineData(" ")]
    public void What_only_looks_like_an_escape_is_a_name(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);

        Assert.True(TreePath.FromBytes(bytes).Bytes.SequenceEqual(bytes));
    }

    [Fact]
    public void The_greatest_lengths_are_allowed()
    {
        var longest = Encoding.ASCII.GetBytes(Long(256, 255));

        Assert.Equal(TreePath.MaxBytes, longest.Length);
        var path = TreePath.FromBytes(longest);
        Assert.Equal(TreePath.MaxComponentBytes, path.Name.Length);
    }

    [Fact]
    public void The_root_is_a_dot_and_has_no_parent()
    {
        var root = TreePath.FromBytes("."u8);

        Assert.True(root.IsRoot);
        Assert.Equal(TreePath.Root, root);
        Assert.Equal(default, root);
        Assert.Equal(".", root.ToString());
        Assert.True(root.Name.SequenceEqual("."u8));
        Assert.Throws<InvalidOperationException>(() => root.Parent);
    }

    [Fact]
    public void A_path_knows_its_name_and_its_parent()
    {
        var path = TreePath.FromBytes("a/bc/d"u8);

        Assert.True(path.Name.SequenceEqual("d"u8));
        Assert.Equal(TreePath.FromBytes("a/bc"u8), path.Parent);
        Assert.Equal(TreePath.Root, path.Parent.Parent.Parent);
        Assert.True(path.IsChildOf(path.Parent));
        Assert.False(path.IsChildOf(path.Parent.Parent));
        Assert.False(path.IsChildOf(path));
        Assert.False(path.IsChildOf(TreePath.FromBytes("a/b"u8)));
        Assert.False(TreePath.Root.IsChildOf(TreePath.Root));
        Assert.True(TreePath.FromBytes("a"u8).IsChildOf(TreePath.Root));
        Assert.False(path.IsChildOf(TreePath.Root));
    }

    [Theory]
    [InlineData("", "path has an empty component")]
    [InlineData(".", "path has a '.' component")]
    [InlineData("..", "path has a '..' component")]
    [InlineData("/", "name has a slash")]
    [InlineData("b/c", "name has a slash")]
    [InlineData("../b", "name has a slash")]
    [InlineData("\0", "path has a NUL byte")]
    public void A_child_can_not_leave_its_directory(string name, string problem)
    {
        foreach (var directory in new[] { TreePath.Root, TreePath.FromBytes("a"u8) })
        {
            Assert.False(directory.TryChild(Encoding.Latin1.GetBytes(name), out var child, out var why));
            Assert.Equal(problem, why);
            Assert.True(child.IsRoot);
            Assert.Throws<FormatException>(() => directory.Child(Encoding.Latin1.GetBytes(name)));
        }
    }

    [Fact]
    public void A_child_is_the_path_that_its_bytes_say()
    {
        Assert.Equal(TreePath.FromBytes("a"u8), TreePath.Root.Child("a"u8));
        Assert.Equal(TreePath.FromBytes("a/b"u8), TreePath.Root.Child("a"u8).Child("b"u8));
    }

    [Fact]
    public void A_child_of_too_deep_a_directory_is_refused()
    {
        var directory = TreePath.FromBytes(Encoding.ASCII.GetBytes(Long(255, 255)));

        Assert.True(directory.TryChild(Encoding.ASCII.GetBytes(new string('x', 255)), out var longest, out _));
        Assert.Equal(TreePath.MaxBytes, longest.Bytes.Length);
        Assert.False(longest.TryChild("x"u8, out _, out var why));
        Assert.Equal("path is longer than 65535 bytes", why);
        Assert.False(directory.TryChild(Encoding.ASCII.GetBytes(new string('x', 256)), out _, out why));
        Assert.Equal("path has a component longer than 255 bytes", why);
    }

    [Fact]
    public void Equal_bytes_are_equal_paths()
    {
        var (a, b, c) = (TreePath.FromBytes("x/y"u8), TreePath.FromBytes("x/y"u8), TreePath.FromBytes("x/z"u8));

        Assert.True(a == b && a != c && a.Equals((object)b) && !a.Equals("x/y"));
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
    }

    [Fact]
    public void A_path_is_shown_as_text_where_it_is_text()
    {
        Assert.Equal("año/x", TreePath.FromBytes(Encoding.UTF8.GetBytes("año/x")).ToString());
        Assert.Equal("a%FFb", TreePath.FromBytes([(byte)'a', 0xFF, (byte)'b']).ToString());
    }
}
