using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Transfer.Sending.Sources;

namespace BackupDistribuido.Transfer.Sending.Content;

/// <summary>
/// Answers requests for content from the files of a sealed snapshot, one after the other: what is wanted, then END, or
/// why there is none. Content of which all is wanted is proven while it is read. For one thread at a time.
/// </summary>
internal sealed class ContentReading(ISnapshotSource source, ParcelBuilder parcels) : IDisposable
{
    private readonly FileContent _content = new(source, parcels, provesAll: true);
    private ContentRequest _request;

    /// <summary>Whether a request is being answered.</summary>
    public bool IsOpen => _content.IsOpen;

    /// <summary>Begins to answer; true where that is all already.</summary>
    public bool Begin(ContentRequest request)
    {
        _request = request;
        var want = request.Want;
        if (want.Entry is not { } entry || Sealed(entry) is not { } file || file.Digest != want.Digest
            || file.Stamp.Size != want.Size) return Lack(ContentLack.Unknown);
        if (!source.TryOpen(entry, file, out var opened, out var failure))
        {
            source.CannotRead(file.Path, failure.Errno);
            return Lack(ContentLack.Unreadable);
        }
        if (!opened.IsAsAnnounced)
        {
            source.IsOther(file.Path, EntryFault.OtherSize, opened.Inode);
            opened.Dispose();
            return Lack(ContentLack.Damaged);
        }
        _content.Begin(opened, file, new Need(want.Request, request.Ranges), mayKnow: request.Ranges.IsWhole);
        return false;
    }

    private FileEntry? Sealed(long entry)
    {
        try
        {
            return source.Sealed(entry);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new LinkException(ErrorCode.Storage, Reason.Of(e), e);
        }
    }

    /// <summary>Reads on a piece; true where the request is answered now.</summary>
    public bool ReadOn()
    {
        try
        {
            if (_content.IsAtEnd) return End();
            return !_content.ReadOn() && LackOf(EntryFault.OtherSize);
        }
        catch (PosixException e)
        {
            var path = _content.Entry.Path;
            source.CannotRead(path, e.Errno, _content.Drop());
            return Lack(ContentLack.Unreadable);
        }
    }

    private bool End()
    {
        if (!_content.IsUnchanged || _content.FinishDigest() != _request.Want.Digest)
            return LackOf(EntryFault.OtherContent);
        _content.Take().Dispose();
        parcels.Append(new EndFrame(_request.Want.Request, _request.Want.Size, _request.Want.Digest));
        return true;
    }

    private bool LackOf(EntryFault fault)
    {
        var path = _content.Entry.Path;
        source.IsOther(path, fault, _content.Drop());
        return Lack(ContentLack.Damaged);
    }

    private bool Lack(ContentLack why)
    {
        parcels.Append(new LackFrame(_request.Want.Request, why));
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _content.Dispose();
}
