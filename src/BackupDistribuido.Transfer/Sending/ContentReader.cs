using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Transfer.Sending.Sources;

namespace BackupDistribuido.Transfer.Sending;

/// <summary>
/// Turns the needs of one page into frames: reads each needed file once, from its beginning, sends what is lacked, and
/// closes it with its digest. A file that is not what was announced is announced anew; one that changes while it is
/// read is read again, then left out; one that only grew is kept as long as it was. One that can't be opened just now
/// is tried again after the others of its page, see <see cref="RetriedFiles"/>. For one thread.
/// </summary>
internal sealed class ContentReader : IDisposable
{
    private const int Tries = 3;

    private readonly ISnapshotSource _source;
    private readonly ParcelBuilder _parcels;
    private readonly FileOpener _opener;
    private readonly FileContent _content;
    private readonly FileAnnouncements _announcements;
    private readonly Queue<Need> _needs = new();
    private OutgoingPage? _page;
    private Need _need;
    private int _try;

    /// <summary>A reader of <paramref name="source"/>, which stays the caller's.</summary>
    /// <param name="source">What is sent.</param>
    /// <param name="parcels">Where the frames go.</param>
    /// <param name="heldBack">What can't be opened just now; null: nothing yet.</param>
    /// <param name="provesAll">Whether receivers rely on each file's digest being made from what is sent of it.</param>
    public ContentReader(ISnapshotSource source, ParcelBuilder parcels, RetriedFiles? heldBack = null,
        bool provesAll = false)
    {
        (_source, _parcels) = (source, parcels);
        _opener = new FileOpener(source, heldBack ?? new RetriedFiles(TimeProvider.System, OpenFailure.LeaseBreakTime));
        _content = new FileContent(source, parcels, provesAll);
        _announcements = new FileAnnouncements(parcels);
    }

    /// <summary>Entries, files and bytes that were dealt with, over all pages.</summary>
    public TreeTotals Sent { get; private set; }

    /// <summary>Told of each piece that is read and not sent; see <see cref="FileContent.Reads"/>.</summary>
    public Action Reads
    {
        get => _content.Reads;
        set => _content.Reads = value;
    }

    /// <summary>The number of the first entry that was not announced yet.</summary>
    public long AnnouncedEnd { get; set; }

    /// <summary>Begins a page. Files whose digest nobody asked for and the origin does not know are read for it all the
    /// same.</summary>
    public void Begin(OutgoingPage page, NeedSet needs)
    {
        var unknown = new List<Need>();
        for (var entry = page.First; entry < page.First + page.Count; entry++)
        {
            if (page[entry] is FileEntry { Digest: null } file) unknown.Add(Need.OfDigest(entry));
        }
        foreach (var need in needs.MergedWith(NeedSet.Of(unknown)).Needs) _needs.Enqueue(need);
        _page = page;
        Sent += new TreeTotals(page.Count - _needs.Count, 0, 0);
    }

    /// <summary>How long to wait before <see cref="Fill"/> is called again, where it came to a file that can't be
    /// opened just now; null: it need not be waited for.</summary>
    public TimeSpan? Pause { get; private set; }

    /// <summary>Works on the page until the parcel is full, or a file is to be waited for (false: take it and call
    /// again), or the page is done (true).</summary>
    public bool Fill()
    {
        Pause = null;
        while (_page is { } page)
        {
            if (_parcels.IsFull) return false;
            if (!_announcements.TryWrite()) return false;
            if (_content.IsOpen) ReadOn();
            else if (!_needs.TryPeek(out _need) && _opener.Held.Count == 0) FinishPage();
            else if (_needs.Count == 0 && (Pause = _opener.Held.Pause) is not null) return SayThatItGoesOn(page);
            else if (!_parcels.HasRoomFor(LongestLine(page[Next.Entry]))) return false;
            else
            {
                _need = _needs.TryDequeue(out var next) ? next : _opener.Held.Take();
                Open(attempt: 1);
            }
        }
        return true;
    }

    private Need Next => _needs.Count > 0 ? _need : _opener.Held.Next;

    /// <summary>A receiver that is owed content and hears nothing for long gives its link up: it is told again of the
    /// file that is waited for, which changes nothing.</summary>
    private bool SayThatItGoesOn(OutgoingPage page)
    {
        if (!_opener.Held.IsToBeSaid || _source.IsFinal(page)
            || page[_opener.Held.Next.Entry] is not FileEntry { Digest: null } waited
            || !_parcels.HasRoomFor(LongestLine(waited))) return false;
        var entry = _opener.Held.Said();
        _source.Forget(entry);
        _announcements.Again(entry, waited);
        return false;
    }

    private static int LongestLine(Entry entry) => (3 * entry.Path.Bytes.Length) + 512;

    private void FinishPage()
    {
        _source.SettleComplete();
        _page = null;
    }

