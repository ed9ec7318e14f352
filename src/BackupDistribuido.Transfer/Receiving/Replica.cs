using System.Security.Cryptography;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Staging;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Transfer.Receiving;

/// <summary>
/// A replica that is being received: takes the frames of a link and writes what they bring to staging. It outlives links; what is staged and verified, in an earlier life too, is not asked for again. For one thread at a time.
/// </summary>
/// <param name="staged">Where it is written.</param>
/// <param name="earlier">Where unchanged files are taken from, the first that has one.</param>
public sealed class Replica(StagedSnapshot staged, params IReadOnlyList<EarlierSnapshot> earlier) : IDisposable
{
    /// <summary>Most unfinished files that are taken from one link to the next. A link leaves one at most, and mostly finishes it first.</summary>
    private const int MostUnfinished = 4;

    private readonly IncomingTree _tree = staged.Draft.PageCount is var pages and > 0
        ? IncomingTree.After(pages, staged.Draft.Totals.Entries, staged.Draft.Entries(pages - 1)[^1]) : new IncomingTree();
    private readonly Dictionary<long, FileEntry> _held = [];
    private readonly Dictionary<long, TakenFile?> _presumed = [];
    private readonly Dictionary<long, UnfinishedFile> _unfinished = [];
    private IncrementalHash? _spareHash;
    private LinkFaults _faults = new();
    private bool _isBroken;
    private long _inPlace = staged.Draft.Totals.Bytes;
    private Action<int, NeedSet> _need = (_, _) => { };
    private Action<long, FileEntry> _verified = (_, _) => { };

    /// <summary>The first page that is not whole: what a greeting names.</summary>
    public int FirstPage => _tree.FirstPage;

    /// <summary>Content bytes that links have brought so far. Any thread may look.</summary>
    public long Received { get; private set; }

    /// <summary>Content bytes of the tree that are in staging, of files that are being received too. Fewer where something turns out to be damaged. Any thread may look.</summary>
    public long Done { get; private set; } = staged.Draft.Totals.Bytes;

    /// <summary>The tree's end, once it has come and agreed with what is staged.</summary>
    public ManifestSeal? Seal { get; private set; }

    /// <summary>A new link begins. <paramref name="need"/> is told what is lacked of each page when it is announced, <paramref name="verified"/> each file that is verified.</summary>
    /// <exception cref="InvalidOperationException">The disk has refused something before: what is staged has a hole that no need names.</exception>
    public void BeginLink(Action<int, NeedSet> need, Action<long, FileEntry> verified)
    {
        if (_isBroken) throw new InvalidOperationException("the disk refused a part of this replica; it can't be finished");
        (_need, _verified, _faults) = (need, verified, new LinkFaults());
        _tree.BeginLink();
        // Before any offset is named: what is asked for from there on must be kept while the link lasts.
        while (_unfinished.Count > MostUnfinished) Abandon(_unfinished.Keys.First());
    }

    /// <summary>Takes all frames of a parcel; the parcel stays the caller's.</summary>
    /// <exception cref="ProtocolException">The parent broke the protocol, or what it sent is damaged.</exception>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Take(Parcel parcel)
    {
        try
        {
            foreach (var slice in parcel.Frames) Take(slice.Frame, parcel.Payload(slice).Span);
            Done = _inPlace + _unfinished.Values.Sum(file => file.Length);
        }
        catch (Exception e) when (e is not (ProtocolException or LinkException))
        {
            _isBroken = true;
            throw;
        }
    }

    private void Take(Frame frame, ReadOnlySpan<byte> payload)
    {
        switch (frame)
        {
            case DataFrame data: Received += payload.Length; OnData(data, payload); break;
            case HoleFrame hole: OnHole(hole); break;
            case EndFrame end: OnEnd(end); break;
            case PageFrame page: OnPage(page, payload); break;
            case AgainFrame again: OnAgain(again, payload); break;
            case OmitFrame omit: OnOmit(omit); break;
            case SpoiledFrame spoiled: OnSpoiled(spoiled); break;
            case SealFrame seal: OnSeal(seal); break;
            default: throw new ProtocolException(ErrorCode.Order, "a greeting came in the middle of a conversation");
        }
    }

