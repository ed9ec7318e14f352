using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Checking;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Staging;

/// <summary>
/// Compares a staged tree with the draft of its manifest, name by name, before it is published. Some file systems
/// accept a name and store another one: they cut off a dot or a space, compose or decompose letters, or change their
/// case; then two names may become one. An entry that is not listed under its own name is missing, and what was stored
/// in its place is removed, with anything that it was merged with.
/// </summary>
internal sealed class StagedNames(StagedSnapshot staged, HardLinkMaker links)
{
    /// <summary>One pass finds a renamed entry, the next one finds what it was merged with, and the last one finds
    /// nothing.</summary>
    private const int MostPasses = 8;

    private readonly MissingNames _missing = staged.Holding.Names;
    private TreePath? _removed;

    /// <summary>Whether the file system of a staged tree is none of those that are known to keep names as they
    /// are.</summary>
    public static bool IsNeeded(StagedSnapshot staged)
    {
        staged.Writer.Top.FileSystem(out var status).OrThrow("fstatfs", staged.Shown);
        return !status.KeepsNames;
    }

    /// <summary>Makes the hard links, and compares until nothing differs.</summary>
    /// <exception cref="PosixException">The tree can't be read, something can't be removed, or too many names
    /// differ.</exception>
    /// <exception cref="InvalidDataException">The file system's listing keeps changing.</exception>
    public void Run()
    {
        foreach (var link in staged.Draft.Entries().OfType<HardLinkEntry>()) links.Make(link);
        for (var pass = 1; !IsFaithful(); pass++)
        {
            if (pass == MostPasses)
                throw new InvalidDataException($"{staged.Shown}: the file system lists other names than were stored.");
        }
    }

    private bool IsFaithful()
    {
        var isFaithful = true;
        using var walk = new ReplicaWalk(staged.Writer.Top, staged.Shown, OnUnlisted);
        foreach (var (said, found) in ReplicaComparison.Pair(Said(), walk.Entries(CancellationToken.None)))
        {
            if (ReplicaComparison.WhyNot(said, found, staged.Shortfall.Limits) is null) continue;
            isFaithful = false;
            var path = (said ?? found)!.Path;
            Remove(path);
            if (said is not (null or OmittedEntry)) staged.Holding.MissesName(path, new NameNotKeptException(path));
        }
        return isFaithful;
    }

    /// <summary>The expected entries. They are read during the walk: below an entry that turns out to be missing
    /// nothing is expected.</summary>
    private IEnumerable<Entry> Said() => staged.Draft.Entries().Where(entry => !_missing.Has(entry.Path))
        .Select(entry => entry is HardLinkEntry link ? links.Named(link) : entry);

    private void Remove(TreePath path)
    {
        _removed = path;
        try
        {
            staged.Writer.Remove(path);
        }
        catch (PosixException e) when (e.Errno == Errno.NoEntry)
        {
            // It was removed under its other name, and the system remembers this one for a moment.
        }
    }

    private void OnUnlisted(TreePath directory)
    {
        if (directory != _removed) throw new PosixException("getdents64", directory.ToString(), Errno.Stale);
    }
}
