using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Manifests;

namespace BackupDistribuido.Transfer.Sending.Sources;

/// <summary>
/// What is known of a tree's entries at one moment: those of pages that are still being sent, which may yet change, and
/// those of the final ones in its draft. A page that becomes final meanwhile is in both. For one thread.
/// </summary>
public sealed class KnownEntries(IReadOnlyList<OutgoingPage> open, ManifestDraft draft)
{
    private int _at = -1;
    private Entry[] _page = [];

    /// <summary>Pages that were not final, in order.</summary>
    public IReadOnlyList<OutgoingPage> Open => open;

    /// <summary>How many entries there are.</summary>
    public long Count => open is [.., var last] ? last.First + last.Count : draft.Totals.Entries;

    /// <summary>One of them, by its number.</summary>
    public Entry this[long entry]
    {
        get
        {
            if (open.FirstOrDefault(page => entry >= page.First && entry < page.First + page.Count) is { } still)
                return still[entry];
            if (draft.PageOf(entry) is var at && at != _at) (_at, _page) = (at, draft.Entries(at));
            return _page[(int)(entry - draft[at].FirstEntry)];
        }
    }
}
