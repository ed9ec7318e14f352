using System.Buffers;
using System.Security.Cryptography;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Streams.Buffers;

namespace BackupDistribuido.Actors.Delivery;

/// <summary>
/// Turns the needs of one page into frames: reads each needed file once, from its beginning, sends what is lacked, and closes it with its digest. A file that
/// is not what was announced is announced anew; one that changes while it is read is read again, then left out; one that only grew is kept as long as it was. For one thread.
/// </summary>
internal sealed class ContentReader(OutgoingTree tree, ParcelBuilder parcels) : IDisposable
{
    private const int Tries = 3;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _scratch = new byte[WireLimits.DataBytes];
    private readonly ArrayBufferWriter<byte> _line = new(512);
    private readonly Queue<Need> _needs = new();
    private readonly Queue<OmitFrame> _lostNames = new();
    private OutgoingPage? _page;
    private Need _need;
    private SourceFile? _file;
    private FileEntry _entry = null!;
    private int _try;

    /// <summary>Entries, files and bytes that were dealt with, over all pages.</summary>
    public TreeTotals Sent { get; private set; }

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

    /// <summary>Works on the page until the parcel is full (false: take it and call again) or the page is done (true).</summary>
    public bool Fill()
    {
        while (_page is { } page)
        {
            if (parcels.IsFull) return false;
            if (_lostNames.TryDequeue(out var lost)) parcels.Append(lost);
            else if (_file is not null) ReadOn(_file);
            else if (!_needs.TryPeek(out _need)) FinishPage();
            else if (!parcels.HasRoomFor(LongestLine(page[_need.Entry]))) return false;
            else
            {
                _needs.Dequeue();
                Open(attempt: 1);
            }
        }
        return true;
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
        if (announced.Digest is null && _need.Offset >= announced.Stamp.Size && tree.Remembered(_need.Entry) is { } digest) Finish(announced with { Digest = digest });
        else if (!tree.Source.TryOpenFile(announced, out var file, out var why)) LeaveOut(announced, why);
        else if (attempt == 1 && file.IsAsAnnounced) Begin(file, announced);
        else if (tree.IsFinal(_page)) Spoil(file);
        else AnnounceAgain(file);
    }

    private void Begin(SourceFile file, FileEntry announced)
    {
        (_file, _entry) = (file, announced);
        // What is known already need not be hashed; every receiver checks it.
        if (announced.Digest is not null) file.Position = _need.Offset;
    }

    /// <summary>Says what the file is now; its content follows from the beginning.</summary>
    private void AnnounceAgain(SourceFile file)
    {
        var before = _page![_need.Entry] as FileEntry;
        tree.Forget(_need.Entry);
        _entry = file.Current with { Digest = file.Current.Stamp.Size == 0 ? Sha256Digest.OfNothing : null };
        _page[_need.Entry] = _entry;
        if (before?.Stamp.Inode != _entry.Stamp.Inode) LoseOtherNames();
        _line.ResetWrittenCount();
        EntryLine.Write(_entry, _line);
        parcels.Append(new AgainFrame(_need.Entry, _line.WrittenCount), _line.WrittenSpan);
        _need = _need with { Offset = 0 };
        if (_entry.Digest is null)
        {
            _file = file;
            return;
        }
        file.Dispose();
        Count(_entry);
    }

    private void ReadOn(SourceFile file)
    {
        try
        {
            var size = _entry.Stamp.Size;
            if (file.Position >= size)
            {
                End(file);
                return;
            }
            var (isHole, end) = file.Extent;
            var toSend = file.Position >= _need.Offset;
            var length = (toSend ? Math.Min(size, end) : Math.Min(Math.Min(_need.Offset, size), end)) - file.Position;
            if (isHole) Skip(file, Math.Min(length, WireLimits.HoleBytes), toSend);
            else if (toSend) Send(file, (int)Math.Min(length, parcels.DataRoom));
            else ReadOnly(file, length);
        }
        catch (PosixException)
        {
            Drop(file);
            LeaveOut(_entry, Omission.Unreadable);
        }
    }

    private void Send(SourceFile file, int length)
    {
        var content = parcels.ReserveData(_need.Entry, file.Position, length).Span;
        var isWhole = false;
        try
        {
            isWhole = ReadFully(file, content);
        }
        finally
        {
            // Also where the disk fails: something else is said about the file then.
            if (!isWhole) parcels.Rollback();
        }
        if (!isWhole)
        {
            TryAgain(file);
            return;
        }
        parcels.Commit();
        if (_entry.Digest is null) _hash.AppendData(content);
    }

    private void Skip(SourceFile file, long length, bool toSend)
    {
        if (toSend) parcels.Append(new HoleFrame(_need.Entry, file.Position, length));
        if (_entry.Digest is null) _hash.AppendZeros(length);
        file.Position += length;
    }

    /// <summary>Content that every receiver has: read for the digest only.</summary>
    private void ReadOnly(SourceFile file, long length)
    {
        var content = _scratch.AsSpan(0, (int)Math.Min(length, _scratch.Length));
        if (ReadFully(file, content)) _hash.AppendData(content);
        else TryAgain(file);
    }

    private static bool ReadFully(SourceFile file, Span<byte> content)
    {
        while (!content.IsEmpty)
        {
            var bytes = file.Read(content);
            if (bytes == 0) return false;
            content = content[bytes..];
        }
        return true;
    }

    private void End(SourceFile file)
    {
        var digest = _entry.Digest ?? Sha256Digest.Finish(_hash);
        if (!file.IsUnchanged())
        {
            if (!HasOnlyGrown(file, digest))
            {
                TryAgain(file);
                return;
            }
            tree.Notes.Grown(_entry.Path, _entry.Stamp.Size);
        }
        file.Dispose();
        _file = null;
        Finish(_entry with { Digest = digest });
    }

    private void Finish(FileEntry file)
    {
        _page![_need.Entry] = file;
        parcels.Append(new EndFrame(_need.Entry, file.Stamp.Size, file.Digest!.Value));
        Count(file);
    }

    /// <summary>A log that is written to all the time: what it had at its opening is still there, read once more to be sure, and only that is in the snapshot.</summary>
    private bool HasOnlyGrown(SourceFile file, Sha256Digest digest)
    {
        if (!file.HasGrown()) return false;
        file.Position = 0;
        for (var rest = _entry.Stamp.Size; rest > 0;)
        {
            var content = _scratch.AsSpan(0, (int)Math.Min(rest, _scratch.Length));
            if (!ReadFully(file, content)) return false;
            _hash.AppendData(content);
            rest -= content.Length;
        }
        return Sha256Digest.Finish(_hash) == digest;
    }

    private void LoseOtherNames()
    {
        foreach (var name in tree.LoseOtherNames(_need.Entry, AnnouncedEnd)) _lostNames.Enqueue(new OmitFrame(name, Omission.Changed));
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
            parcels.Append(new OmitFrame(_need.Entry, why));
            LoseOtherNames();
        }
        Sent += new TreeTotals(1, 0, 0);
    }

    /// <summary>The manifest is sealed for this file and it is another one now: it can't be had from here any more.</summary>
    private void Spoil(SourceFile file)
    {
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
