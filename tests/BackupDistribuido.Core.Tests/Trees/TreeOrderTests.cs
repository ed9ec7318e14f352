using System.Text;
using BackupDistribuido.Core.Trees;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Trees;

public sealed class TreeOrderTests
{
    // A name that ends in a slash stands for a directory here.
    private static Entry Entry(string text)
    {
        var path = TreePath.FromBytes(Encoding.UTF8.GetBytes(text.Length > 1 ? text.TrimEnd('/') : text));
        return text is "." || text.EndsWith('/') ? SampleTrees.Directory(path) : SampleTrees.Leaf(path);
    }

    private static string? FirstProblem(IEnumerable<Entry> entries)
    {
        var order = new TreeOrder();
        foreach (var entry in entries)
        {
            if (!order.TryNext(entry, out var why)) return why;
        }
        return null;
    }

    [Theory]
    [InlineData(".")]
    [InlineData(". a")]
    [InlineData(". a/ a/b/ a/b/c a/d a.c/ a.c/x b")]
    [InlineData(". a/ b/ b/c")]
    public void A_walk_is_taken(string walk) => Assert.Null(FirstProblem(walk.Split(' ').Select(Entry)));

    [Theory]
    [InlineData("a", "the first entry is not the root directory")]
    [InlineData("a/ .", "the first entry is not the root directory")]
    [InlineData(". .", "entry '.' is out of order")]
    [InlineData(". a .", "entry '.' is out of order")]
    [InlineData(". a a", "entry 'a' is out of order")]
    [InlineData(". b a", "entry 'a' is out of order")]
    [InlineData(". a/ a.c a/b", "entry 'a/b' is out of order")]
    [InlineData(". a/b", "entry 'a/b' is in no announced directory")]
    [InlineData(". a a/b", "entry 'a/b' is in no announced directory")]
    [InlineData(". a/ a/b/c", "entry 'a/b/c' is in no announced directory")]
    [InlineData(". a/ a/b a/b/c", "entry 'a/b/c' is in no announced directory")]
    [InlineData(". a/ b a/c", "entry 'a/c' is out of order")]
    public void What_is_no_walk_is_refused(string walk, string problem) =>
        Assert.Equal(problem, FirstProblem(walk.Split(' ').Select(Entry)));

    [Fact]
    public void A_root_that_is_no_directory_is_refused() =>
        Assert.Equal("the first entry is not the root directory", FirstProblem([SampleTrees.Leaf(TreePath.Root)]));

    [Fact]
    public void Any_tree_in_the_order_of_its_paths_is_taken_and_none_with_a_directory_left_out() =>
        Gen.Select(SampleTrees.Path.List[1, 30], Gen.Int[0, 1_000]).Sample((paths, pick) =>
        {
            var all = paths.SelectMany(Ancestors).Append(TreePath.Root).Distinct().Order().ToList();
            var directories = all.Where(path => all.Any(other => other.IsChildOf(path))).ToList();
            Entry AsEntry(TreePath path) =>
                directories.Contains(path) ? SampleTrees.Directory(path) : SampleTrees.Leaf(path);
            var left = directories[pick % directories.Count];
            return FirstProblem(all.Select(AsEntry)) is null
                && FirstProblem(all.Where(path => path != left).Select(AsEntry)) is not null;
        });

    private static IEnumerable<TreePath> Ancestors(TreePath path)
    {
        for (; !path.IsRoot; path = path.Parent) yield return path;
    }
}
