using System.Diagnostics.CodeAnalysis;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Transfer.Sending.Sources;

/// <summary>
/// A snapshot that was published: what its manifest says was right once, and whatever its files are now says nothing
/// against that. Each file is proven while it is read. It owns the tree and the manifest.
/// </summary>
/// <param name="source">Its files.</param>
/// <param name="manifest">The whole of its manifest.</param>
/// <param name="notes">Told what its owner should know.</param>
/// <param name="unfit">Told of each file that is not what its manifest says, or can't be read; from the thread that
/// reads.</param>
public sealed class StoredReplica(SourceTree source, ManifestDraft manifest, TreeObserver notes,
    Action<UnfitFile> unfit)
    : ISnapshotSource
{
    /// <inheritdoc/>
    public TreeObserver Notes => notes;

    /// <inheritdoc/>
    public int FinalPages => manifest.PageCount;

    /// <inheritdoc/>
    public OutgoingPage? Page(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, manifest.PageCount);
        return number == manifest.PageCount ? null
            : new OutgoingPage(number, manifest[number].FirstEntry, manifest.Entries(number));
    }

    /// <inheritdoc/>
    public bool IsFinal(OutgoingPage page) => true;

    /// <inheritdoc/>
    public void SettleComplete()
    {
    }

    /// <inheritdoc/>
    public SealFrame MakeSeal()
    {
        var seal = manifest.Seal;
        return new SealFrame(seal.Entries, manifest.PageCount, seal.Bytes, seal.Digest);
    }

    /// <inheritdoc/>
    public FileEntry? Sealed(long entry) => manifest.Entry(entry) as FileEntry;

    /// <inheritdoc/>
    public SealedTree? Seal => new(manifest.Seal.Digest, manifest.Totals, 0, false, null);

    /// <inheritdoc/>
    public bool TryOpen(long entry, FileEntry announced, [NotNullWhen(true)] out SourceFile? file,
        out OpenFailure failure) => source.TryOpen(announced, out file, out failure);

    /// <inheritdoc/>
    public bool TryFill(SourceFile file, Span<byte> content) => file.TryFill(content);

    /// <inheritdoc/>
    /// <remarks>Its files get and lose other names as snapshots come and go, which moves a time: their digest tells.
    /// </remarks>
    public bool IsUnchanged(SourceFile file) => true;

    /// <inheritdoc/>
    public Sha256Digest? Remembered(long entry) => null;

    /// <inheritdoc/>
    public bool MustProve(long entry) => true;

    /// <inheritdoc/>
    public void Unread(long entry)
    {
    }

    /// <inheritdoc/>
    public void Read(long entry)
    {
    }

    /// <inheritdoc/>
    public void Forget(long entry)
    {
    }

    /// <inheritdoc/>
    public void Doubt(long entry)
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<long> LoseOtherNames(long first, long announced) => [];

    /// <inheritdoc/>
    public void CannotRead(TreePath path, Errno errno, ulong? inode = null) =>
        unfit(new UnfitFile(path, UnfitFile.FaultOf(errno), inode ?? source.InodeOf(path),
            new PosixException("open", path.ToString(), errno).Reason));

    /// <inheritdoc/>
    public void IsOther(TreePath path, EntryFault? fault, ulong inode) =>
        unfit(new UnfitFile(path, fault, inode, fault is null ? SourceReason.WrittenTo(path) : Reason.None));

    /// <inheritdoc/>
    public void Dispose()
    {
        manifest.Dispose();
        source.Dispose();
    }
}