    private void Open(int attempt)
    {
        _try = attempt;
        if (_page![_need.Entry] is not FileEntry announced) return;
        // Nobody lacks its content, and it was scanned as it is remembered: that is what it was at its scan, whatever
        // it is by now.
        if (announced.Digest is null && _need.Offset >= announced.Stamp.Size
            && _source.Remembered(_need.Entry) is { } digest)
        {
            _source.Unread(_need.Entry);
            Finish(announced with { Digest = digest });
            return;
        }
        var mayAnnounce = !_source.IsFinal(_page) && announced.Digest is null;
        var need = attempt == 1 ? _need : _need with { Ranges = ByteRanges.Whole };
        if (_opener.Open(announced, need, mayWait: attempt == 1 || mayAnnounce, mayAnnounce,
            out var why) is not { } file)
        {
            if (why is { } reason) LeaveOut(announced, reason);
            // What was sent of it is void.
            else if (attempt > 1) _announcements.Again(_need.Entry, announced);
            return;
        }
        if (attempt == 1 && file.IsAsAnnounced) _content.Begin(file, announced, _need, mayKnow: true);
        else if (_source.IsFinal(_page)) Spoil(file);
        else AnnounceAgain(file);
    }

    /// <summary>Says what the file is now; its content follows from the beginning.</summary>
    private void AnnounceAgain(SourceFile file)
    {
        var before = _page![_need.Entry] as FileEntry;
        _source.Forget(_need.Entry);
        var entry = file.Current with { Digest = file.Current.Stamp.Size == 0 ? Sha256Digest.OfNothing : null };
        if (!_page.HasRoomFor(_need.Entry, entry))
        {
            file.Dispose();
            LeaveOut(entry, Omission.Changed);
            return;
        }
        _page[_need.Entry] = entry;
        if (before?.Stamp.Inode != entry.Stamp.Inode) LoseOtherNames();
        _announcements.Again(_need.Entry, entry);
        _need = _need with { Ranges = ByteRanges.Whole };
        if (entry.Digest is null)
        {
            _content.Begin(file, entry, _need, mayKnow: false);
            return;
        }
        file.Dispose();
        Count(entry);
    }

    private void ReadOn()
    {
        try
        {
            if (_content.IsAtEnd) End();
            else if (!_content.ReadOn()) TryAgain();
        }
        catch (PosixException e)
        {
            var entry = _content.Entry;
            _source.CannotRead(entry.Path, e.Errno, _content.Drop());
            LeaveOut(entry, Omission.Unreadable);
        }
    }

    private void End()
    {
        var (entry, digest) = (_content.Entry, _content.FinishDigest());
        var isUnchanged = _content.IsUnchanged;
        if (!isUnchanged && !_content.HasOnlyGrown(digest)) TryAgain();
        else if (_content.Proves && digest != entry.Digest) Correct();
        else
        {
            _content.Take().Dispose();
            if (!isUnchanged) _source.Notes.Grown(entry.Path, entry.Stamp.Size);
            if (_source.Remembered(_need.Entry) is { } remembered && remembered != digest)
                _source.Notes.Misremembered(entry.Path);
            _source.Read(_need.Entry);
            Finish(entry with { Digest = digest });
        }
    }

    /// <summary>Its digest was announced, and it is not that of its content, which was just sent.</summary>
    private void Correct()
    {
        var entry = _content.Entry;
        if (_source.IsFinal(_page!))
        {
            var inode = _content.Drop();
            _source.IsOther(entry.Path, EntryFault.OtherContent, inode);
            _source.Doubt(_need.Entry);
            _source.Notes.MisrememberedTooLate(entry.Path);
            LeaveOut(entry, Omission.Changed);
            return;
        }
        _source.Notes.Misremembered(entry.Path);
        var file = _content.Take();
        file.Position = 0;
        AnnounceAgain(file);
    }

    private void Finish(FileEntry file)
    {
        _page![_need.Entry] = file;
        _parcels.Append(new EndFrame(_need.Entry, file.Stamp.Size, file.Digest!.Value));
        Count(file);
    }

    /// <summary>Before anything is said of the file itself: that may complete its page at a receiver, and every page
    /// after it.</summary>
    private void LoseOtherNames()
    {
        foreach (var name in _source.LoseOtherNames(_need.Entry, AnnouncedEnd))
            _announcements.LeftOut(name, Omission.Changed);
    }

    private void TryAgain()
    {
        var entry = _content.Entry;
        _content.Drop();
        if (_try < Tries) Open(_try + 1);
        else LeaveOut(entry, Omission.Changed);
    }

    private void LeaveOut(FileEntry entry, Omission why)
    {
        if (_source.IsFinal(_page!)) _parcels.Append(new SpoiledFrame(_need.Entry));
        else
        {
            _page![_need.Entry] = new OmittedEntry(entry.Path, why);
            LoseOtherNames();
            _announcements.LeftOut(_need.Entry, why);
        }
        Sent += new TreeTotals(1, 0, 0);
    }

    /// <summary>The manifest is sealed for this file and it is another one now: it can't be had from here any more.
    /// </summary>
    private void Spoil(SourceFile file)
    {
        _source.IsOther(file.Current.Path, file.IsAsAnnounced ? null : EntryFault.OtherSize, file.Inode);
        file.Dispose();
        _parcels.Append(new SpoiledFrame(_need.Entry));
    }

    private void Count(FileEntry file) => Sent += new TreeTotals(1, 1, file.Stamp.Size);

    /// <inheritdoc/>
    public void Dispose() => _content.Dispose();
}
