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
    /// Whether this frame, with this payload, is for the child: a page from the first incomplete one on; content, its
    /// end, or SPOILED, if it needs them; a later frame about an entry, if the child was sent the entry's page; the
    /// seal always. A page counts as announced when it was sent, and a file that is announced again is needed from its
    /// beginning until it has ended.
    /// </summary>
    /// <exception cref="ProtocolException">More than <see cref="MaxAgain"/> files were announced again and have not
    /// ended.</exception>
    public bool Wants(Frame frame, ReadOnlySpan<byte> payload)
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
                    var needed = RangesOf(end.Entry) is not null;
                    _again.Remove(end.Entry);
                    return needed;
                case PageFrame page:
                    return Announce(page, payload);
                case AgainFrame again:
                    return IsKnown(again.Entry) && MarkAgain(again.Entry);
                case OmitFrame omit:
                    _again.Remove(omit.Entry);
                    return IsKnown(omit.Entry);
                case SpoiledFrame spoiled:
                    return RangesOf(spoiled.Entry) is not null;
                default:
                    return frame is SealFrame;
            }
        }
    }

    /// <summary>What needs of an announced page can be about. Null where it is not in the window.</summary>
    public PageOutline? Announced(int page)
    {
        lock (_gate) return Find(page)?.Outline;
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
        RangesOf(entry)?.Overlaps(offset, length) == true;

    private bool Announce(PageFrame page, ReadOnlySpan<byte> lines)
    {
        if (page.Page < firstPage) return false;
        _firstEntry ??= page.First;
        _pages.RemoveAll(old =>
            old.Outline.Page <= page.Page - WireLimits.PagesAhead || old.Outline.Page == page.Page);
        // A file that has become empty has no end that removes it.
        if (_pages.Count > 0 && _again.Count > 0) _again.RemoveWhere(entry => entry < _pages[0].Outline.First);
        _pages.Add(new Page(PageOutline.Of(page, lines)));
        return true;
    }

    private Page? Find(int number) => _pages.Find(page => page.Outline.Page == number);

    private bool IsKnown(long entry) => entry >= _firstEntry;

    private bool MarkAgain(long entry)
    {
        if (!_again.Add(entry) || _again.Count <= MaxAgain) return true;
        throw new ProtocolException(ErrorCode.Limit,
            $"more than {MaxAgain} files were announced anew and have not ended");
    }

    private ByteRanges? RangesOf(long entry)
    {
        if (_again.Contains(entry)) return ByteRanges.Whole;
        foreach (var page in _pages)
        {
            if (page.Outline.Has(entry)) return page.Needs?.RangesOf(entry);
        }
        return null;
    }

    private sealed class Page(PageOutline outline)
    {
        public PageOutline Outline => outline;

        public NeedSet? Needs { get; set; }
    }
}
