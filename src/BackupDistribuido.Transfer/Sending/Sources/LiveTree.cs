using System.Collections;
using System.Diagnostics.CodeAnalysis;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Transfer.Sending.Sources;

/// <summary>
/// A tree as it is scanned, in manifest pages: the final ones in a draft on disk, a few whose digests are not all
/// known in memory, the rest not scanned yet. A page keeps its number and its entries for the whole run, so any number
/// of passes can be made over it. For one thread at a time, but for who only looks.
/// </summary>
/// <param name="seal">Asked before the seal whether such a tree may be published; null: it may.</param>
/// <param name="record">What is known of the tree from its last delivery; null: every file is read. This tree owns
/// it.</param>
/// <param name="isFirst">Nobody else knows of a snapshot of this tree either.</param>
/// <param name="readsAll">What the record knows is for comparing only.</param>
public sealed class LiveTree(SourceTree source, TreeObserver notes, SealRule? seal = null, OriginRecord? record = null,
    bool isFirst = false, bool readsAll = false) : ISnapshotSource
{
    private readonly ManifestDraft _draft = ManifestDraft.Temporary();
    private readonly Queue<OutgoingPage> _open = new();
    private readonly HashSet<long> _lost = [];
    private readonly Dictionary<long, Sha256Digest> _remembered = [];
    private readonly BitArray _unread = new(0);
    private readonly HashSet<long> _doubted = [];
    private readonly List<TreePath> _mounts = [];
    private readonly ChangeCount? _changes = record is null ? null : new ChangeCount(record.Snapshot);
    private IEnumerator<Entry[]>? _scan;
    private TreeContents _contents;
    private long _scanned, _bytesRead;
    private bool _scanEnded;
    private volatile OutgoingPage[] _shown = [];

    /// <summary>Who is told what its owner should know of the tree.</summary>
    public TreeObserver Notes => notes;

    /// <summary>The final pages.</summary>
    public ManifestDraft Draft => _draft;

    /// <inheritdoc/>
    public int FinalPages => _draft.PageCount;

    /// <summary>What is known of its entries at this moment, those of pages that are not final too. From any
    /// thread.</summary>
    public KnownEntries Known() => new(_shown, _draft);

    /// <summary>Entries left out so far in final pages, and those that lack their attributes.</summary>
    public long Skipped { get; private set; }

    /// <summary>A file of a final page, by its number; null where there is none.</summary>
    public FileEntry? Sealed(long entry) => _draft.Entry(entry) as FileEntry;

    /// <summary>The seal, once every page is final.</summary>
    public SealedTree? Seal =>
        _scanEnded && _open.Count == 0
            ? new SealedTree(_draft.Seal.Digest, _draft.Totals, Skipped, seal?.HasShrunk(_contents) == true, Work)
            : null;

    /// <inheritdoc/>
    /// <remarks>It is left out, which its owner is told.</remarks>
    public void CannotRead(TreePath path, Errno errno, ulong? inode = null)
    {
    }

    /// <inheritdoc/>
    /// <remarks>A tree that lives changes.</remarks>
    public void IsOther(TreePath path, EntryFault? fault, ulong inode)
    {
    }

    /// <summary>Reads on in a file of it until the buffer is full, and counts that; false where the file ends
    /// before.</summary>
    /// <exception cref="PosixException">The disk or its file system failed.</exception>
    public bool TryFill(SourceFile file, Span<byte> content)
    {
        if (!file.TryFill(content)) return false;
        _bytesRead += content.Length;
        return true;
    }

    private SourceWork Work =>
        new(_bytesRead, record is { IsWhole: true } ? _changes!.Changes : null, isFirst && record is null);

    /// <summary>Stamps from this time on are too young to know a file by.</summary>
    public FileTime FreshFrom { get; } = StampRule.FreshFrom(DateTimeOffset.UtcNow);

    /// <summary>What is mounted in the tree, as far as it was scanned.</summary>
    public IReadOnlyCollection<TreePath> Mounts => _mounts;

    /// <inheritdoc/>
    /// <remarks>The tree may have shrunk since it was counted.</remarks>
    public SealFrame MakeSeal()
    {
        if (seal?.WhyStopped(_contents) is { } why) throw new SourceRefusedException(why);
        var sealedAs = _draft.Seal;
        return new SealFrame(sealedAs.Entries, _draft.PageCount, sealedAs.Bytes, sealedAs.Digest);
    }

    /// <inheritdoc/>
    public bool TryOpen(long entry, FileEntry announced, [NotNullWhen(true)] out SourceFile? file,
        out OpenFailure failure)
    {
        if (!source.TryOpen(announced, out file, out failure)) return false;
        // A stamp that is old does not tell it from what is still written to its pages.
        if (file.Current.Stamp.Changed.CompareTo(FreshFrom) < 0 && file.MayChangeUnseen) Doubt(entry);
        return true;
    }

    /// <inheritdoc/>
    public bool IsUnchanged(SourceFile file) => file.IsUnchanged();

    /// <inheritdoc/>
    public bool MustProve(long entry) => IsUnread(entry);

    /// <summary>A page by its number, which is at most one above the highest asked for so far; null behind the last
    /// one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is further behind, or negative: it would get another page's
    /// entries.</exception>
    public OutgoingPage? Page(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, _draft.PageCount + _open.Count);
        if (number < _draft.PageCount)
            return new OutgoingPage(number, _draft[number].FirstEntry, _draft.Entries(number));
        var at = number - _draft.PageCount;
        if (at < _open.Count) return _open.ElementAt(at);
        return ScanPage(number);
    }

    /// <summary>True where the page's lines can no longer change: all its digests are known, so a receiver may have it
    /// whole.</summary>
    public bool IsFinal(OutgoingPage page) => page.Number < _draft.PageCount || page.IsComplete;

    /// <summary>The digest that the record has for a scanned file of a page that is not final; it holds while the file
    /// is what was scanned.</summary>
    public Sha256Digest? Remembered(long entry) => _remembered.TryGetValue(entry, out var digest) ? digest : null;

    /// <summary>Another file has that entry by now.</summary>
    public void Forget(long entry)
    {
        _remembered.Remove(entry);
        Read(entry);
    }

    /// <summary>The entry goes into its page with the digest that is remembered of it: nobody lacks it, so it is not
    /// read.</summary>
    public void Unread(long entry)
    {
        if (entry >= int.MaxValue) return;
        if (entry >= _unread.Length)
            _unread.Length = (int)Math.Min(Math.Max(entry + 1, 2L * _unread.Length), int.MaxValue);
        _unread[(int)entry] = true;
    }

    private bool IsUnread(long entry) => entry < _unread.Length && _unread[(int)entry];

    /// <summary>The entry's digest is that of what was read.</summary>
    public void Read(long entry)
    {
        if (IsUnread(entry)) _unread[(int)entry] = false;
    }

    /// <summary>The next run is not to know the entry by its stamp, whatever that is.</summary>
    public void Doubt(long entry)
    {
        if (_doubted.Count < MaxDoubted) _doubted.Add(entry);
    }

    /// <summary>Whether it is not to; of a tree with very many such entries none is.</summary>
    public bool IsDoubted(long entry) => _doubted.Count == MaxDoubted || _doubted.Contains(entry);

    private const int MaxDoubted = 100_000;

    /// <summary>Moves the pages whose digests are all known to the draft, in order.</summary>
    public void SettleComplete()
    {
        while (_open.TryPeek(out var page) && page.IsComplete)
        {
            Append(page);
            _open.Dequeue();
            for (var entry = page.First; entry < page.First + page.Count; entry++)
            {
                _remembered.Remove(entry);
                _contents = _contents.With(page[entry]);
                _changes?.Settled(entry, page[entry]);
                if (page[entry] is not OmittedEntry left) continue;
                Skipped++;
                notes.Omitted(left);
            }
            _shown = [.. _open];
        }
    }

    private void Append(OutgoingPage page)
    {
        try
        {
            _draft.Append(page.Lines().Span, page.First, page.Count);
        }
        catch (PosixException e)
        {
            throw new SourceRefusedException(SourceReason.ManifestNotWritten(Reason.Of(e)), e);
        }
    }

    private IEnumerable<Entry> Scan()
    {
        var number = 0L;
        foreach (var scanned in source.ScanClosely(new ScanObserver(LoseAttributes, notes.Repeated)))
        {
            if (scanned.IsMountPoint && _mounts.Count < OriginRecord.MaxMounts) _mounts.Add(scanned.Entry.Path);
            _changes?.Scanned(number, scanned.Entry, record!.At(scanned.Entry.Path, _changes.Gone));
            if (!readsAll && scanned is { HasSoundStamp: true, Entry: FileEntry { Digest: null } file }
                && record?.DigestOf(file) is { } digest) _remembered[number] = digest;
            number++;
            yield return scanned.Entry;
        }
        if (_changes is not null) record!.Rest(_changes.Gone);
    }

    private OutgoingPage? ScanPage(int number)
    {
        if (_scanEnded) return null;
        if (_scan is null)
        {
            _scan = Paging.Cut(Scan()).GetEnumerator();
            _scan.MoveNext();
        }
        // Other names of what was lost are lost with it, wherever they come.
        Entry[] entries = [.. _scan.Current.Select(entry => entry is HardLinkEntry link && _lost.Contains(link.First)
            ? new OmittedEntry(link.Path, Omission.Changed) : entry)];
        var page = new OutgoingPage(number, _scanned, entries);
        _scanned += entries.Length;
        _open.Enqueue(page);
        _shown = [.. _open];
        _scanEnded = !_scan.MoveNext();
        return page;
    }

    private void LoseAttributes(LostAttributes lost)
    {
        Skipped++;
        notes.AttributesLost(lost);
    }

    /// <summary>
    /// A file is no longer what its other names are: it is left out, or another one has its name. Leaves out the names
    /// that were scanned; gives those of entries below <paramref name="announced"/>, which receivers know of already.
    /// </summary>
    public IReadOnlyList<long> LoseOtherNames(long first, long announced)
    {
        _lost.Add(first);
        var known = new List<long>();
        foreach (var page in _open)
        {
            for (var entry = Math.Max(page.First, first + 1); entry < page.First + page.Count; entry++)
            {
                if (page[entry] is not HardLinkEntry link || link.First != first) continue;
                page[entry] = new OmittedEntry(link.Path, Omission.Changed);
                if (entry < announced) known.Add(entry);
            }
        }
        return known;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _scan?.Dispose();
        record?.Dispose();
        _draft.Dispose();
        source.Dispose();
    }
}
