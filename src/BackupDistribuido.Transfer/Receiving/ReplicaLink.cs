using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Framing;

namespace BackupDistribuido.Transfer.Receiving;

/// <summary>
/// One link's share in a <see cref="Replica"/>: takes its frames, says what is lacked, and remembers what it brought
/// that is of no use. Disposed when the link is over. For one thread at a time, and for the replica's.
/// </summary>
public sealed class ReplicaLink : IDisposable
{
    private readonly Replica _replica;
    private readonly IncomingLink _link;
    private readonly Action<int, NeedSet> _need;
    private readonly Action<long, FileEntry> _verified;
    private readonly bool _isProven;
    private readonly LinkFaults _faults = new();

    internal ReplicaLink(Replica replica, IncomingLink link, Action<int, NeedSet> need,
        Action<long, FileEntry> verified, bool isProven) =>
        (_replica, _link, _need, _verified, _isProven) = (replica, link, need, verified, isProven);

    /// <summary>Takes all frames of a parcel; the parcel stays the caller's.</summary>
    /// <exception cref="ProtocolException">The parent broke the protocol, or what it sent is damaged.</exception>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Take(Parcel parcel)
    {
        try
        {
            foreach (var slice in parcel.Frames) Take(slice.Frame, parcel.Payload(slice).Span);
            _replica.CountDone();
        }
        catch (Exception e) when (e is not (ProtocolException or LinkException))
        {
            _replica.Break();
            throw;
        }
    }

    private void Take(Frame frame, ReadOnlySpan<byte> payload)
    {
        switch (frame)
        {
            case DataFrame data: _replica.Received += payload.Length; OnData(data, payload); break;
            case HoleFrame hole: OnHole(hole); _replica.CountDone(); break;
            case EndFrame end: OnEnd(end); break;
            case PageFrame page: OnPage(page, payload); break;
            case AgainFrame again: OnAgain(again, payload); break;
            case OmitFrame omit: OnOmit(omit); break;
            case SpoiledFrame spoiled: OnSpoiled(spoiled); break;
            case SealFrame seal: OnSeal(seal); break;
            case AliveFrame: break;
            default: throw new ProtocolException(ErrorCode.Order, "a greeting came in the middle of a conversation");
        }
    }

    private void OnPage(PageFrame frame, ReadOnlySpan<byte> payload)
    {
        if (_replica.Seal is not null) throw new ProtocolException(ErrorCode.Order, "a page came after the tree's end");
        // What is still lacked keeps its page open, and the parent does not know: it goes on to pages that there is no
        // room for.
        if (frame.Page >= _replica.FirstPage + WireLimits.PagesAhead) _faults.Check();
        var (page, isNew) = _link.Announce(frame, payload);
        var needs = new List<Need>();
        for (var number = page.First; number < page.First + page.Count; number++)
        {
            if (isNew && page[number] is FileEntry { Stamp.Size: > 0 } announced) _replica.Presume(number, announced);
            switch (page[number])
            {
                case OmittedEntry omitted when !isNew: _replica.Forget(number, omitted.Path); break;
                case FileEntry file when Lacked(number, file) is { } offset:
                    needs.Add(offset < file.Stamp.Size ? new Need(number, offset) : Need.OfDigest(number));
                    break;
                case FileEntry: break;
                case var other when isNew: _replica.Make(other); break;
            }
        }
        var set = NeedSet.Of(needs);
        _link.Ask(set);
        _need(frame.Page, set);
        _replica.SettleComplete();
    }

    /// <summary>From where on the file is lacked; null where it is all there and its digest is known.</summary>
    private long? Lacked(long number, FileEntry file)
    {
        if (_replica.Held(number) is { } held)
        {
            if (held.Stamp == file.Stamp && held.Metadata == file.Metadata
                && (file.Digest ?? held.Digest) == held.Digest)
            {
                if (file.Digest is null) return file.Stamp.Size;
                _replica.Confirm(number, held, _verified);
                return null;
            }
            _replica.Forget(number, file.Path);
        }
        if (file.Stamp.Size > 0) return _replica.LengthOf(number, file);
        _replica.LengthOf(number, file);
        _replica.StageEmpty(number, file, _verified);
        return null;
    }

    private void OnData(DataFrame data, ReadOnlySpan<byte> payload)
    {
        var known = _link.Accept(data);
        if (known < payload.Length) _replica.Unfinished(data.Entry, _isProven).Append(payload[known..]);
    }

    private void OnHole(HoleFrame hole)
    {
        if (_link.Accept(hole) is var known && known < hole.Length)
            _replica.Unfinished(hole.Entry, _isProven).Skip(hole.Length - known);
    }

    private void OnEnd(EndFrame end)
    {
        var file = _link.Accept(end);
        if (_replica.Held(end.Entry) is not { } held)
        {
            if (!_replica.TryFinish(file, end, _verified)) Damaged(end.Entry, file.Path);
        }
        else if (held.Digest == end.Digest) _replica.Confirm(end.Entry, held, _verified);
        else if (_replica.IsPresumed(end.Entry)) Outdated(end.Entry, held.Path);
        else Damaged(end.Entry, held.Path);
        _replica.SettleComplete();
    }

    /// <summary>A file that seemed unchanged is not: the next link is asked for all of it.</summary>
    private void Outdated(long number, TreePath path)
    {
        _replica.Forget(number, path);
        _faults.Outdated();
    }

    /// <summary>A file's content does not have its digest. The link goes on, so that the rest need not come twice; it
    /// fails at its end, and the next one is asked for it.</summary>
    private void Damaged(long number, TreePath path)
    {
        _replica.Forget(number, path);
        _faults.Damaged(path);
    }

    private void OnAgain(AgainFrame again, ReadOnlySpan<byte> payload)
    {
        var file = _link.Accept(again, payload);
        _replica.Forget(again.Entry, file.Path);
        if (file.Stamp.Size == 0) _replica.StageEmpty(again.Entry, file, _verified);
        _replica.SettleComplete();
    }

    private void OnOmit(OmitFrame omit)
    {
        _replica.Forget(omit.Entry, _link.Accept(omit));
        _replica.SettleComplete();
    }

    private void OnSpoiled(SpoiledFrame spoiled)
    {
        _replica.Forget(spoiled.Entry, _link.Accept(spoiled).Path);
        _faults.Spoiled();
    }

    private void OnSeal(SealFrame seal)
    {
        _faults.Check();
        _link.Accept(seal);
        var have = _replica.SealSoFar;
        if (have.Digest != seal.Digest || have.Bytes != seal.Bytes)
        {
            throw new UnfitManifestException(ErrorCode.Digest,
                "the manifest does not have the digest that it is sealed with");
        }
        _replica.Seal = have;
    }

    /// <summary>The link is over.</summary>
    public void Dispose()
    {
        _link.Dispose();
        _replica.EndLink();
    }
}
