using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Delivery.Pages;

/// <summary>One of the links that bring a tree: the page that it announces next, what was requested from it, and the
/// position in its current file. It checks frames against the state rules of docs/protocol.md. For one thread at a
/// time, and for the tree's.</summary>
public sealed class IncomingLink : IDisposable
{
    private readonly IncomingTree _tree;
    private readonly Dictionary<long, long> _asked = [];
    private long? _receiving;
    private long _position;

    internal IncomingLink(IncomingTree tree, int expectedPage) => (_tree, ExpectedPage) = (tree, expectedPage);

    /// <summary>The page that it announces next.</summary>
    public int ExpectedPage { get; private set; }

    /// <summary>
    /// Adds a page. The result's <c>IsNew</c> is false if another link announced it already; then none of its files
    /// counts as verified until this is reported again.
    /// </summary>
    /// <exception cref="ProtocolException">Out of order, too far ahead, malformed, or not the tree that was announced
    /// before.</exception>
    public (IncomingPage Page, bool IsNew) Announce(PageFrame frame, ReadOnlySpan<byte> payload)
    {
        if (frame.Page != ExpectedPage)
            throw new ProtocolException(ErrorCode.Order, $"page {frame.Page} came where page {ExpectedPage} is due");
        var announced = _tree.Announce(frame, payload);
        ExpectedPage++;
        return announced;
    }

    /// <summary>Remembers what was requested, so that nothing else is accepted: of each file everything from a byte
    /// on.</summary>
    public void Ask(NeedSet needs)
    {
        foreach (var need in needs.Needs)
            _asked[need.Entry] = Math.Min(need.Offset, _tree.File(need.Entry).Stamp.Size);
    }

    /// <summary>
    /// Takes content of a file that was asked for. Says how many bytes at its front are there already, having been
    /// asked for by someone else.
    /// </summary>
    /// <exception cref="ProtocolException">No bytes, not asked for, not growing without a gap in what was asked for, or
    /// beyond the file's announced length.</exception>
    public int Accept(DataFrame data) => (int)AcceptContent(data.Entry, data.Offset, data.Length);

    /// <summary>As <see cref="Accept(DataFrame)"/>, for a hole.</summary>
    /// <exception cref="ProtocolException">As there.</exception>
    public long Accept(HoleFrame hole) => AcceptContent(hole.Entry, hole.Offset, hole.Length);

    private long AcceptContent(long entry, long offset, long length)
    {
        if (!_asked.TryGetValue(entry, out var lacked))
            throw new ProtocolException(ErrorCode.Order, $"content of entry {entry} was not asked for");
        var begins = _receiving != entry;
        if (begins && _receiving is { } other)
            throw new ProtocolException(ErrorCode.Order,
                $"content of entry {entry} came before the end of entry {other}");
        if (length == 0) throw new ProtocolException(ErrorCode.Order, $"content of entry {entry} has no bytes");
        if (!begins && offset < _position)
            throw new ProtocolException(ErrorCode.Order, $"content of entry {entry} at {offset} came before");
        // Before what is lacked others may have asked for pieces.
        if (offset > Math.Max(lacked, begins ? 0 : _position))
            throw new ProtocolException(ErrorCode.Order, $"content of entry {entry} at {offset} leaves a gap");
        var size = _tree.File(entry).Stamp.Size;
        if (length > size - offset)
            throw new ProtocolException(ErrorCode.Order, $"content of entry {entry} goes beyond its {size} bytes");
        _receiving = entry;
        _position = offset + length;
        return Math.Clamp(lacked - offset, 0, length);
    }

    /// <summary>A file's content is complete. Its digest must still be compared with what was stored.</summary>
    /// <exception cref="ProtocolException">Not asked for, not all there, or another digest than the one
    /// announced.</exception>
    public FileEntry Accept(EndFrame end)
    {
        if (!_asked.TryGetValue(end.Entry, out var lacked))
            throw new ProtocolException(ErrorCode.Order, $"the end of entry {end.Entry} was not asked for");
        var file = _tree.File(end.Entry);
        var reached = _receiving == end.Entry ? Math.Max(_position, lacked) : lacked;
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

    /// <summary>The file changed at the origin: what was announced and received of it is void. Returns its new
    /// entry.</summary>
    /// <exception cref="ProtocolException">It is another entry's line, no file's, or that of another inode while other
    /// names of the one before are not left out.</exception>
    public FileEntry Accept(AgainFrame again, ReadOnlySpan<byte> payload)
    {
        if (!EntryLines.TryParse(payload, 1, out var lines, out var why))
            throw new ProtocolException(ErrorCode.Syntax, $"entry {again.Entry} again: {why}");
        var before = _tree.File(again.Entry);
        if (lines[0] is not FileEntry file || file.Path != before.Path)
            throw new ProtocolException(ErrorCode.Order, $"entry {again.Entry} became another entry");
        IncomingTree.CheckEmptyFile(file);
        if (file.Stamp.Inode != before.Stamp.Inode) _tree.CheckNoNames(again.Entry);
        _tree.PageOf(again.Entry).Replace(again.Entry, file, isFinal: false);
        EndReceiving(again.Entry);
        if (file.Stamp.Size == 0) _asked.Remove(again.Entry);
        else _asked[again.Entry] = 0;
        return file;
    }

    /// <summary>A file, or another name of one, is left out of the snapshot; what was received of it is void. Returns
    /// its path.</summary>
    /// <exception cref="ProtocolException">It is another kind of entry, in no page that is not whole, or has other
    /// names that are not left out.</exception>
    public TreePath Accept(OmitFrame omit)
    {
        _tree.CheckNoNames(omit.Entry);
        var path = _tree.PageOf(omit.Entry)[omit.Entry] is HardLinkEntry link ? link.Path : _tree.File(omit.Entry).Path;
        _tree.PageOf(omit.Entry).Replace(omit.Entry, new OmittedEntry(path, omit.Why), isFinal: true);
        EndReceiving(omit.Entry);
        _asked.Remove(omit.Entry);
        return path;
    }

    /// <summary>What was received of the file is void; this link will not bring it.</summary>
    public FileEntry Accept(SpoiledFrame spoiled)
    {
        EndReceiving(spoiled.Entry);
        _asked.Remove(spoiled.Entry);
        return _tree.File(spoiled.Entry);
    }

    private void EndReceiving(long entry)
    {
        if (_receiving == entry) _receiving = null;
    }

    /// <summary>Checks that the tree's end comes where it may: every announced page is whole, and the numbers are the
    /// announced ones.</summary>
    /// <exception cref="ProtocolException">It does not.</exception>
    public void Accept(SealFrame seal) => _tree.CheckEnd(seal);

    /// <summary>The link is over: no page waits for it.</summary>
    public void Dispose() => _tree.End(this);
}
