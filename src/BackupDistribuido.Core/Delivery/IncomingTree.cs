using System.Buffers;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Delivery;

/// <summary>A page whose every entry is final: its lines as they stand in the manifest.</summary>
public sealed record CompletePage(int Number, long First, int Count, ReadOnlyMemory<byte> Lines);

/// <summary>
/// What a receiver knows of the tree that comes down its link: the announced pages that are not whole yet, what it
/// asked for, and where the file that is being received stands. It holds frames to the state rules of docs/protocol.md
/// and does no I/O; the pages in it are at most <see cref="WireLimits.PagesAhead"/>. It outlives links: a new one
/// announces again what was not whole.
/// </summary>
public sealed class IncomingTree
{
    private readonly Queue<IncomingPage> _window = new();
    private readonly Dictionary<long, long> _asked = [];
    private TreeOrder _order;
    private int _expectedPage;
    private int _unknownPage;
    private long _unknownEntry;
    private long? _receiving;
    private long _position;

    /// <summary>The first page that is not whole: what a greeting names.</summary>
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

    /// <summary>A new link begins: it announces from <see cref="FirstPage"/> on, and nothing is asked of it
    /// yet.</summary>
    public void BeginLink()
    {
        _expectedPage = FirstPage;
        _asked.Clear();
        _receiving = null;
    }

