using System.Security.Cryptography;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Streams.Buffers;

namespace BackupDistribuido.Transfer.Sending;

/// <summary>
/// Turns the needs of one page into frames: reads each needed file once, from its beginning, sends what is lacked, and closes it with its digest. A file that
/// is not what was announced is announced anew; one that changes while it is read is read again, then left out; one that only grew is kept as long as it was. One that can't be opened just now is
/// tried again after the others of its page, see <see cref="HeldBack"/>. For one thread.
/// </summary>
internal sealed class ContentReader(OutgoingTree tree, ParcelBuilder parcels, HeldBack? heldBack = null) : IDisposable
{
    private const int Tries = 3;

    private readonly FileOpener _opener = new(tree, heldBack ?? new HeldBack(TimeProvider.System, OpenFailure.LeaseBreakTime));
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _scratch = new byte[WireLimits.DataBytes];
    private readonly Queue<Need> _needs = new();
    private readonly FileWords _words = new(parcels);
    private OutgoingPage? _page;
    private Need _need;
    private SourceFile? _file;
    private FileEntry _entry = null!;
    private int _try;
    private bool _proves;

    /// <summary>Entries, files and bytes that were dealt with, over all pages.</summary>
    public TreeTotals Sent { get; private set; }

    /// <summary>Told of each piece that is read and not sent: that takes long where files are large, and nothing else shows that it goes on.</summary>
    public Action Reads { get; set; } = () => { };

    /// <summary>The number of the first entry that was not announced yet.</summary>
    public long AnnouncedEnd { get; set; }

    /// <summary>Begins a page. Files whose digest nobody asked for and the origin does not know are read for it all the same.</summary>
    public void Begin(OutgoingPage page, NeedSet needs)
    {
        var unknown = new List<Need>();
        for (var entry = page.First; entry < page.First + page.Count; entry++)
        {
            if (page[entry] is FileEntry { Digest: null } file) unknown.Add(new Need(entry, file.Stamp.Size));
        }
        foreach (var need in needs.MergedWith(NeedSet.Of(unknown)).Needs) _needs.Enqueue(need);
        _page = page;
        Sent += new TreeTotals(page.Count - _needs.Count, 0, 0);
    }

    /// <summary>How long to wait before <see cref="Fill"/> is called again, where it came to a file that can't be opened just now; null: it need not be waited for.</summary>
    public TimeSpan? Pause { get; private set; }

    /// <summary>Works on the page until the parcel is full, or a file is to be waited for (false: take it and call again), or the page is done (true).</summary>
    public bool Fill()
    {
        Pause = null;
        while (_page is { } page)
        {
            if (parcels.IsFull) return false;
            if (!_words.TrySay()) return false;
            if (_file is not null) ReadOn(_file);
            else if (!_needs.TryPeek(out _need) && _opener.Held.Count == 0) FinishPage();
            else if (_needs.Count == 0 && (Pause = _opener.Held.Pause) is not null) return SayThatItGoesOn(page);
            else if (!parcels.HasRoomFor(LongestLine(page[(_needs.Count > 0 ? _need : _opener.Held.Next).Entry]))) return false;
            else
            {
                _need = _needs.TryDequeue(out var next) ? next : _opener.Held.Take();
                Open(attempt: 1);
            }
        }
        return true;
    }

    /// <summary>A receiver that is owed content and hears nothing for long gives its link up: it is told again of the file that is waited for, which changes nothing.</summary>
    private bool SayThatItGoesOn(OutgoingPage page)
    {
        if (!_opener.Held.IsToBeSaid || tree.IsFinal(page) || page[_opener.Held.Next.Entry] is not FileEntry { Digest: null } waited || !parcels.HasRoomFor(LongestLine(waited))) return false;
        var entry = _opener.Held.Said();
        tree.Forget(entry);
        _words.Again(entry, waited);
        return false;
    }

