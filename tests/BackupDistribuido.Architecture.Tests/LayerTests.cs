using ArchUnitNET.Domain;
using ArchUnitNET.xUnit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace BackupDistribuido.Architecture.Tests;

/// <summary>Arrows only run downwards.</summary>
public sealed class LayerTests
{
    private const string Core = "BackupDistribuido.Core.";

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

    /// <summary>The folders of Core, each with those that it must not know; one stands for all that lie in
    /// it.</summary>
    public static TheoryData<string, string[]> CoreFolders => new()
    {
        { "Text", ["Reasons", .. Values, .. Rules, .. Decisions] },
        { "Reasons", [.. Values, .. Rules, .. Decisions] },
        { "Naming", ["Trees", "Peers", "Wire", .. Rules, .. Decisions] },
        { "Trees", ["Naming", "Peers", "Wire", .. Rules, .. Decisions] },
        { "Patterns", ["Naming", "Peers", "Wire", .. Rules, .. Decisions] },
        { "Peers", ["Wire", .. Rules, .. Decisions] },
        { "Wire", [.. Rules, .. Decisions] },
        { "Replicas", ["Wire", "Delivery", "Verifying", "Retention", "Membership", .. Decisions] },
        { "Delivery", ["Replicas", "Verifying", "Retention", "Membership", .. Decisions] },
        { "Verifying", ["Wire", "Delivery", "Retention", "Membership", .. Decisions] },
        { "Retention", ["Wire", "Delivery", "Verifying", "Membership", .. Decisions] },
        { "Membership", ["Wire", .. Decisions] },
        { "Catalogue", ["Wire", "Status", "Exits", "Events", "History", "Runs", "Coordination", "Json"] },
        { "Status", ["Wire", "Catalogue", "Exits", "Events", "History", "Runs", "Coordination", "Json"] },
        { "Exits", ["Wire", "Catalogue", "Events", "History", "Runs", "Coordination", "Json"] },
        { "Events", ["Wire", "History", "Runs", "Coordination", "Json"] },
        { "History", ["Wire", "Runs", "Coordination", "Json"] },
        { "Runs", ["History", "Coordination", "Json"] },
        { "Coordination", ["Json"] },
        { "Json", [.. Decisions.Except(["Json"]), "Wire"] },
    };

    private static string[] Values => ["Naming", "Trees", "Patterns", "Peers", "Wire"];

    private static string[] Rules => ["Replicas", "Delivery", "Verifying", "Retention", "Membership"];

    private static string[] Decisions =>
        ["Catalogue", "Status", "Exits", "Events", "History", "Runs", "Coordination", "Json"];

    [Fact]
    public void Every_folder_of_Core_is_watched()
    {
        var folders = House.OwnTypes.Where(type => type.Namespace.FullName.StartsWith(Core, StringComparison.Ordinal))
            .Select(type => type.Namespace.FullName[Core.Length..].Split('.')[0]).Distinct();

        Assert.Equal(folders.Order(StringComparer.Ordinal),
            CoreFolders.Select(row => (string)row[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(CoreFolders))]
    public void A_folder_of_Core_does_not_know_those_above_it(string folder, string[] above)
    {
        foreach (var other in above)
            Types().That().Are(Below(folder)).Should().NotDependOnAny(Below(other)).Check(House.Architecture);
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

    private static IType[] Below(string folder) =>
    [
        .. House.OwnTypes.Where(type =>
            $"{type.Namespace.FullName}.".StartsWith($"{Core}{folder}.", StringComparison.Ordinal)),
    ];

    private static IType[] TypesOf(string assembly)
    {
        var name = House.Assemblies[assembly].GetName().Name;
        return [.. House.Architecture.Types.Where(type => type.Assembly.Name.Split(',')[0] == name)];
    }
}