    private void OnPage(PageFrame frame, ReadOnlySpan<byte> payload)
    {
        if (Seal is not null) throw new ProtocolException(ErrorCode.Order, "a page came after the tree's end");
        // What is still lacked keeps its page open, and the parent does not know: it goes on to pages that there is no room for.
        if (frame.Page >= FirstPage + WireLimits.PagesAhead) _faults.Check();
        var (page, isNew) = _tree.Announce(frame, payload);
        var needs = new List<Need>();
        for (var number = page.First; number < page.First + page.Count; number++)
        {
            if (isNew && page[number] is FileEntry { Stamp.Size: > 0 } announced) Presume(number, announced);
            switch (page[number])
            {
                case DirectoryEntry directory when isNew: staged.Apply(directory); break;
                case SymbolicLinkEntry link when isNew: staged.Apply(link); break;
                case SpecialEntry special when isNew: staged.Apply(special); break;
                case OmittedEntry omitted when !isNew: Forget(number, omitted.Path); break;
                case FileEntry file when Lacked(number, file) is { } offset: needs.Add(new Need(number, offset)); break;
            }
        }
        var set = NeedSet.Of(needs);
        _tree.Ask(set);
        _need(frame.Page, set);
        SettleComplete();
    }

    /// <summary>Takes the file, or its beginning, from what was kept of it, or from a snapshot before where it seems to be the same. Its digest tells.</summary>
    private void Presume(long number, FileEntry file)
    {
        var kept = staged.TakeKept(file, mayStayOpen: _unfinished.Count < MostUnfinished);
        if (kept is { Beginning: { } beginning, Hash: { } hash })
        {
            _unfinished[number] = new UnfinishedFile(beginning.Entry, beginning, hash);
            return;
        }
        var taken = kept?.Whole is null ? earlier.Select(one => one.Take(file)).FirstOrDefault(taken => taken is not null) : null;
        if ((kept?.Whole ?? taken?.Digest) is not { } digest) return;
        _held[number] = file with { Digest = digest };
        _presumed[number] = taken;
    }

    /// <summary>From where on the file is lacked; null where it is all there and its digest is known.</summary>
    private long? Lacked(long number, FileEntry file)
    {
        if (_held.TryGetValue(number, out var held))
        {
            if (held.Stamp == file.Stamp && held.Metadata == file.Metadata && (file.Digest ?? held.Digest) == held.Digest)
            {
                if (file.Digest is null) return file.Stamp.Size;
                Confirm(number, held);
                return null;
            }
            Forget(number, file.Path);
        }
        if (_unfinished.TryGetValue(number, out var unfinished))
        {
            if (unfinished.Entry.Stamp == file.Stamp && unfinished.Entry.Metadata == file.Metadata) return unfinished.Length;
            Forget(number, file.Path);
        }
        if (file.Stamp.Size > 0) return 0;
        StageEmpty(number, file);
        return null;
    }

    private void StageEmpty(long number, FileEntry file)
    {
        using var empty = staged.TryCreate(file);
        empty?.Finish();
        Hold(number, file with { Digest = Sha256Digest.OfNothing }, isHere: empty is not null);
    }

    private void OnData(DataFrame data, ReadOnlySpan<byte> payload)
    {
        var known = _tree.Accept(data);
        if (known < payload.Length) Unfinished(data.Entry).Append(payload[known..]);
    }

    private void OnHole(HoleFrame hole)
    {
        if (_tree.Accept(hole) is var known && known < hole.Length) Unfinished(hole.Entry).Skip(hole.Length - known);
    }

    private UnfinishedFile Unfinished(long entry)
    {
        if (_unfinished.TryGetValue(entry, out var file)) return file;
        file = new UnfinishedFile(_tree.File(entry), staged.TryCreate(_tree.File(entry)), _spareHash ?? IncrementalHash.CreateHash(HashAlgorithmName.SHA256));
        _spareHash = null;
        return _unfinished[entry] = file;
    }

