using System.Reflection;
using System.Runtime.CompilerServices;

namespace BackupDistribuido.Architecture.Tests;

/// <summary>A call with a long row of values can't be read: values that belong together are a type, and others are
/// properties, whose names stand at the call.</summary>
public sealed class ParameterTests
{
    private const int Most = 8;

    /// <summary>The types that may have more, and why.</summary>
    private static readonly Dictionary<string, string> Allowed = new()
    {
        ["FileStatus"] = "it mirrors statx",
    };

    [Fact]
    public void No_constructor_has_more_than_eight_parameters() =>
        Assert.Empty(Long(House.Assemblies.Values).Where(type => !Allowed.ContainsKey(type.Name))
            .Select(type => type.FullName));

    [Fact]
    public void Each_exception_is_one() =>
        Assert.Equal(Allowed.Keys.Order(), Long(House.Assemblies.Values).Select(type => type.Name).Order());

    [Fact]
    public void A_long_constructor_is_seen() =>
        Assert.Contains(typeof(Nine), Long([typeof(ParameterTests).Assembly]));

    private static IEnumerable<Type> Long(IEnumerable<Assembly> assemblies) => assemblies
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.Namespace?.StartsWith("BackupDistribuido", StringComparison.Ordinal) == true
            && !type.IsDefined(typeof(CompilerGeneratedAttribute)))
        .Where(type => type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Any(constructor => constructor.GetParameters().Length > Most));

    private sealed record Nine(int A, int B, int C, int D, int E, int F, int G, int H, int I);
}
