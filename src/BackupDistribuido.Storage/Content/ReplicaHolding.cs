using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Content;

/// <summary>Collects what a replica can't hold while it is written, in addition to what was known
/// <paramref name="before"/>. For one thread at a time.</summary>
/// <param name="root">What can't be held below this ROOT, whatever the result of a call.</param>
internal sealed class ReplicaHolding(ReplicaLimits root, ReplicaShortfall before = default)
{
    /// <summary>So often a directory is listed to see whether a name that is taken is so by another one.</summary>
    private const int MostLooks = 1000;

    private int _looks;

    /// <summary>Gets each kind that can't be held, once.</summary>
    public Action<ReplicaLimits>? Met { get; set; }

    /// <summary>Gets each name that can't be stored here, with the system's answer.</summary>
    public Action<PosixException>? NameMet { get; set; }

    /// <summary>The entries missing because of their names, of all that were met; some may not be in the final
    /// manifest.</summary>
    public MissingNames Names { get; } = new();

    /// <summary>What has been met so far; names only as given to <see cref="CountNames"/>.</summary>
    public ReplicaShortfall Shortfall { get; private set; } = before;

    /// <summary>Notes which of these kinds can't be held below this ROOT; true if any can't.</summary>
    public bool IsBeyondRoot(ReplicaLimits kinds)
    {
        if ((kinds & root) == ReplicaLimits.None) return false;
        Lacks(kinds & root);
        return true;
    }

    /// <summary>Something of an entry can't be held.</summary>
    public void Lacks(ReplicaLimits limit)
    {
        var news = limit & ~Shortfall.Limits;
        if (news == ReplicaLimits.None) return;
        Shortfall = Shortfall with { Limits = Shortfall.Limits | news };
        Met?.Invoke(news);
    }

    /// <summary>Whether an entry was made; false, and noted, where it is its name that can't be had here.</summary>
    /// <param name="place">The open directory that it was to be made in.</param>
    /// <exception cref="PosixException">It is something else that was refused, or there are too many such
    /// names.</exception>
    public bool IsNamed(Errno errno, string call, TreePath path, Descriptor place)
    {
        if (errno == Errno.None) return true;
        if (errno == Errno.Exists && IsMistakenForOther(path, place))
        {
            MissesName(path, new NameNotKeptException(path));
            return false;
        }
        // exFAT and SMB answer "no such file" for a forbidden character, and so does a directory that has been removed.
        if (!(errno.MayBeOfTheName() || errno == Errno.NoEntry) || !TakesAnotherName(place)) errno.OrThrow(call, path);
        MissesName(path, new PosixException(call, path.ToString(), errno));
        return false;
    }

    /// <summary>
    /// Whether a name is in use by another name that the file system takes for the same. Where names are kept as they
    /// are (ext4 or ZFS that ignore case), it is then not listed; elsewhere a comparison with the stored names tells.
    /// </summary>
    private bool IsMistakenForOther(TreePath path, Descriptor place)
    {
        if (place.FileSystem(out var status) != Errno.None) return false;
        if (!status.KeepsNames) return true;
        if (_looks++ == MostLooks || place.OpenDirectory("."u8, out var again) != Errno.None) return false;
        using var names = new DirectoryStack();
        if (names.Push(again, default) != Errno.None) return false;
        while (names.MoveNext())
        {
            if (names.Name.SequenceEqual(path.Name)) return false;
        }
        return true;
    }

    // A directory that accepts nothing any more gives the same answers. After a kill, what this leaves is a stray for
    // the next start.
    private static bool TakesAnotherName(Descriptor place)
    {
        var name = ".bdist-another-name"u8;
        var errno = place.CreateFile(name, out var made);
        made.Dispose();
        if (errno != Errno.None) return errno == Errno.Exists;
        return place.Unlink(name) == Errno.None;
    }

    /// <summary>An entry's name can't be had here.</summary>
    /// <exception cref="PosixException">It is <paramref name="why"/>: too many can't.</exception>
    public void MissesName(TreePath path, PosixException why)
    {
        if (Names.Names(path)) return;
        if (!Names.TryAdd(path)) throw why;
        NameMet?.Invoke(why);
    }

    /// <summary>So many entries of the manifest are missing because of a name.</summary>
    public void CountNames(long missing)
    {
        if (missing > 0)
            Shortfall = new ReplicaShortfall(Shortfall.Limits | ReplicaLimits.Names, Shortfall.Missing + missing);
    }

    /// <summary>A whole entry can't be held.</summary>
    public void Misses(ReplicaLimits limit)
    {
        Lacks(limit);
        Shortfall = Shortfall with { Missing = Shortfall.Missing + 1 };
    }
}
