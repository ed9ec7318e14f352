using System.Globalization;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Tests.Replicas;

public sealed class MissingNamesTests
{
    [Fact]
    public void What_lies_below_a_directory_that_is_missing_is_missing_and_nothing_else_is()
    {
        var missing = new MissingNames();
        Assert.False(missing.Has(At("a/b")));
        Assert.True(missing.TryAdd(At("a/b")));
        Assert.True(missing.TryAdd(At("a/b")));

        Assert.All(["a/b", "a/b/c", "a/b/c/d"], path => Assert.True(missing.Has(At(path))));
        Assert.All(["a", "a/bc", "a/c", "b", "a/b.c/d"], path => Assert.False(missing.Has(At(path))));
        Assert.False(missing.Has(TreePath.Root));
        Assert.Equal((true, false, 1), (missing.Names(At("a/b")), missing.Names(At("a/b/c")), missing.Count));
    }

    [Fact]
    public void There_is_an_end_to_what_is_excused()
    {
        var (many, @long) = (new MissingNames(), new MissingNames());
        Assert.All(Enumerable.Range(0, MissingNames.Most),
            i => Assert.True(many.TryAdd(At(i.ToString(CultureInfo.InvariantCulture)))));
        Assert.False(many.TryAdd(At("x")));
        var name = string.Join('/', Enumerable.Repeat(new string('a', 255), 200));
        Assert.False(Enumerable.Range(0, 1000).All(i => @long.TryAdd(At($"{name}/{i}"))));
    }

    private static TreePath At(string path) => TreePath.FromBytes(System.Text.Encoding.UTF8.GetBytes(path));
}
