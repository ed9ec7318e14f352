using System.Runtime.CompilerServices;

namespace BackupDistribuido.Architecture.Tests;

/// <summary>The source files of src/, as they lie beside this test.</summary>
public static class Sources
{
    /// <summary>The folder src/.</summary>
    public static readonly string Folder =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "src"));

    /// <summary>Every C# file in it that a person wrote.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Folder, file).Split(Path.DirectorySeparatorChar)
                .Any(part => part is "bin" or "obj")),
    ];

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
