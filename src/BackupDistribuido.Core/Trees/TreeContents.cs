namespace BackupDistribuido.Core.Trees;

/// <summary>How much a tree holds, and how many of its entries are without content: directories, and omitted
/// entries.</summary>
/// <param name="Totals">Entries, files and bytes, the root among the entries.</param>
/// <param name="Directories">Its directories, the root among them.</param>
/// <param name="Omitted">Entries that could not be read; what lies in such a directory is not counted at all.</param>
public readonly record struct TreeContents(TreeTotals Totals, long Directories, long Omitted)
{
    /// <summary>True where no file, link or special file is in it: there is nothing that a copy would
    /// protect.</summary>
    public bool IsEmpty => Totals.Entries <= Directories + Omitted;

    /// <summary>Entries below the root that could be read.</summary>
    public long Held => Math.Max(0, Totals.Entries - Omitted - 1);

    /// <summary>The contents with one more entry.</summary>
    public TreeContents With(Entry entry) =>
        new(Totals.With(entry), Directories + (entry is DirectoryEntry ? 1 : 0),
            Omitted + (entry is OmittedEntry ? 1 : 0));
}
