using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Delivery.Needs;

/// <summary>
/// The files that needs of a page can be about, with their announced sizes. It reads nothing else of the lines: the
/// receiver of the page checks them.
/// </summary>
public sealed class PageOutline
{
    private const int FieldsBeforeSize = 6;

    private readonly long[] _sizes;

    private PageOutline(int page, long first, long[] sizes) => (Page, First, _sizes) = (page, first, sizes);

    /// <summary>The page's number.</summary>
    public int Page { get; }

    /// <summary>The number of its first entry.</summary>
    public long First { get; }

    /// <summary>How many entries it has.</summary>
    public int Count => _sizes.Length;

    /// <summary>The outline of an announced page.</summary>
    public static PageOutline Of(PageFrame page, ReadOnlySpan<byte> lines)
    {
        var sizes = new long[page.Count];
        for (var i = 0; i < sizes.Length && !lines.IsEmpty; i++)
        {
            var end = lines.IndexOf((byte)'\n');
            sizes[i] = SizeIn(end < 0 ? lines : lines[..end]);
            lines = end < 0 ? [] : lines[(end + 1)..];
        }
        return new PageOutline(page.Page, page.First, sizes);
    }

    /// <summary>Whether the entry is in the page.</summary>
    public bool Has(long entry) => entry >= First && entry < First + Count;

    /// <summary>The length of a file of the page; 0 for one that is empty, and for every other entry: nothing of it can
    /// be lacked.</summary>
    public long SizeOf(long entry) => _sizes[entry - First];

    private static long SizeIn(ReadOnlySpan<byte> line)
    {
        if (line is not [(byte)'f', (byte)' ', ..]) return 0;
        var fields = new FieldReader(line);
        for (var i = 0; i < FieldsBeforeSize; i++) fields.Word();
        var size = fields.Number(long.MaxValue);
        return fields.Failed ? 0 : size;
    }
}
