using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Delivery.Pages;

/// <summary>
/// Where a manifest is divided into pages. The division depends only on paths, link targets and attributes, and not on
/// sizes, times and digests, which become known or change while a tree is delivered. So any node that delivers the same
/// tree later divides it in the same places, and a receiver that has a part of it can continue.
/// </summary>
public static class Paging
{
    /// <summary>More than all other fields of a line take, with their spaces and the LF: the longest are a file's (199
    /// bytes).</summary>
    private const int OtherFields = 200;

    /// <summary>The entries page by page; it reads one entry ahead.</summary>
    public static IEnumerable<Entry[]> Cut(IEnumerable<Entry> entries)
    {
        var page = new List<Entry>(WireLimits.PageEntries);
        var room = WireLimits.PageBytes;
        foreach (var entry in entries)
        {
            var bytes = LongestLine(entry);
            if (page.Count == WireLimits.PageEntries || (page.Count > 0 && bytes > room))
            {
                yield return [.. page];
                page.Clear();
                room = WireLimits.PageBytes;
            }
            page.Add(entry);
            room -= bytes;
        }
        if (page.Count > 0) yield return [.. page];
    }

    /// <summary>How many bytes the entry's line can get, whatever its size, times and digest are.</summary>
    public static int LongestLine(Entry entry) =>
        OtherFields + PathText.EncodedLength(entry.Path.Bytes) + Extra(entry);

    private static int Extra(Entry entry) => entry switch
    {
        DirectoryEntry directory => directory.Metadata.Attributes.Text.Length,
        FileEntry file => file.Metadata.Attributes.Text.Length,
        SpecialEntry special => special.Metadata.Attributes.Text.Length,
        SymbolicLinkEntry link => link.Metadata.Attributes.Text.Length + PathText.EncodedLength(link.Target.Span),
        _ => 0,
    };
}
