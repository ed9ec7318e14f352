using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Core.Catalogue;

/// <summary>Whose files are asked for.</summary>
public abstract record FilesOf
{
    private FilesOf()
    {
    }

    /// <summary>Those of a run that is under way.</summary>
    public sealed record Run(RunId Id) : FilesOf;

    /// <summary>Those of an origin's snapshot that destinations hold.</summary>
    public sealed record Snapshot(NodeName Origin, SnapshotId Id) : FilesOf;
}

/// <summary>Which files are asked for, and at which destinations they are.</summary>
/// <param name="Search">A part of their path, in small or capital letters; empty: all of them.</param>
/// <exception cref="InvalidDataException">Its manifest is not the sealed one, or the disk can't read it.</exception>
/// <param name="Skip">So many of them are left out first.</param>
/// <param name="Take">So many are answered, at most <see cref="Most"/>.</param>
public sealed record FileQuery(string Search, bool OnlyMissing, long Skip, int Take)
{
    /// <summary>Most files in an answer: it has to fit into one message.</summary>
    public const int Most = 200;

    /// <summary>Most characters of a search.</summary>
    public const int LongestSearch = 200;
}

/// <summary>One file.</summary>
/// <param name="Path">Its path as people read it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Copies">A character for each destination of the answer: <c>1</c> where the file is, <c>0</c> where it
/// is not, or is wrong, <c>?</c> where the snapshot is damaged and it is not known whether this file is.</param>
public sealed record FileRow(string Path, long Bytes, string Copies)
{
    /// <summary>How many destinations have it.</summary>
    public int Count => Copies.Count(one => one == '1');
}

/// <summary>How much a destination has of a snapshot.</summary>
public enum FileHolding
{
    /// <summary>Every file, as far as is known.</summary>
    All,
    /// <summary>It was found damaged: some files are wrong.</summary>
    Damaged,
    /// <summary>Nothing: it does not have the snapshot.</summary>
    None,
}

/// <summary>A destination as a column of an answer.</summary>
public sealed record FileColumn(NodeName Name, FileHolding Holding);

/// <summary>The answer to a <see cref="FileQuery"/>.</summary>
/// <param name="Known">Files of the tree that are known so far: those that were sent, and the few behind them that were
/// announced.</param>
/// <param name="Matching">How many of them are asked for.</param>
/// <param name="Destinations">The run's destinations, or those that hold snapshots of the origin, at most
/// <see cref="MostDestinations"/>.</param>
/// <param name="Problem">Why there is no answer; null: this is the answer.</param>
public sealed record FilePage(long Known, long Matching,
    IReadOnlyList<NodeName> Destinations, IReadOnlyList<FileRow> Rows, Reason? Problem = null)
{
    /// <summary>Most destinations that an answer has a column for.</summary>
    public const int MostDestinations = 64;

    /// <summary>
    /// The same, as one holder of a snapshot answered it, for all <paramref name="destinations"/>: a destination with
    /// the snapshot has every file of it, except those that it found wrong. An answer that is too long is cut.
    /// </summary>
    /// <param name="wrong">Answers of destinations that have it damaged to the same question, for themselves; one that
    /// is not in it did not say which files are wrong.</param>
    public FilePage At(IReadOnlyList<FileColumn> destinations, IReadOnlyDictionary<NodeName, FilePage> wrong)
    {
        var columns = destinations.Take(MostDestinations).ToList();
        var known = wrong.ToDictionary(one => one.Key,
            one => one.Value.Rows.DistinctBy(row => row.Path).ToDictionary(row => row.Path, row => row.Copies));
        return this with
        {
            Destinations = [.. columns.Select(one => one.Name)],
            Rows = [.. Rows.Take(FileQuery.Most)
                .Select(row =>
                    row with { Copies = string.Concat(columns.Select(column => CopyAt(column, row.Path))) })],
        };

        char CopyAt(FileColumn column, string path) => column.Holding switch
        {
            FileHolding.All => '1',
            FileHolding.None => '0',
            _ => known.TryGetValue(column.Name, out var rows) && rows.TryGetValue(path, out var copies)
                && copies.Length > 0 ? copies[0] : '?',
        };
    }

    /// <summary>
    /// Only the files that are wrong somewhere, where every destination has the snapshot, and some have it damaged.
    /// <paramref name="wrong"/> are their answers of which of theirs are.
    /// </summary>
    public static FilePage OfWrong(
        IReadOnlyList<FileColumn> destinations, IReadOnlyDictionary<NodeName, FilePage> wrong, FileQuery query)
    {
        var at = wrong.ToDictionary(one => one.Key,
            one => one.Value.Rows.Select(row => row.Path).ToHashSet(StringComparer.Ordinal));
        var columns = destinations.Take(MostDestinations).ToList();
        var all = wrong.Values.SelectMany(page => page.Rows).DistinctBy(row => row.Path)
            .OrderBy(row => row.Path, StringComparer.Ordinal).ToList();
        var rows = all.Skip((int)Math.Min(query.Skip, int.MaxValue)).Take(Math.Min(query.Take, FileQuery.Most))
            .Select(row => row with
            {
                Copies = string.Concat(columns.Select(column => column.Holding == FileHolding.All
                    ? '1' : !at.TryGetValue(column.Name, out var paths) ? '?' : paths.Contains(row.Path) ? '0' : '1')),
            });
        return new FilePage(wrong.Values.Select(page => page.Known).DefaultIfEmpty().Max(), all.Count,
            [.. columns.Select(one => one.Name)], [.. rows]);
    }

    /// <summary>There is no answer, for that reason.</summary>
    public static FilePage Without(Reason problem) => new(0, 0, [], [], problem);
}
