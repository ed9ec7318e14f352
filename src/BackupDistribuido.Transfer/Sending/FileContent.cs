using System.Security.Cryptography;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Transfer.Sending.Sources;

namespace BackupDistribuido.Transfer.Sending;

/// <summary>
/// Reads one file after the other, each from front to end: what is lacked of it goes into parcels, what is not is read
/// for the digest only. This is where the bytes that are sent are hashed. For one thread.
/// </summary>
/// <param name="provesAll">Whether every file's digest is made from what is sent of it, also where it is known: its
/// receivers rely on that.</param>
internal sealed class FileContent(ISnapshotSource source, ParcelBuilder parcels, bool provesAll) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _scratch = new byte[WireLimits.DataBytes];
    private SourceFile? _file;
    private FileEntry _entry = null!;
    private Need _need;
    private bool _proves;

    /// <summary>Whether a file is being read.</summary>
    public bool IsOpen => _file is not null;

    /// <summary>The file that is being read, or was last.</summary>
    public FileEntry Entry => _entry;

    /// <summary>Whether its digest was announced and is being proven.</summary>
    public bool Proves => _proves;

    /// <summary>Told of each piece that is read and not sent: that takes long where files are large, and nothing else
    /// shows that it goes on.</summary>
    public Action Reads { get; set; } = () => { };

    private bool Hashes => _proves || _entry.Digest is null;

    /// <summary>Begins a file, which is this one's from now on.</summary>
    /// <param name="file">It, at its beginning.</param>
    /// <param name="entry">What is announced of it.</param>
    /// <param name="need">What is lacked of it.</param>
    /// <param name="mayKnow">Whether a digest that was announced may be known rather than proven.</param>
    public void Begin(SourceFile file, FileEntry entry, Need need, bool mayKnow)
    {
        (_file, _entry, _need) = (file, entry, need);
        // What was read in this run need not be hashed again where every receiver checks it. What is only remembered is
        // not known, and what a disk was given once may not be there any more.
        _proves = mayKnow && entry.Digest is not null && (provesAll || source.MustProve(need.Entry));
        if (entry.Digest is not null && !_proves) file.Position = Math.Min(need.Offset, entry.Stamp.Size);
    }

    /// <summary>Whether all of it was read.</summary>
    public bool IsAtEnd => _file!.Position >= _entry.Stamp.Size;

    /// <summary>Reads on a piece. False: the file ends before the length that was announced.</summary>
    /// <exception cref="PosixException">The disk or its file system failed.</exception>
    public bool ReadOn()
    {
        var (file, size) = (_file!, _entry.Stamp.Size);
        var (isHole, end) = file.Extent;
        var (toSend, border) = _need.Ranges.At(file.Position);
        if (!toSend && !Hashes)
        {
            file.Position = Math.Min(border, size);
            return true;
        }
        var length = Math.Min(Math.Min(border, size), end) - file.Position;
        if (isHole)
        {
            Skip(file, Math.Min(length, WireLimits.HoleBytes), toSend);
            return true;
        }
        return toSend ? Send(file, (int)Math.Min(length, parcels.DataRoom)) : ReadOnly(file, length);
    }

    private bool Send(SourceFile file, int length)
    {
        var content = parcels.ReserveData(_need.Entry, file.Position, length).Span;
        var isWhole = false;
        try
        {
            isWhole = source.TryFill(file, content);
        }
        finally
        {
            // Also where the disk fails: something else is said about the file then.
            if (!isWhole) parcels.Rollback();
        }
        if (!isWhole) return false;
        parcels.Commit();
        if (Hashes) _hash.AppendData(content);
        return true;
    }

    private void Skip(SourceFile file, long length, bool toSend)
    {
        if (Hashes) Reads();
        if (toSend) parcels.Append(new HoleFrame(_need.Entry, file.Position, length));
        if (Hashes) _hash.AppendZeros(length);
        file.Position += length;
    }

    /// <summary>Content that every receiver has: read for the digest only.</summary>
    private bool ReadOnly(SourceFile file, long length)
    {
        var content = _scratch.AsSpan(0, (int)Math.Min(length, _scratch.Length));
        var isWhole = source.TryFill(file, content);
        if (isWhole) _hash.AppendData(content);
        Reads();
        return isWhole;
    }

    /// <summary>The digest of all that was read of the file, or the one that is known of it. Once a file.</summary>
    public Sha256Digest FinishDigest() => Hashes ? Sha256Digest.Finish(_hash) : _entry.Digest!.Value;

    /// <summary>Whether what was read belongs together: the file is as it was at its opening.</summary>
    /// <exception cref="PosixException">The disk or its file system failed.</exception>
    public bool IsUnchanged => source.IsUnchanged(_file!);

    /// <summary>Whether the file has changed at its end only, behind what was read.</summary>
    /// <exception cref="PosixException">The disk or its file system failed.</exception>
    public bool HasOnlyGrown(Sha256Digest digest) => _file!.HasOnlyGrown(_entry.Stamp.Size, digest, _scratch);

    /// <summary>Gives the file to the caller, open.</summary>
    public SourceFile Take()
    {
        var file = _file!;
        _file = null;
        return file;
    }

    /// <summary>Closes it. Nothing that was hashed of it counts.</summary>
    public ulong Drop()
    {
        var inode = _file!.Inode;
        Take().Dispose();
        Sha256Digest.Finish(_hash);
        return inode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _hash.Dispose();
    }
}
