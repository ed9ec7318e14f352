using ArchUnitNET.Domain;

namespace BackupDistribuido.Architecture.Tests;

/// <summary>The folders of a project know each other in one direction only: whoever reads one need not read
/// all.</summary>
public sealed class CircleTests
{
    private const int MostFiles = 15;

    /// <summary>Every project of the house.</summary>
    public static TheoryData<string> Projects => [.. House.Assemblies.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folders_know_each_other_in_a_circle(string project)
    {
        var prefix = $"BackupDistribuido.{project}";
        var arrows = Arrows(House.OwnTypes.Where(type => IsIn(type, prefix)), type => IsIn(type, prefix));
        var circles = Circles([.. arrows.Keys])
            .Select(arrow => $"{arrow.From} → {arrow.To}: {string.Join(", ", arrows[arrow].Take(5))}").ToList();

        Assert.NotEmpty(arrows);
        Assert.True(circles.Count == 0, string.Join('\n', circles));
    }

    [Fact]
    public void No_folder_has_more_than_fifteen_files() =>
        Assert.Empty(Sources.Files.Concat(Sources.Components).Concat(Sources.TestFiles).GroupBy(Path.GetDirectoryName)
            .Where(one => one.Count() > MostFiles).Select(one => $"{one.Key}: {one.Count()}"));

    [Fact]
    public void A_circle_is_seen_where_there_is_one()
    {
        var folders = new[] { "BackupDistribuido.Core.Trees", "BackupDistribuido.Core.Wire" };
        var types = House.OwnTypes.Where(type => folders.Contains(FolderOf(type))).ToList();
        var arrow = Assert.Single(Arrows(types, type => folders.Contains(FolderOf(type))));

        Assert.Equal(("BackupDistribuido.Core.Wire", "BackupDistribuido.Core.Trees"), (arrow.Key.From, arrow.Key.To));
        Assert.Empty(Circles([("a", "b"), ("b", "c"), ("a", "c")]));
        Assert.Equal([("a", "b"), ("b", "c"), ("c", "a")], Circles([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]));
    }

    private static bool IsIn(IType type, string prefix) =>
        FolderOf(type) == prefix || FolderOf(type).StartsWith($"{prefix}.", StringComparison.Ordinal);

    // What stands for a type argument is in none.
    private static string FolderOf(IType type) => type.Namespace?.FullName ?? "";

    /// <summary>Which folders know each other, and the types that make it so.</summary>
    private static Dictionary<(string From, string To), List<string>> Arrows(
        IEnumerable<IType> types, Func<IType, bool> isWatched) =>
        types.SelectMany(type => type.Dependencies.Select(one => (Type: type, one.Target)))
            .Where(one => isWatched(one.Target))
            .Where(one => FolderOf(one.Type) != FolderOf(one.Target))
            .GroupBy(one => (From: FolderOf(one.Type), To: FolderOf(one.Target)))
            .ToDictionary(arrow => arrow.Key,
                arrow => arrow.Select(one => $"{one.Type.Name} knows {one.Target.Name}").Distinct().ToList());

    /// <summary>An arrow is a part of a circle where a way leads back.</summary>
    private static IEnumerable<(string From, string To)> Circles(IReadOnlyCollection<(string From, string To)> arrows)
    {
        var next = arrows.ToLookup(arrow => arrow.From, arrow => arrow.To);
        return arrows.Where(arrow => IsReached(arrow.To, arrow.From, next)).Order();
    }

    private static bool IsReached(string from, string wanted, ILookup<string, string> next)
    {
        var (seen, open) = (new HashSet<string> { from }, new Stack<string>([from]));
        while (open.TryPop(out var at))
        {
            if (at == wanted) return true;
            foreach (var other in next[at].Where(seen.Add)) open.Push(other);
        }
        return false;
    }
}