    private static int LongestLine(Entry entry) => (3 * entry.Path.Bytes.Length) + 512;

    private void FinishPage()
    {
        tree.SettleComplete();
        _page = null;
    }

    private void Open(int attempt)
    {
        _try = attempt;
        if (_page![_need.Entry] is not FileEntry announced) return;
        // Nobody lacks its content, and it was scanned as it is remembered: that is what it was at its scan, whatever it is by now.
        if (announced.Digest is null && _need.Offset >= announced.Stamp.Size && tree.Remembered(_need.Entry) is { } digest)
        {
            tree.Unread(_need.Entry);
            Finish(announced with { Digest = digest });
            return;
        }
        var mayAnnounce = !tree.IsFinal(_page) && announced.Digest is null;
        var need = attempt == 1 ? _need : _need with { Offset = 0 };
        if (_opener.Open(announced, need, mayWait: attempt == 1 || mayAnnounce, mayAnnounce, out var why) is not { } file)
        {
            if (why is { } reason) LeaveOut(announced, reason);
            // What was sent of it is void.
            else if (attempt > 1) _words.Again(_need.Entry, announced);
            return;
        }
        if (attempt == 1 && file.IsAsAnnounced) Begin(file, announced);
        else if (tree.IsFinal(_page)) Spoil(file);
        else AnnounceAgain(file);
    }

    private void Begin(SourceFile file, FileEntry announced)
    {
        (_file, _entry) = (file, announced);
        // What was read in this run need not be hashed again; every receiver checks it. What is only remembered is not known, and what a disk was given once may not be there any more.
        _proves = announced.Digest is not null && (tree.IsStored || tree.IsUnread(_need.Entry));
        if (announced.Digest is not null && !_proves) file.Position = _need.Offset;
    }

    private bool Hashes => _proves || _entry.Digest is null;

    /// <summary>Says what the file is now; its content follows from the beginning.</summary>
    private void AnnounceAgain(SourceFile file)
    {
        var before = _page![_need.Entry] as FileEntry;
        tree.Forget(_need.Entry);
        _proves = false;
        _entry = file.Current with { Digest = file.Current.Stamp.Size == 0 ? Sha256Digest.OfNothing : null };
        _page[_need.Entry] = _entry;
        if (before?.Stamp.Inode != _entry.Stamp.Inode) LoseOtherNames();
        _words.Again(_need.Entry, _entry);
        _need = _need with { Offset = 0 };
        _file = _entry.Digest is null ? file : null;
        if (_file is not null) return;
        file.Dispose();
        Count(_entry);
    }

    private void ReadOn(SourceFile file)
    {
        try
        {
            if (file.Position >= _entry.Stamp.Size) End(file);
            else ReadPiece(file, _entry.Stamp.Size);
        }
        catch (PosixException e)
        {
            tree.CannotRead(_entry.Path, e.Errno, file.Inode);
            Drop(file);
            LeaveOut(_entry, Omission.Unreadable);
        }
    }

    private void ReadPiece(SourceFile file, long size)
    {
        var (isHole, end) = file.Extent;
        var toSend = file.Position >= _need.Offset;
        var length = (toSend ? Math.Min(size, end) : Math.Min(Math.Min(_need.Offset, size), end)) - file.Position;
        if (isHole) Skip(file, Math.Min(length, WireLimits.HoleBytes), toSend);
        else if (toSend) Send(file, (int)Math.Min(length, parcels.DataRoom));
        else ReadOnly(file, length);
    }

    private void Send(SourceFile file, int length)
    {
        var content = parcels.ReserveData(_need.Entry, file.Position, length).Span;
        var isWhole = false;
        try
        {
            isWhole = tree.TryFill(file, content);
        }
        finally
        {
            // Also where the disk fails: something else is said about the file then.
            if (!isWhole) parcels.Rollback();
        }
        if (isWhole)
        {
            parcels.Commit();
            if (Hashes) _hash.AppendData(content);
        }
        else TryAgain(file);
    }

