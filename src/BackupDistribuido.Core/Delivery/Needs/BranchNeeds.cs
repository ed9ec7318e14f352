using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Delivery.Needs;

/// <summary>
/// What one child is to be sent. It sees every frame that goes by, once and in order (<see cref="Wants"/>), and hears
/// the child's needs in between; both may happen on different threads. It knows the newest
/// <see cref="WireLimits.PagesAhead"/> pages, older ones have been forgotten.
/// </summary>
public sealed class BranchNeeds(int firstPage)
{
    /// <summary>Maximum number of files that are announced again and have not ended.</summary>
    public const int MaxAgain = WireLimits.PagesAhead * WireLimits.PageEntries;

    private readonly Lock _gate = new();
    private readonly List<Page> _pages = new(WireLimits.PagesAhead + 1);
    private readonly HashSet<long> _again = [];
    private long? _firstEntry;

    /// <summary>
    /// Whether this frame is for the child: a page from the first incomplete one on; content, its end, or SPOILED, if
    /// it needs them; a later frame about an entry, if the child was sent the entry's page; the seal always. A page
    /// counts as announced when it was sent, and a file that is announced again is needed from its beginning until it
    /// has ended.
    /// </summary>
    /// <exception cref="ProtocolException">More than <see cref="MaxAgain"/> files were announced again and have not
    /// ended.</exception>
    public bool Wants(Frame frame)
    {
        lock (_gate)
        {
            switch (frame)
            {
                case DataFrame data:
                    return WantsContent(data.Entry, data.Offset, data.Length);
                case HoleFrame hole:
                    return WantsContent(hole.Entry, hole.Offset, hole.Length);
                case EndFrame end:
                    var needed = OffsetOf(end.Entry) is not null;
                    _again.Remove(end.Entry);
                    return needed;
                case PageFrame page:
                    return Announce(page);
                case AgainFrame again:
                    return IsKnown(again.Entry) && MarkAgain(again.Entry);
                case OmitFrame omit:
                    _again.Remove(omit.Entry);
                    return IsKnown(omit.Entry);
                case SpoiledFrame spoiled:
                    return OffsetOf(spoiled.Entry) is not null;
                default:
                    return frame is SealFrame;
            }
        }
    }

    /// <summary>Where an announced page begins and how many entries it has: what its needs are parsed with. Null where
    /// it is not in the window.</summary>
    public (long First, int Count)? Announced(int page)
    {
        lock (_gate) return Find(page) is { } known ? (known.First, known.Count) : null;
    }

    /// <summary>The child must still say what it needs of an announced page.</summary>
    public bool IsOwed
    {
        get
        {
            lock (_gate) return _pages.Exists(page => page.Needs is null);
        }
    }

    /// <summary>The child says what it needs of a page.</summary>
    /// <exception cref="ProtocolException">The page is not in the window, or its needs were given already.</exception>
    public void Give(int page, NeedSet needs)
    {
        lock (_gate)
        {
            if (Find(page) is not { } known)
                throw new ProtocolException(ErrorCode.Order, $"needs of page {page}, which is not announced");
            if (known.Needs is not null)
                throw new ProtocolException(ErrorCode.Order, $"needs of page {page} for the second time");
            known.Needs = needs;
        }
    }

    private bool WantsContent(long entry, long offset, long length) =>
        OffsetOf(entry) is { } from && offset > from - length;

    private bool Announce(PageFrame page)
    {
        if (page.Page < firstPage) return false;
        _firstEntry ??= page.First;
        _pages.RemoveAll(old => old.Number <= page.Page - WireLimits.PagesAhead || old.Number == page.Page);
        // A file that has become empty has no end that removes it.
        if (_pages.Count > 0 && _again.Count > 0) _again.RemoveWhere(entry => entry < _pages[0].First);
        _pages.Add(new Page(page.Page, page.First, page.Count));
        return true;
    }

    private Page? Find(int number) => _pages.Find(page => page.Number == number);

    private bool IsKnown(long entry) => entry >= _firstEntry;

    private bool MarkAgain(long entry)
    {
        if (!_again.Add(entry) || _again.Count <= MaxAgain) return true;
        throw new ProtocolException(ErrorCode.Limit,
            $"more than {MaxAgain} files were announced anew and have not ended");
    }

    private long? OffsetOf(long entry)
    {
        if (_again.Contains(entry)) return 0;
        foreach (var page in _pages)
        {
            if (entry >= page.First && entry < page.First + page.Count) return page.Needs?.OffsetOf(entry);
        }
        return null;
    }

    private sealed class Page(int number, long first, int count)
    {
        public int Number { get; } = number;

        public long First { get; } = first;

        public int Count { get; } = count;

        public NeedSet? Needs { get; set; }
    }
}
