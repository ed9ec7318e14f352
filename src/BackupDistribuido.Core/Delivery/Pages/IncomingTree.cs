using System.Buffers;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Delivery.Pages;

/// <summary>A page whose every entry is final: its lines as in the manifest.</summary>
public sealed record CompletePage(int Number, long First, int Count, ReadOnlyMemory<byte> Lines);

/// <summary>
/// A receiver's knowledge of the tree that its links bring: the announced pages that are incomplete. The state of one
/// link is separate (<see cref="IncomingLink"/>). It does no I/O, and has at most <see cref="WireLimits.PagesAhead"/>
/// pages. It outlives links: a new one announces the incomplete pages again. For one thread at a time.
/// </summary>
public sealed class IncomingTree
{
    private readonly Queue<IncomingPage> _window = new();
    private readonly List<IncomingLink> _links = [];
    private TreeOrder _order;
    private int _unknownPage;
    private long _unknownEntry;

    /// <summary>The first incomplete page: a greeting names it.</summary>
    public int FirstPage { get; private set; }

    /// <summary>
    /// A tree of which the first <paramref name="pages"/> are whole already, having been received before: they hold
    /// <paramref name="entries"/> entries, of which <paramref name="last"/> is the last. Page <paramref name="pages"/>
    /// is the first that is announced.
    /// </summary>
    public static IncomingTree After(int pages, long entries, Entry last)
    {
        if (pages < 1 || entries < pages)
            throw new ArgumentOutOfRangeException(nameof(pages), $"{pages} pages can't hold {entries} entries.");
        return new IncomingTree
        {
            FirstPage = pages,
            _unknownPage = pages,
            _unknownEntry = entries,
            _order = TreeOrder.After(last)
        };
    }

    /// <summary>A new link begins: it announces from <see cref="FirstPage"/> on, and nothing is asked of it yet.
    /// Several may be there at once; each must be disposed when it is over, for whole pages wait for all of
    /// them.</summary>
    public IncomingLink BeginLink()
    {
        var link = new IncomingLink(this, FirstPage);
        _links.Add(link);
        return link;
    }

    internal void End(IncomingLink link) => _links.Remove(link);

    /// <summary>Takes in a page that a link announces.</summary>
    internal (IncomingPage Page, bool IsNew) Announce(PageFrame frame, ReadOnlySpan<byte> payload)
    {
        if (frame.Page >= FirstPage + WireLimits.PagesAhead)
            throw new ProtocolException(ErrorCode.Limit,
                $"page {frame.Page} is more than {WireLimits.PagesAhead} pages ahead");
        if (frame.Count == 0) throw new ProtocolException(ErrorCode.Syntax, $"page {frame.Page} is empty");
        if (frame.Digest is { } said && said != Sha256Digest.Of(payload))
            throw new ProtocolException(ErrorCode.Digest, $"page {frame.Page} does not have its digest");
        if (!EntryLines.TryParse(payload, frame.Count, out var entries, out var why))
            throw new ProtocolException(ErrorCode.Syntax, $"page {frame.Page}: {why}");
        foreach (var entry in entries) CheckEmptyFile(entry);
        var isNew = frame.Page == _unknownPage;
        var page = isNew ? AddPage(frame, entries) : _window.ElementAt(frame.Page - FirstPage);
        if (!isNew) page.AnnounceAgain(frame.First, entries);
        return (page, isNew);
    }

    private IncomingPage AddPage(PageFrame frame, Entry[] entries)
    {
        if (frame.First != _unknownEntry)
            throw new ProtocolException(ErrorCode.Order,
                $"page {frame.Page} begins at entry {frame.First}, not at {_unknownEntry}");
        // A page is taken as a whole or not at all: the next link may bring it right.
        var order = _order;
        for (var i = 0; i < entries.Length; i++)
        {
            if (!order.TryNext(entries[i], out var why))
                throw new ProtocolException(ErrorCode.Order, $"page {frame.Page}: {why}");
            CheckFirstName(entries[i], frame.First + i, frame.First, entries);
        }
        var page = new IncomingPage(frame.Page, frame.First, entries);
        _order = order;
        _window.Enqueue(page);
        _unknownPage++;
        _unknownEntry += entries.Length;
        return page;
    }