    private void Skip(SourceFile file, long length, bool toSend)
    {
        if (toSend) parcels.Append(new HoleFrame(_need.Entry, file.Position, length));
        if (Hashes) _hash.AppendZeros(length);
        file.Position += length;
    }

    /// <summary>Content that every receiver has: read for the digest only.</summary>
    private void ReadOnly(SourceFile file, long length)
    {
        var content = _scratch.AsSpan(0, (int)Math.Min(length, _scratch.Length));
        if (tree.TryFill(file, content)) _hash.AppendData(content);
        else TryAgain(file);
        Reads();
    }

    private void End(SourceFile file)
    {
        var digest = Hashes ? Sha256Digest.Finish(_hash) : _entry.Digest!.Value;
        // A snapshot's files get and lose other names as snapshots come and go, which moves a time: their digest tells.
        var isUnchanged = tree.IsStored || file.IsUnchanged();
        if (!isUnchanged && !file.HasOnlyGrown(_entry.Stamp.Size, digest, _scratch)) TryAgain(file);
        else if (_proves && digest != _entry.Digest) Correct(file);
        else
        {
            file.Dispose();
            _file = null;
            if (!isUnchanged) tree.Notes.Grown(_entry.Path, _entry.Stamp.Size);
            if (tree.Remembered(_need.Entry) is { } remembered && remembered != digest) tree.Notes.Misremembered(_entry.Path);
            tree.Read(_need.Entry);
            Finish(_entry with { Digest = digest });
        }
    }

    /// <summary>Its digest is one that was remembered, and it is not that of its content, which was just sent.</summary>
    private void Correct(SourceFile file)
    {
        if (tree.IsFinal(_page!))
        {
            tree.IsOther(_entry.Path, EntryFault.OtherContent, file.Inode);
            tree.Doubt(_need.Entry);
            tree.Notes.MisrememberedTooLate(_entry.Path);
            Drop(file);
            LeaveOut(_entry, Omission.Changed);
            return;
        }
        tree.Notes.Misremembered(_entry.Path);
        file.Position = 0;
        AnnounceAgain(file);
    }

    private void Finish(FileEntry file)
    {
        _page![_need.Entry] = file;
        parcels.Append(new EndFrame(_need.Entry, file.Stamp.Size, file.Digest!.Value));
        Count(file);
    }

    /// <summary>Before anything is said of the file itself: that may complete its page at a receiver, and every page after it.</summary>
    private void LoseOtherNames()
    {
        foreach (var name in tree.LoseOtherNames(_need.Entry, AnnouncedEnd)) _words.LeftOut(name, Omission.Changed);
    }

    private void TryAgain(SourceFile file)
    {
        Drop(file);
        if (_try < Tries) Open(_try + 1);
        else LeaveOut(_entry, Omission.Changed);
    }

    private void Drop(SourceFile file)
    {
        file.Dispose();
        _file = null;
        Sha256Digest.Finish(_hash);
    }

    private void LeaveOut(FileEntry entry, Omission why)
    {
        if (tree.IsFinal(_page!)) parcels.Append(new SpoiledFrame(_need.Entry));
        else
        {
            _page![_need.Entry] = new OmittedEntry(entry.Path, why);
            LoseOtherNames();
            _words.LeftOut(_need.Entry, why);
        }
        Sent += new TreeTotals(1, 0, 0);
    }

    /// <summary>The manifest is sealed for this file and it is another one now: it can't be had from here any more.</summary>
    private void Spoil(SourceFile file)
    {
        tree.IsOther(file.Current.Path, file.IsAsAnnounced ? null : EntryFault.OtherSize, file.Inode);
        file.Dispose();
        parcels.Append(new SpoiledFrame(_need.Entry));
    }

    private void Count(FileEntry file) => Sent += new TreeTotals(1, 1, file.Stamp.Size);

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _hash.Dispose();
    }
}