    /// <summary>
    /// Takes a page in. The result's <c>IsNew</c> is false where an earlier link announced it already; no file of it
    /// counts as verified then until it is said to be again.
    /// </summary>
    /// <exception cref="ProtocolException">Out of order, too far ahead, malformed, or not the tree that was announced
    /// before.</exception>
    public (IncomingPage Page, bool IsNew) Announce(PageFrame frame, ReadOnlySpan<byte> payload)
    {
        if (frame.Page != _expectedPage)
            throw new ProtocolException(ErrorCode.Order, $"page {frame.Page} came where page {_expectedPage} is due");
        if (frame.Page >= FirstPage + WireLimits.PagesAhead)
            throw new ProtocolException(ErrorCode.Limit,
                $"page {frame.Page} is more than {WireLimits.PagesAhead} pages ahead");
        if (frame.Count == 0) throw new ProtocolException(ErrorCode.Syntax, $"page {frame.Page} is empty");
        if (!EntryLines.TryParse(payload, frame.Count, out var entries, out var why))
            throw new ProtocolException(ErrorCode.Syntax, $"page {frame.Page}: {why}");
        foreach (var entry in entries) CheckEmptyFile(entry);
        var isNew = frame.Page == _unknownPage;
        var page = isNew ? AddPage(frame, entries) : _window.ElementAt(frame.Page - FirstPage);
        if (!isNew) page.AnnounceAgain(frame.First, entries);
        _expectedPage++;
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

    /// <summary>What came before the window is in the draft, and looked at when the link is made.</summary>
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

    private static void CheckEmptyFile(Entry entry)
    {
        if (entry is FileEntry { Stamp.Size: 0 } file && file.Digest != Sha256Digest.OfNothing)
        {
            throw new ProtocolException(ErrorCode.Digest, $"empty file '{entry.Path}' has not the digest of nothing");
        }
    }

    /// <summary>Remembers what was asked for, so that nothing else is taken.</summary>
    public void Ask(NeedSet needs)
    {
        foreach (var need in needs.Needs) _asked[need.Entry] = need.Offset;
    }

    /// <summary>The announced file of that number, in a page that is not whole.</summary>
    /// <exception cref="ProtocolException">There is none.</exception>
    public FileEntry File(long number) =>
        PageOf(number)[number] as FileEntry
            ?? throw new ProtocolException(ErrorCode.Order, $"entry {number} is no file");

    /// <summary>
    /// Takes content of a file that was asked for. Says how many bytes at its front are there already, having been
    /// asked for by someone else.
    /// </summary>
    /// <exception cref="ProtocolException">Not asked for, not contiguous, or beyond the file's announced
    /// length.</exception>
    public int Accept(DataFrame data) => (int)AcceptContent(data.Entry, data.Offset, data.Length);

    /// <summary>As <see cref="Accept(DataFrame)"/>, for a hole.</summary>
    /// <exception cref="ProtocolException">As there; also a hole of no bytes.</exception>
    public long Accept(HoleFrame hole) => hole.Length > 0
        ? AcceptContent(hole.Entry, hole.Offset, hole.Length)
        : throw new ProtocolException(ErrorCode.Order, $"entry {hole.Entry} has a hole of no bytes");

    private long AcceptContent(long entry, long offset, long length)
    {
        if (!_asked.TryGetValue(entry, out var lacked))
            throw new ProtocolException(ErrorCode.Order, $"content of entry {entry} was not asked for");
        var begins = _receiving != entry;
        if (begins && _receiving is { } other)
            throw new ProtocolException(ErrorCode.Order,
                $"content of entry {entry} came before the end of entry {other}");
        if (begins ? offset > lacked : offset != _position)
            throw new ProtocolException(ErrorCode.Order, $"content of entry {entry} at {offset} leaves a gap");
        var size = File(entry).Stamp.Size;
        if (length > size - offset)
            throw new ProtocolException(ErrorCode.Order, $"content of entry {entry} goes beyond its {size} bytes");
        _receiving = entry;
        _position = offset + length;
        return Math.Clamp(lacked - offset, 0, length);
    }

    /// <summary>A file's content has all come. Its digest has still to be compared with what was stored.</summary>
    /// <exception cref="ProtocolException">Not asked for, not all there, or another digest than the one
    /// announced.</exception>
    public FileEntry Accept(EndFrame end)
    {
        if (!_asked.TryGetValue(end.Entry, out var lacked))
            throw new ProtocolException(ErrorCode.Order, $"the end of entry {end.Entry} was not asked for");
        var file = File(end.Entry);
        var reached = _receiving == end.Entry ? _position : lacked;
        if (_receiving is { } other && other != end.Entry)
            throw new ProtocolException(ErrorCode.Order, $"the end of entry {end.Entry} came inside entry {other}");
        if (end.Size != file.Stamp.Size || reached != end.Size)
            throw new ProtocolException(ErrorCode.Order,
                $"entry {end.Entry} ends at {reached} of {file.Stamp.Size} bytes");
        if (file.Digest is { } announced && announced != end.Digest)
            throw new ProtocolException(ErrorCode.Digest,
                $"entry {end.Entry} ends with another digest than was announced");
        _receiving = null;
        _asked.Remove(end.Entry);
        return file;
    }

    /// <summary>The file changed at the origin: what was announced and received of it is void. Gives its new
    /// entry.</summary>
    /// <exception cref="ProtocolException">It is another entry's line, or no file's.</exception>
    public FileEntry Accept(AgainFrame again, ReadOnlySpan<byte> payload)
    {
        if (!EntryLines.TryParse(payload, 1, out var lines, out var why))
            throw new ProtocolException(ErrorCode.Syntax, $"entry {again.Entry} again: {why}");
        if (lines[0] is not FileEntry file || file.Path != File(again.Entry).Path)
            throw new ProtocolException(ErrorCode.Order, $"entry {again.Entry} became another entry");
        CheckEmptyFile(file);
        PageOf(again.Entry).Replace(again.Entry, file, isFinal: false);
        EndReceiving(again.Entry);
        if (file.Stamp.Size == 0) _asked.Remove(again.Entry);
        else _asked[again.Entry] = 0;
        return file;
    }

    /// <summary>A file, or another name of one, is left out of the snapshot; what was received of it is void. Gives its
    /// path.</summary>
    /// <exception cref="ProtocolException">It is another kind of entry, or in no page that is not whole.</exception>
    public TreePath Accept(OmitFrame omit)
    {
        var path = PageOf(omit.Entry)[omit.Entry] is HardLinkEntry link ? link.Path : File(omit.Entry).Path;
        PageOf(omit.Entry).Replace(omit.Entry, new OmittedEntry(path, omit.Why), isFinal: true);
        EndReceiving(omit.Entry);
        _asked.Remove(omit.Entry);
        return path;
    }

    /// <summary>What was received of the file is void; this link will not bring it.</summary>
    public FileEntry Accept(SpoiledFrame spoiled)
    {
        EndReceiving(spoiled.Entry);
        _asked.Remove(spoiled.Entry);
        return File(spoiled.Entry);
    }

    private void EndReceiving(long entry)
    {
        if (_receiving == entry) _receiving = null;
    }

    /// <summary>The file's content is in staging and has this digest.</summary>
    public void Verified(long number, Sha256Digest digest) =>
        PageOf(number).Replace(number, File(number) with { Digest = digest }, isFinal: true);

    /// <summary>
    /// Takes the whole pages out at the front, in order. They are never announced again, so one that this link has
    /// still to announce, because it announces what an earlier one did, stays.
    /// </summary>
    public IEnumerable<CompletePage> TakeComplete()
    {
        while (_window.TryPeek(out var page) && page.Number < _expectedPage && page.IsComplete)
        {
            _window.Dequeue();
            FirstPage++;
            yield return new CompletePage(page.Number, page.First, page.Count, page.Lines());
        }
    }

    /// <summary>Checks that the tree's end comes where it may: every announced page is whole, and the numbers are the
    /// announced ones.</summary>
    /// <exception cref="ProtocolException">It does not.</exception>
    public void Accept(SealFrame seal)
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

    private IncomingPage PageOf(long number)
    {
        foreach (var page in _window)
        {
            if (page.Has(number)) return page;
        }
        throw new ProtocolException(ErrorCode.Order, $"entry {number} is in no announced page that is not whole");
    }
}
