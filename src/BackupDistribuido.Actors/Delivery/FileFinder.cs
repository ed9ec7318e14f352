using System.Collections;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Transfer.Sending.Sources;

namespace BackupDistribuido.Actors.Delivery;

/// <summary>
/// Finds files of a tree by its manifest, which may still be growing, for users. A search reads the final pages once,
/// and later only the new ones; the last few searches are kept. From any thread, one question at a time.
/// </summary>
/// <param name="known">Known pages of the tree, including those that are not final; they are read each time. Null: all
/// of it is in the draft.</param>
internal sealed class FileFinder(ManifestDraft draft, Func<KnownEntries>? known = null)
{
    /// <summary>Searches that are kept: so many people look for different things at once without starting
    /// over.</summary>
    public const int MostSearches = 4;

    private readonly Lock _gate = new();
    private readonly List<Search> _searches = [];

    /// <summary>The answer, with the copies as they are known by now.</summary>
    public FilePage Find(FileQuery query, IReadOnlyList<(NodeName Destination, BitArray Verified)> copies)
    {
        lock (_gate)
        {
            // Before the draft is looked at: what leaves the one is in the other already.
            var entries = known?.Invoke() ?? new KnownEntries([], draft);
            var all = Of("", entries);
            var found = query.Search.Length == 0
                ? all : Of(query.Search[..Math.Min(query.Search.Length, FileQuery.LongestSearch)], entries);
            IReadOnlyList<int> wanted = query.OnlyMissing
                ? [.. found.Where(entry => copies.Any(one => !Has(one.Verified, entry)))] : found;
            var (skip, take) =
                ((int)Math.Clamp(query.Skip, 0, wanted.Count), Math.Clamp(query.Take, 0, FileQuery.Most));
            return new FilePage(all.Count, wanted.Count, [.. copies.Select(one => one.Destination)],
                [.. Rows(wanted.Skip(skip).Take(take), entries, copies)]);
        }
    }

    private static bool Has(BitArray verified, int entry) => entry < verified.Length && verified[entry];

    private static IEnumerable<FileRow> Rows(
        IEnumerable<int> numbers, KnownEntries entries, IReadOnlyList<(NodeName Destination, BitArray Verified)> copies)
    {
        foreach (var entry in numbers)
        {
            if (entries[entry] is FileEntry file)
                yield return new FileRow(PathText.Display(file.Path.Bytes).Text, file.Stamp.Size,
                    string.Concat(copies.Select(one => Has(one.Verified, entry) ? '1' : '0')));
        }
    }

    /// <summary>The numbers of the files that a text is in.</summary>
    private List<int> Of(string text, KnownEntries entries)
    {
        var search = _searches.Find(one => one.Text == text) ?? new Search(text);
        _searches.Remove(search);
        _searches.Insert(0, search);
        // The search for everything is the first that all of them need.
        if (_searches.Count > MostSearches + 1) _searches.RemoveAt(_searches.FindLastIndex(one => one.Text.Length > 0));
        // Matches in pages that were not final then are searched again.
        search.Entries.RemoveRange(search.Final, search.Entries.Count - search.Final);
        for (; search.Pages < draft.PageCount; search.Pages++)
        {
            var number = draft[search.Pages].FirstEntry;
            foreach (var entry in draft.Entries(search.Pages)) Add(search.Entries, entry, number++, text);
        }
        search.Final = search.Entries.Count;
        foreach (var page in entries.Open.Where(page => page.Number >= search.Pages))
        {
            for (var number = page.First; number < page.First + page.Count; number++)
                Add(search.Entries, page[number], number, text);
        }
        return search.Entries;
    }

    private static void Add(List<int> found, Entry entry, long number, string text)
    {
        if (entry is FileEntry && Fits(entry, text)) found.Add((int)number);
    }

    private static bool Fits(Entry entry, string text) =>
        text.Length == 0 || PathText.Display(entry.Path.Bytes).Text.Contains(text, StringComparison.OrdinalIgnoreCase);

    private sealed class Search(string text)
    {
        public string Text => text;

        public List<int> Entries { get; } = [];

        /// <summary>Final pages that it has gone through.</summary>
        public int Pages { get; set; }

        /// <summary>How many of the entries are of those.</summary>
        public int Final { get; set; }
    }
}
