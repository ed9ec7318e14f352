using System.Text;
using BackupDistribuido.Core.Trees;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Trees;

public sealed class TreePathOrderTests
{
    [Fact]
    public void A_directory_comes_before_its_content_and_its_content_is_never_torn_apart()
    {
        string[] ordered =
            [".", "-", "...", "a", "a/a", "a/b", "a/b/c", "a/b.c", "a\u0001", "a!", "a-b", "a.c", "a0", "b", "\u00ff"];

        var sorted = ordered.Reverse().Select(text => TreePath.FromBytes(Encoding.Latin1.GetBytes(text))).Order();

        Assert.Equal(ordered, sorted.Select(path => Encoding.Latin1.GetString(path.Bytes)));
    }

    [Fact]
    public void The_order_is_that_of_the_components() =>
        Gen.Select(PathOrRoot, PathOrRoot)
            .Sample((a, b) => Math.Sign(a.CompareTo(b)) == Math.Sign(CompareComponents(Components(a), Components(b))));

    [Fact]
    public void The_order_is_total() =>
        Gen.Select(PathOrRoot, PathOrRoot, PathOrRoot).Sample((a, b, c) =>
            a.CompareTo(a) == 0
            && Math.Sign(a.CompareTo(b)) == -Math.Sign(b.CompareTo(a))
            && (a.CompareTo(b) == 0) == (a == b)
            && !(a.CompareTo(b) <= 0 && b.CompareTo(c) <= 0 && a.CompareTo(c) > 0));

    [Fact]
    public void Sorted_paths_are_a_walk_that_visits_a_directory_and_then_its_names_by_their_bytes() =>
        SampleTrees.Path.List[0, 40].Sample(paths =>
        {
            var tree = new SortedDictionary<byte[], object>(ByBytes);
            var all = new HashSet<TreePath> { TreePath.Root };
            foreach (var path in paths)
            {
                var at = tree;
                for (var end = path; !end.IsRoot; end = end.Parent) all.Add(end);
                foreach (var name in Components(path))
                {
                    if (!at.TryGetValue(name, out var below))
                        at.Add(name, below = new SortedDictionary<byte[], object>(ByBytes));
                    at = (SortedDictionary<byte[], object>)below;
                }
            }
            return all.Order().SequenceEqual(Walk(TreePath.Root, tree));
        });

    private static Gen<TreePath> PathOrRoot => Gen.Frequency((20, SampleTrees.Path), (1, Gen.Const(TreePath.Root)));

    private static readonly Comparer<byte[]> ByBytes =
        Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    private static IEnumerable<TreePath> Walk(TreePath directory, SortedDictionary<byte[], object> content)
    {
        yield return directory;
        foreach (var (name, below) in content)
        {
            foreach (var path in Walk(directory.Child(name), (SortedDictionary<byte[], object>)below))
                yield return path;
        }
    }

    private static List<byte[]> Components(TreePath path)
    {
        var names = new List<byte[]>();
        for (; !path.IsRoot; path = path.Parent) names.Insert(0, path.Name.ToArray());
        return names;
    }

    private static int CompareComponents(List<byte[]> a, List<byte[]> b)
    {
        for (var i = 0; i < Math.Min(a.Count, b.Count); i++)
        {
            var order = ByBytes.Compare(a[i], b[i]);
            if (order != 0) return order;
        }
        return a.Count.CompareTo(b.Count);
    }
}
