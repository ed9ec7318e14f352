using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace BackupDistribuido.Architecture.Tests;

/// <summary>The assemblies of src/, loaded once.</summary>
public static class House
{
    /// <summary>The base class library only; no I/O.</summary>
    public static readonly Assembly Core = Assembly.Load("BackupDistribuido.Core");

    /// <summary>Every assembly of src/ by the last part of its project's name.</summary>
    public static readonly IReadOnlyDictionary<string, Assembly> Assemblies = new Dictionary<string, Assembly>
    {
        ["Core"] = Core,
        ["Storage"] = Assembly.Load("BackupDistribuido.Storage"),
        ["Record"] = Assembly.Load("BackupDistribuido.Record"),
        ["Streams"] = Assembly.Load("BackupDistribuido.Streams"),
        ["Transfer"] = Assembly.Load("BackupDistribuido.Transfer"),
        ["Actors"] = Assembly.Load("BackupDistribuido.Actors"),
        ["Web"] = Assembly.Load("BackupDistribuido.Web"),
        ["Hosting"] = Assembly.Load("BackupDistribuido.Hosting"),
        ["Cli"] = Assembly.Load("bdist"),
    };

    /// <summary>All of them, as ArchUnitNET sees them.</summary>
    public static readonly ArchUnitNET.Domain.Architecture Architecture =
        new ArchLoader().LoadAssemblies([.. Assemblies.Values]).Build();

    /// <summary>The types that we wrote: what compilers and source generators add lies in other namespaces.</summary>
    public static IEnumerable<IType> OwnTypes => Architecture.Types.Where(type =>
        type.Namespace.FullName.StartsWith("BackupDistribuido", StringComparison.Ordinal) && !type.Name.Contains('<'));
}
