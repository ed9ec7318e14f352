using System.Collections.Immutable;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Delivery.Needs;

/// <summary>
/// Merges the needs of a node and its live children, page by page: a page's needs are known when everyone that was
/// there when the page was announced has answered or left. Pages are announced one by one, and at most
/// <see cref="WireLimits.PagesAhead"/> may wait for an answer. For one thread.
/// </summary>
public sealed class NeedMerge
{
    private readonly Dictionary<NodeName, int> _participants = [];
    private readonly SortedDictionary<int, Waiting> _waiting = [];
    private int? _newest;

    /// <summary>Someone takes part from the next announced page on, but not in pages before
    /// <paramref name="firstPage"/>, which it has whole.</summary>
    /// <exception cref="ArgumentException">It takes part already.</exception>
    public void Join(NodeName who, int firstPage) => _participants.Add(who, firstPage);

    /// <summary>A participant has left: no page waits for it. Its earlier answers still count. Returns the pages that
    /// waited only for it.</summary>
    public ImmutableArray<PageNeeds> Leave(NodeName who)
    {
        _participants.Remove(who);
        var answered = ImmutableArray.CreateBuilder<PageNeeds>();
        foreach (var (page, waiting) in _waiting)
        {
            if (waiting.For.Remove(who) && waiting.For.Count == 0) answered.Add(new PageNeeds(page, waiting.Merged));
        }
        foreach (var page in answered) _waiting.Remove(page.Page);
        return answered.ToImmutable();
    }

    /// <summary>A page is announced to everyone. Returns its needs at once, none, if there is no one to ask.</summary>
    /// <exception cref="ProtocolException">It is not the page after the one before, or too many wait.</exception>
    public PageNeeds? Announce(int page)
    {
        if (_newest is { } newest && page != newest + 1)
            throw new ProtocolException(ErrorCode.Order, $"page {page} after page {newest}");
        if (_waiting.Count > 0 && page - _waiting.First().Key >= WireLimits.PagesAhead)
        {
            throw new ProtocolException(ErrorCode.Order,
                $"page {page} is more than {WireLimits.PagesAhead} pages ahead of page {_waiting.First().Key}");
        }
        _newest = page;
        var asked = _participants.Where(p => p.Value <= page).Select(p => p.Key).ToHashSet();
        if (asked.Count == 0) return new PageNeeds(page, NeedSet.Nothing);
        _waiting.Add(page, new Waiting(asked));
        return null;
    }

    /// <summary>A participant says what it needs of a page. Returns the merged needs if it was the last.</summary>
    /// <exception cref="ProtocolException">It was not asked for that page, or has answered already.</exception>
    public PageNeeds? Give(NodeName who, int page, NeedSet needs)
    {
        if (!_waiting.TryGetValue(page, out var waiting) || !waiting.For.Remove(who))
        {
            throw new ProtocolException(ErrorCode.Order, $"needs of page {page}, which waits for none from '{who}'");
        }
        waiting.Merged = waiting.Merged.MergedWith(needs);
        if (waiting.For.Count > 0) return null;
        _waiting.Remove(page);
        return new PageNeeds(page, waiting.Merged);
    }

    private sealed class Waiting(HashSet<NodeName> @for)
    {
        public HashSet<NodeName> For { get; } = @for;

        public NeedSet Merged { get; set; } = NeedSet.Nothing;
    }
}
