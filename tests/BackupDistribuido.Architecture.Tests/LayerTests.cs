using ArchUnitNET.Domain;
using ArchUnitNET.xUnit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace BackupDistribuido.Architecture.Tests;

/// <summary>Arrows only run downwards.</summary>
public sealed class LayerTests
{
    /// <summary>What each assembly may know of the others.</summary>
    public static TheoryData<string, string[]> Assemblies => new()
    {
        { "Core", [] },
        { "Storage", ["Core"] },
        { "Record", ["Core"] },
        { "Streams", ["Core"] },
        { "Transfer", ["Core", "Storage", "Streams"] },
        { "Actors", ["Core", "Storage", "Record", "Streams", "Transfer"] },
        { "Web", ["Core"] },
        { "Hosting", ["Core", "Storage", "Record", "Streams", "Transfer", "Actors", "Web"] },
        { "Cli", ["Core", "Storage", "Record", "Streams", "Transfer", "Actors", "Web", "Hosting"] },
    };

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void An_assembly_knows_only_those_below_it(string assembly, string[] below)
    {
        foreach (var other in House.Assemblies.Keys.Except([.. below, assembly]))
        {
            Types().That().Are(TypesOf(assembly)).Should().NotDependOnAny(TypesOf(other))
                .WithoutRequiringPositiveResults().Check(House.Architecture);
        }
    }

    [Fact]
    public void Every_project_of_the_house_is_watched()
    {
        var projects = Directory.GetDirectories(Sources.Folder)
            .Select(folder => Path.GetFileName(folder).Replace("BackupDistribuido.", "", StringComparison.Ordinal));

        Assert.Equal(projects.Order(StringComparer.Ordinal),
            Assemblies.Select(row => (string)row[0]).Order(StringComparer.Ordinal));
    }

    /// <summary>Folders of Core, and those of it that they must not know.</summary>
    public static TheoryData<string, string[]> CoreFolders => new()
    {
        { "Text", ["Wire", "Delivery", "Membership", "Events", "Runs", "Coordination", "Json"] },
        { "Trees", ["Wire", "Delivery", "Membership", "Events", "Runs", "Coordination", "Json"] },
        { "Membership", ["Wire", "Events", "History", "Runs", "Coordination", "Json"] },
        { "Wire", ["Events", "Runs", "Coordination", "Json"] },
        { "Delivery", ["Events", "History", "Runs", "Coordination", "Json"] },
        { "Events", ["History", "Runs", "Coordination", "Json"] },
        { "History", ["Runs", "Coordination", "Json"] },
        { "Runs", ["History", "Coordination", "Json"] },
        { "Coordination", ["Json"] },
        { "Json", ["Wire", "Events", "History", "Runs", "Coordination"] },
    };

    [Theory]
    [MemberData(nameof(CoreFolders))]
    public void A_folder_of_Core_does_not_know_those_above_it(string folder, string[] above)
    {
        foreach (var other in above)
        {
            Types().That().ResideInNamespace($"BackupDistribuido.Core.{folder}").Should()
                .NotDependOnAny(Types().That().ResideInNamespace($"BackupDistribuido.Core.{other}"))
                .Check(House.Architecture);
        }
    }

    [Fact]
    public void Such_a_rule_fails_where_an_arrow_runs_upwards()
    {
        var upwards = Types().That().ResideInNamespace("BackupDistribuido.Core.Trees").Should()
            .OnlyDependOn(Types().That().ResideInNamespace("BackupDistribuido.Core.Wire"));
        var known = Types().That().ResideInNamespace("BackupDistribuido.Core.Wire").Should()
            .NotDependOnAny(Types().That().ResideInNamespace("BackupDistribuido.Core.Trees"));
        var across = Types().That().Are(TypesOf("Actors")).Should().NotDependOnAny(TypesOf("Core"));

        Assert.All([upwards, known, across], rule => Assert.False(rule.HasNoViolations(House.Architecture)));
    }

    private static IType[] TypesOf(string assembly)
    {
        var name = House.Assemblies[assembly].GetName().Name;
        return [.. House.Architecture.Types.Where(type => type.Assembly.Name.Split(',')[0] == name)];
    }
}
