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
    /// True if the pattern list excludes the entry itself. Entries of an excluded directory are excluded too, and no
    /// pattern includes them again: a walk does not enter such a directory. The root is never excluded.
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
