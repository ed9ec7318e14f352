using System.Diagnostics.CodeAnalysis;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Patterns;

/// <summary>
/// A pattern in the syntax of <c>gitignore(5)</c>, for the root of the tree: without a <c>/</c> (except at its end) it
/// matches names at any depth, otherwise paths from the root. A leading <c>!</c> includes again; a <c>/</c> at its end
/// means directories only.
/// </summary>
public sealed class Pattern
{
    /// <summary>Most bytes of a pattern.</summary>
    public const int MaxBytes = 8192;

    private readonly Glob _glob;
    private readonly bool _isAboutPaths;
    private readonly bool _directoriesOnly;

    private Pattern(Glob glob, bool includes, bool isAboutPaths, bool directoriesOnly) =>
        (_glob, Includes, _isAboutPaths, _directoriesOnly) = (glob, includes, isAboutPaths, directoriesOnly);

    /// <summary>True if its matches are included again.</summary>
    public bool Includes { get; }

    /// <summary>Reads a pattern as it is: comments and trailing spaces are kept. <paramref name="why"/> says what is
    /// wrong with a refused one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out Pattern? pattern,
        [NotNullWhen(false)] out string? why)
    {
        pattern = null;
        why = text.Length > MaxBytes
            ? $"it is longer than {MaxBytes} bytes" : text.Contains((byte)0)
            ? "it has a NUL byte, which no name has" : null;
        if (why is not null) return false;
        var includes = text is [(byte)'!', ..];
        if (includes) text = text[1..];
        var directoriesOnly = text is [.., (byte)'/'];
        if (directoriesOnly) text = text[..^1];
        var isAboutPaths = text.Contains((byte)'/');
        if (text is [(byte)'/', ..]) text = text[1..];
        if (text.IsEmpty)
        {
            why = "it names nothing";
            return false;
        }
        if (!GlobParser.TryParse(text, out var glob, out why)) return false;
        pattern = new Pattern(glob, includes, isAboutPaths, directoriesOnly);
        return true;
    }

    /// <summary>True when it is about this entry, which is not the root.</summary>
    public bool Matches(TreePath path, bool isDirectory) =>
        (isDirectory || !_directoriesOnly) && _glob.Matches(_isAboutPaths ? path.Bytes : path.Name);
}
