using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Replicas;

/// <summary>
/// Entries that a replica lacks because its file system can't store their names. If a directory is missing, everything
/// below it is missing too. Bounded: a destination that lacks more has no copy of the tree.
/// </summary>
public sealed class MissingNames
{
    /// <summary>Most entries that are named.</summary>
    public const int Most = 10_000;

    /// <summary>Most bytes of all their paths together.</summary>
    public const int MostBytes = 8 * 1024 * 1024;

    private readonly HashSet<TreePath> _paths = [];
    private int _bytes;

    /// <summary>How many are named; what lies below a directory is not counted.</summary>
    public int Count => _paths.Count;

    /// <summary>Adds one; false if there is no room for it.</summary>
    public bool TryAdd(TreePath path)
    {
        if (_paths.Contains(path)) return true;
        if (_paths.Count == Most || _bytes + path.Bytes.Length > MostBytes) return false;
        _bytes += path.Bytes.Length;
        return _paths.Add(path);
    }

    /// <summary>Whether that very entry is named.</summary>
    public bool Names(TreePath path) => _paths.Contains(path);

    /// <summary>Whether an entry is missing: by its own name, or by that of a directory that it lies below.</summary>
    public bool Has(TreePath path)
    {
        if (_paths.Count == 0) return false;
        for (var at = path; !at.IsRoot; at = at.Parent)
        {
            if (_paths.Contains(at)) return true;
        }
        return false;
    }
}
