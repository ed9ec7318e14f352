using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Patterns;

/// <summary>Patterns in their order: the last one that matches decides.</summary>
public sealed class PatternList
{
    /// <summary>Most patterns of a list: every entry of a tree is held against all of them.</summary>
    public const int MaxPatterns = 10_000;

    private readonly Pattern[] _patterns;

    /// <summary>Takes patterns as they come.</summary>
    /// <exception cref="ArgumentException">There are more than <see cref="MaxPatterns"/>.</exception>
    public PatternList(IReadOnlyCollection<Pattern> patterns)
    {
        if (patterns.Count > MaxPatterns)
            throw new ArgumentException($"there are more than {MaxPatterns} patterns", nameof(patterns));
        _patterns = [.. patterns];
    }

    /// <summary>Excludes nothing.</summary>
    public static PatternList None { get; } = new([]);

    /// <summary>
    /// True when the entry is left out by itself. What lies in a directory that is left out is left out with it, and no
    /// pattern includes it again: who walks a tree does not enter such a directory. The root is never left out.
    /// </summary>
    public bool Excludes(TreePath path, bool isDirectory)
    {
        if (_patterns.Length == 0 || path.IsRoot) return false;
        for (var i = _patterns.Length - 1; i >= 0; i--)
        {
            if (_patterns[i].Matches(path, isDirectory)) return !_patterns[i].Includes;
        }
        return false;
    }
}
