using System.Collections;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Manifests;

namespace BackupDistribuido.Actors.Delivery;

/// <summary>
/// Finds files of a tree by its manifest, which may still be growing, for people. A search goes through the tree once, and from then on through what is new of it; the last few are kept. From any thread,
/// one question at a time.
/// </summary>
internal sealed class FileFinder(ManifestDraft draft)
{
    /// <summary>Searches that are kept: so many people look for different things at once without starting over.</summary>
    public const int MostSearches = 4;

    private readonly Lock _gate = new();
    private readonly List<Search> _searches = [];

    /// <summary>The answer, with the copies as they are known by now.</summary>
    public FilePage Find(FileQuery query, IReadOnlyList<(NodeName Destination, BitArray Verified)> copies)
    {
        lock (_gate)
        {
            var all = Of("");
            var found = query.Search.Length == 0 ? all : Of(query.Search[..Math.Min(query.Search.Length, FileQuery.LongestSearch)]);
            IReadOnlyList<int> wanted = query.OnlyMissing ? [.. found.Entries.Where(entry => copies.Any(one => !Has(one.Verified, entry)))] : found.Entries;
            var (skip, take) = ((int)Math.Clamp(query.Skip, 0, wanted.Count), Math.Clamp(query.Take, 0, FileQuery.Most));
            return new FilePage(all.Entries.Count, wanted.Count, [.. copies.Select(one => one.Destination)], [.. Rows(wanted.Skip(skip).Take(take), copies)]);
        }
    }

    private static bool Has(BitArray verified, int entry) => entry < verified.Length && verified[entry];

    private IEnumerable<FileRow> Rows(IEnumerable<int> entries, IReadOnlyList<(NodeName Destination, BitArray Verified)> copies)
    {
        var (at, page) = (-1, (IReadOnlyList<Entry>)[]);
        foreach (var entry in entries)
        {
            if (draft.PageOf(entry) is var number && number != at) (at, page) = (number, draft.Entries(number));
            if (page[(int)(entry - draft[at].FirstEntry)] is FileEntry file)
                yield return new FileRow(PathText.Display(file.Path.Bytes).Text, file.Stamp.Size, string.Concat(copies.Select(one => Has(one.Verified, entry) ? '1' : '0')));
        }
    }

    private Search Of(string text)
    {
        var search = _searches.Find(one => one.Text == text) ?? new Search(text);
        _searches.Remove(search);
        _searches.Insert(0, search);
        // The search for everything is the first that all of them need.
        if (_searches.Count > MostSearches + 1) _searches.RemoveAt(_searches.FindLastIndex(one => one.Text.Length > 0));
        for (; search.Pages < draft.PageCount; search.Pages++)
        {
            var number = draft[search.Pages].FirstEntry;
            foreach (var entry in draft.Entries(search.Pages))
            {
                if (entry is FileEntry && Fits(entry, text)) search.Entries.Add((int)number);
                number++;
            }
        }
        return search;
    }

    private static bool Fits(Entry entry, string text) => text.Length == 0 || PathText.Display(entry.Path.Bytes).Text.Contains(text, StringComparison.OrdinalIgnoreCase);

    private sealed class Search(string text)
    {
        public string Text => text;

        public List<int> Entries { get; } = [];

        public int Pages { get; set; }
    }
}
