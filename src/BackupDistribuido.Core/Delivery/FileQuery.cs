using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Delivery;

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
/// <param name="OnlyMissing">Only those that some destination lacks.</param>
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
/// <param name="Copies">A character for each destination of the answer: <c>1</c> where the file is verified, <c>0</c> where it is not yet.</param>
public sealed record FileRow(string Path, long Bytes, string Copies)
{
    /// <summary>How many destinations have it.</summary>
    public int Count => Copies.Count(one => one == '1');
}

/// <summary>The answer to a <see cref="FileQuery"/>.</summary>
/// <param name="Known">Files of the tree that are known so far: those that were sent, and the few behind them that were announced.</param>
/// <param name="Matching">How many of them are asked for.</param>
/// <param name="Destinations">The run's destinations, or those that hold snapshots of the origin, at most <see cref="MostDestinations"/>.</param>
/// <param name="Problem">Why nothing can be told; null: this is the answer.</param>
public sealed record FilePage(long Known, long Matching, IReadOnlyList<NodeName> Destinations, IReadOnlyList<FileRow> Rows, string? Problem = null)
{
    /// <summary>Most destinations that an answer has a column for.</summary>
    public const int MostDestinations = 64;

    /// <summary>
    /// The same, as one holder of a snapshot answered it, for all <paramref name="destinations"/>: who has the snapshot has every file of it, so that what is missing somewhere is all of
    /// them or none. An answer that is longer than it may be is cut.
    /// </summary>
    public FilePage At(IReadOnlyList<(NodeName Name, bool Has)> destinations, bool onlyMissing = false)
    {
        if (onlyMissing && destinations.All(one => one.Has)) return this with { Matching = 0, Destinations = [.. destinations.Take(MostDestinations).Select(one => one.Name)], Rows = [] };
        var columns = destinations.Take(MostDestinations).ToList();
        var copies = string.Concat(columns.Select(one => one.Has ? '1' : '0'));
        return this with { Destinations = [.. columns.Select(one => one.Name)], Rows = [.. Rows.Take(FileQuery.Most).Select(row => row with { Copies = copies })] };
    }

    /// <summary>Nothing can be told, for that reason.</summary>
    public static FilePage Without(string problem) => new(0, 0, [], [], problem);
}
