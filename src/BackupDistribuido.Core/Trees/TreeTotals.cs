namespace BackupDistribuido.Core.Trees;

/// <summary>
/// How much a tree holds: its entries of all kinds, its files, and their content in bytes. Sparse files may claim more
/// together than there are numbers: then the bytes stay at <see cref="long.MaxValue"/>, which no destination has room
/// for.
/// </summary>
public readonly record struct TreeTotals(long Entries, long Files, long Bytes)
{
    /// <summary>The sum of two.</summary>
    public static TreeTotals operator +(TreeTotals a, TreeTotals b) =>
        new(a.Entries + b.Entries, a.Files + b.Files, Sum(a.Bytes, b.Bytes));

    /// <summary>The totals with one more entry.</summary>
    public TreeTotals With(Entry entry) => entry is FileEntry file
        ? new(Entries + 1, Files + 1, Sum(Bytes, file.Stamp.Size))
        : this with { Entries = Entries + 1 };

    private static long Sum(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}
