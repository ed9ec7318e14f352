using System.Security.Cryptography;
using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Transfer.Receiving;

/// <summary>
/// Where a snapshot that is received goes: a new one in staging; a folder that is restored, the repair of one that has
/// lost something. It is told of entries in the order of a manifest, some of them more than once. For one thread at a
/// time. All calls fail with an <see cref="IOException"/> where the disk refuses.
/// </summary>
public interface ISnapshotSink : IDisposable
{
    /// <summary>How many pages of the manifest are final here; they are not asked for.</summary>
    int Pages { get; }

    /// <summary>What is in those.</summary>
    TreeTotals Totals { get; }

    /// <summary>Their last entry; null: there is none.</summary>
    Entry? Last { get; }

    /// <summary>What their lines come to.</summary>
    ManifestSeal Seal { get; }

    /// <summary>A page is final: nothing of it is lacked, and every digest known.</summary>
    void Append(CompletePage page);

    /// <summary>Makes a directory, a symbolic link or a special file, or notes that it can't be had here. Nothing for
    /// other entries.</summary>
    void Make(Entry entry);

    /// <summary>Begins a file; null, and noted, where its name can't be had here: then its content is checked and
    /// dropped.</summary>
    ISinkFile? TryCreate(FileEntry file);

    /// <summary>What is here already of a file that was announced, and where it belongs from now on; null: nothing.
    /// Whether it is that file, its digest says when it is known: then <see cref="Confirm"/> it, or
    /// <see cref="Remove"/> it.</summary>
    /// <param name="file">The file, as it was announced.</param>
    /// <param name="mayStayOpen">Whether a part of it is of use.</param>
    FoundFile? Find(FileEntry file, bool mayStayOpen);

    /// <summary>What was found of a file is that file.</summary>
    void Confirm(FileEntry file, FoundFile found);

    /// <summary>Removes what is here of an entry: it was announced anew, or is left out. Nothing where nothing is.
    /// </summary>
    void Remove(TreePath path);

    /// <summary>Makes all of it durable, and puts it in its place.</summary>
    /// <param name="seal">The origin's seal: what is here must have that.</param>
    /// <exception cref="InvalidDataException">It has another; nothing was put in place.</exception>
    void Publish(ManifestSeal seal);
}

/// <summary>A file that is written from front to end. It ends in one of <see cref="Finish"/>, <see cref="Leave"/> and
/// <see cref="Abandon"/>.</summary>
public interface ISinkFile
{
    /// <summary>Bytes that it has so far.</summary>
    long Length { get; }

    /// <summary>Appends.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Leaves so many bytes out: they read as zeros.</summary>
    void Skip(long bytes);

    /// <summary>It is whole, and has its digest.</summary>
    void Finish();

    /// <summary>Closes it as it is, for a later life of the sink to go on with.</summary>
    void Leave();

    /// <summary>Gives it up and removes it.</summary>
    void Abandon();
}

/// <summary>What a sink has of a file that was announced.</summary>
/// <param name="Digest">All of it is here, and has that; null: only a beginning is.</param>
/// <param name="Beginning">That beginning, to be gone on with.</param>
/// <param name="Hash">The SHA-256 over that beginning.</param>
/// <param name="Taken">Where it was taken from an earlier snapshot; null: it was received in an earlier life.</param>
public sealed record FoundFile(Sha256Digest? Digest, ISinkFile? Beginning = null, IncrementalHash? Hash = null,
    TakenFile? Taken = null);
