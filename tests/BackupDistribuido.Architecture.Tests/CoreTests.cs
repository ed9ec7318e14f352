using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Assembly = System.Reflection.Assembly;

namespace BackupDistribuido.Architecture.Tests;

/// <summary>Core is rules and words: the base class library only, and nothing in it touches the outside.</summary>
public sealed class CoreTests
{
    private static readonly string[] OutsideNamespaces =
        ["System.IO.Pipes", "System.IO.MemoryMappedFiles", "System.Net.Sockets", "System.Net.Http",
            "System.Net.Security", "Microsoft.Win32"];

    private static readonly string[] OutsideTypes =
    [
        "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory",
            "System.IO.DirectoryInfo", "System.IO.DriveInfo",
        "System.IO.RandomAccess", "System.IO.StreamReader", "System.IO.StreamWriter", "System.Console",
        "System.Diagnostics.Process", "System.Net.Dns", "System.Threading.Thread", "System.Threading.Timer",
            "System.Threading.Tasks.Task",
        "System.Runtime.InteropServices.NativeLibrary", "System.Runtime.InteropServices.Marshal",
    ];

    [Fact]
    public void It_knows_the_base_class_library_only() =>
        Assert.All(House.Core.GetReferencedAssemblies(),
            reference => Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal));

    [Fact]
    public void It_does_no_I_O() => Assert.Empty(Outside(House.Core));

    [Fact]
    public void I_O_is_seen_where_there_is_some()
    {
        Assert.Contains("System.IO.File", Outside(typeof(CoreTests).Assembly));
        Assert.NotEmpty(NativeMethods(House.Assemblies["Storage"]));
    }

    [Fact]
    public void It_calls_nothing_native() => Assert.Empty(NativeMethods(House.Core));

    // From the metadata itself: the table of all types that the assembly uses.
    private static string[] Outside(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        var used = metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Select(type => (Namespace: metadata.GetString(type.Namespace), Name: metadata.GetString(type.Name)));
        return [.. used.Where(type => OutsideNamespaces.Contains(type.Namespace)
            || OutsideTypes.Contains($"{type.Namespace}.{type.Name}"))
            .Select(type => $"{type.Namespace}.{type.Name}")];
    }

    private static string[] NativeMethods(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        return [.. metadata.MethodDefinitions.Select(metadata.GetMethodDefinition)
            .Where(method => method.Attributes.HasFlag(System.Reflection.MethodAttributes.PinvokeImpl))
            .Select(method => metadata.GetString(method.Name))];
    }
}
