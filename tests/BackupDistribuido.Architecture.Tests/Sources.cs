using System.Runtime.CompilerServices;

namespace BackupDistribuido.Architecture.Tests;

/// <summary>The source files of src/ and of tests/, as they lie beside this test.</summary>
public static class Sources
{
    /// <summary>The folder src/.</summary>
    public static readonly string Folder = Beside("src");

    /// <summary>The folder tests/.</summary>
    public static readonly string Tests = Beside("tests");

    /// <summary>Every C# file of src/ that a person wrote.</summary>
    public static IReadOnlyList<string> Files { get; } = Written(Folder, "*.cs");

    /// <summary>Every component of src/.</summary>
    public static IReadOnlyList<string> Components { get; } = Written(Folder, "*.razor");

    /// <summary>Every C# file of tests/ that a person wrote.</summary>
    public static IReadOnlyList<string> TestFiles { get; } = Written(Tests, "*.cs");

    private static string[] Written(string folder, string pattern) =>
    [
        .. Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)
                .Any(part => part is "bin" or "obj")),
    ];

    private static string Beside(string name) =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", name));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