    /// <summary>Pages before the window are in the draft, and are checked when the link is made.</summary>
    private void CheckFirstName(Entry entry, long number, long pageFirst, Entry[] page)
    {
        if (entry is not HardLinkEntry link) return;
        if (link.First >= number)
            throw new ProtocolException(ErrorCode.Order,
                $"entry {number} is a hard link to entry {link.First}, which does not come before it");
        var first = link.First >= pageFirst
            ? page[link.First - pageFirst] : _window.FirstOrDefault(known => known.Has(link.First))?[link.First];
        if (first is DirectoryEntry or HardLinkEntry or OmittedEntry)
            throw new ProtocolException(ErrorCode.Order,
                $"entry {number} is a hard link to entry {link.First}, which can have none");
    }

    /// <summary>Checks that no announced entry is another name of that file.</summary>
    internal void CheckNoNames(long file)
    {
        foreach (var page in _window)
        {
            for (var number = Math.Max(page.First, file + 1); number < page.First + page.Count; number++)
            {
                if (page[number] is HardLinkEntry link && link.First == file)
                    throw new ProtocolException(ErrorCode.Order, $"entry {number} is another name of entry {file}");
            }
        }
    }

    internal static void CheckEmptyFile(Entry entry)
    {
        if (entry is FileEntry { Stamp.Size: 0 } file && file.Digest != Sha256Digest.OfNothing)
        {
            throw new ProtocolException(ErrorCode.Digest, $"empty file '{entry.Path}' has not the digest of nothing");
        }
    }

    /// <summary>The announced file of that number, in a page that is not whole.</summary>
    /// <exception cref="ProtocolException">There is none.</exception>
    public FileEntry File(long number) =>
        PageOf(number)[number] as FileEntry
            ?? throw new ProtocolException(ErrorCode.Order, $"entry {number} is no file");

    /// <summary>The file's content is in staging and has this digest.</summary>
    public void Verified(long number, Sha256Digest digest) =>
        PageOf(number).Replace(number, File(number) with { Digest = digest }, isFinal: true);

    /// <summary>
    /// Takes the whole pages out at the front, in order. They are never announced again, so one that a link has still
    /// to announce, because it announces what another one did, stays.
    /// </summary>
    public IEnumerable<CompletePage> TakeComplete()
    {
        while (_window.TryPeek(out var page) && page.IsComplete
            && _links.TrueForAll(link => page.Number < link.ExpectedPage))
        {
            _window.Dequeue();
            FirstPage++;
            yield return new CompletePage(page.Number, page.First, page.Count, page.Lines());
        }
    }

    /// <summary>Checks that the tree's end comes where it may: every announced page is whole, and the numbers are the
    /// announced ones.</summary>
    /// <exception cref="ProtocolException">It does not.</exception>
    internal void CheckEnd(SealFrame seal)
    {
        if (_window.Count > 0)
            throw new ProtocolException(ErrorCode.Order, $"the tree ends while page {FirstPage} is not whole");
        if (seal.Pages != FirstPage || seal.Entries != _unknownEntry || seal.Pages == 0)
        {
            throw new ProtocolException(ErrorCode.Order,
                $"the tree ends with {seal.Entries} entries in {seal.Pages} pages after {_unknownEntry} in "
                + $"{FirstPage}");
        }
    }

    internal IncomingPage PageOf(long number)
    {
        foreach (var page in _window)
        {
            if (page.Has(number)) return page;
        }
        throw new ProtocolException(ErrorCode.Order, $"entry {number} is in no announced page that is not whole");
    }
}
