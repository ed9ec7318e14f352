using ArchUnitNET.Domain;

namespace BackupDistribuido.Architecture.Tests;

/// <summary>No two namespaces of an assembly need each other, neither directly nor by a third.</summary>
public sealed class CircleTests
{
    /// <summary>Assemblies that keep it.</summary>
    public static TheoryData<string> Assemblies => ["Hosting", "Cli"];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Its_namespaces_are_in_no_circle(string assembly)
    {
        var root = $"BackupDistribuido.{assembly}";
        var arrows = House.OwnTypes.Where(type => IsBelow(type, root))
            .SelectMany(type => type.Dependencies.Select(needed => needed.Target).Where(to => IsBelow(to, root)),
                (type, to) => (From: type.Namespace.FullName, To: to.Namespace.FullName))
            .Where(arrow => arrow.From != arrow.To).ToLookup(arrow => arrow.From, arrow => arrow.To);

        Assert.NotEmpty(arrows);
        Assert.Empty(Circles(arrows));
    }

    [Fact]
    public void A_circle_is_seen()
    {
        var arrows = new[] { (From: "a", To: "b"), (From: "b", To: "c"), (From: "c", To: "a"), (From: "c", To: "d") }
            .ToLookup(arrow => arrow.From, arrow => arrow.To);

        Assert.Equal(["a", "b", "c"], Circles(arrows));
    }

    private static bool IsBelow(IType type, string root) =>
        type.Namespace?.FullName is { } name && (name == root || name.StartsWith($"{root}.", StringComparison.Ordinal));

    /// <summary>All from which an arrow leads back to them.</summary>
    private static string[] Circles(ILookup<string, string> arrows) =>
        [.. arrows.Select(one => one.Key).Where(one => Reached(arrows, one).Contains(one))
            .Order(StringComparer.Ordinal)];

    private static HashSet<string> Reached(ILookup<string, string> arrows, string from)
    {
        var (reached, next) = (new HashSet<string>(), new Stack<string>(arrows[from]));
        while (next.TryPop(out var one))
        {
            if (!reached.Add(one)) continue;
            foreach (var further in arrows[one]) next.Push(further);
        }
        return reached;
    }
}