    private void OnEnd(EndFrame end)
    {
        var file = _tree.Accept(end);
        if (_held.TryGetValue(end.Entry, out var held))
        {
            if (held.Digest == end.Digest) Confirm(end.Entry, held);
            else if (_presumed.ContainsKey(end.Entry)) Outdated(end.Entry, held.Path);
            else Damaged(end.Entry, held.Path);
        }
        else if (!_unfinished.TryGetValue(end.Entry, out var received)) throw new ProtocolException(ErrorCode.Order, $"entry {end.Entry} ends without content");
        else if (received.Length != end.Size || Sha256Digest.Finish(received.Hash) != end.Digest) Damaged(end.Entry, file.Path);
        else
        {
            received.File?.Finish();
            _unfinished.Remove(end.Entry);
            Keep(received.Hash);
            Hold(end.Entry, file with { Digest = end.Digest }, isHere: received.File is not null);
        }
        SettleComplete();
    }

    /// <summary>The file is held and has the digest that was said. Whoever knew of it as verified knows.</summary>
    private void Confirm(long number, FileEntry held)
    {
        _tree.Verified(number, held.Digest!.Value);
        if (!_presumed.Remove(number, out var taken)) return;
        staged.Taken(held.Stamp.Size, taken);
        _inPlace += held.Stamp.Size;
        _verified(number, held);
    }

    /// <summary>A file that seemed unchanged is not: the next link is asked for all of it.</summary>
    private void Outdated(long number, TreePath path)
    {
        Forget(number, path);
        _faults.Outdated();
    }

    /// <summary>A file's content does not have its digest. The link goes on, so that the rest need not come twice; it fails at its end, and the next one is asked for it.</summary>
    private void Damaged(long number, TreePath path)
    {
        Forget(number, path);
        _faults.Damaged(path);
    }

    private void OnAgain(AgainFrame again, ReadOnlySpan<byte> payload)
    {
        var file = _tree.Accept(again, payload);
        Forget(again.Entry, file.Path);
        if (file.Stamp.Size == 0) StageEmpty(again.Entry, file);
        SettleComplete();
    }

    private void OnOmit(OmitFrame omit)
    {
        Forget(omit.Entry, _tree.Accept(omit));
        SettleComplete();
    }

    private void OnSpoiled(SpoiledFrame spoiled)
    {
        Forget(spoiled.Entry, _tree.Accept(spoiled).Path);
        _faults.Spoiled();
    }

    private void OnSeal(SealFrame seal)
    {
        _faults.Check();
        _tree.Accept(seal);
        var have = staged.Draft.Seal;
        if (have.Digest != seal.Digest || have.Bytes != seal.Bytes) throw new UnfitManifestException(ErrorCode.Digest, "the manifest does not have the digest that it is sealed with");
        Seal = have;
    }

    private void Hold(long number, FileEntry file, bool isHere)
    {
        _held[number] = file;
        _inPlace += file.Stamp.Size;
        _tree.Verified(number, file.Digest!.Value);
        if (isHere) _verified(number, file);
    }

    /// <summary>What is staged of the file is void.</summary>
    private void Forget(long number, TreePath path)
    {
        Abandon(number);
        var isPresumed = _presumed.Remove(number);
        if (!_held.Remove(number, out var held)) return;
        if (!isPresumed) _inPlace -= held.Stamp.Size;
        staged.Remove(path);
    }

    private void Abandon(long number)
    {
        if (!_unfinished.Remove(number, out var file)) return;
        Sha256Digest.Finish(file.Hash);
        Keep(file.Hash);
        file.File?.Abandon();
    }

    // Most trees have very many small files, one after the other.
    private void Keep(IncrementalHash hash)
    {
        if ((_spareHash ??= hash) != hash) hash.Dispose();
    }

    private void SettleComplete()
    {
        foreach (var page in _tree.TakeComplete())
        {
            staged.Draft.Append(page.Lines.Span, page.First, page.Count);
            for (var number = page.First; number < page.First + page.Count; number++) _held.Remove(number);
        }
    }

    /// <summary>Closes what is open; what is staged stays until it is discarded.</summary>
    public void Dispose()
    {
        foreach (var one in _unfinished.Values.Concat<IDisposable>(earlier)) one.Dispose();
        _spareHash?.Dispose();
    }
}
