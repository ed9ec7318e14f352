using System.Diagnostics.CodeAnalysis;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Transfer.Sending.Sources;

/// <summary>
/// What a snapshot is sent from: a live tree, a stored replica. It is given in manifest pages, and a page keeps its
/// number and its entries, so any number of passes can be made over it. For one thread at a time.
/// </summary>
public interface ISnapshotSource : IDisposable
{
    /// <summary>Told what its owner should know of the tree.</summary>
    TreeObserver Notes { get; }

    /// <summary>How many pages, from the first on, can no longer change.</summary>
    int FinalPages { get; }

    /// <summary>A page by its number, which is at most one above the highest asked for so far; null behind the last
    /// one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is further behind, or negative: it would get another page's
    /// entries.</exception>
    /// <exception cref="IOException">The tree or its manifest can't be read.</exception>
    OutgoingPage? Page(int number);

    /// <summary>True where the page's lines can no longer change: all its digests are known, so a receiver may have it
    /// whole.</summary>
    bool IsFinal(OutgoingPage page);

    /// <summary>Makes the pages final whose digests are all known, in order.</summary>
    /// <exception cref="SourceRefusedException">The manifest can't be written.</exception>
    void SettleComplete();

    /// <summary>What closes the tree, once every page is final.</summary>
    /// <exception cref="SourceRefusedException">Such a tree must not be published.</exception>
    SealFrame MakeSeal();

    /// <summary>The seal and what is known of the sealed tree; null while a page is not final.</summary>
    SealedTree? Seal { get; }

    /// <summary>A file of a final page, by its number; null where there is none.</summary>
    FileEntry? Sealed(long entry);

    /// <summary>Opens a file of the tree.</summary>
    bool TryOpen(long entry, FileEntry announced, [NotNullWhen(true)] out SourceFile? file, out OpenFailure failure);

    /// <summary>Reads on in a file of it until the buffer is full, and counts that; false where the file ends before.
    /// </summary>
    /// <exception cref="PosixException">The disk or its file system failed.</exception>
    bool TryFill(SourceFile file, Span<byte> content);

    /// <summary>Whether what was read of a file belongs together, as far as the file itself tells.</summary>
    /// <exception cref="PosixException">The file can't be asked any more.</exception>
    bool IsUnchanged(SourceFile file);

    /// <summary>The digest that is remembered of a file of a page that is not final; it holds while the file is what
    /// was announced.</summary>
    Sha256Digest? Remembered(long entry);

    /// <summary>Whether the digest that was announced of a file was not read here: whoever lacks the file must be given
    /// proof.</summary>
    bool MustProve(long entry);

    /// <summary>The entry goes into its page with the digest that is remembered of it: nobody lacks it, so it is not
    /// read.</summary>
    void Unread(long entry);

    /// <summary>The entry's digest is that of what was read.</summary>
    void Read(long entry);

    /// <summary>Another file has that entry by now: nothing is remembered of it.</summary>
    void Forget(long entry);

    /// <summary>The next run is not to know the entry by its stamp, whatever that is.</summary>
    void Doubt(long entry);

    /// <summary>
    /// A file is no longer what its other names are: it is left out, or another one has its name. Leaves out the names
    /// that are known so far; gives those of entries below <paramref name="announced"/>, which receivers know of
    /// already.
    /// </summary>
    IReadOnlyList<long> LoseOtherNames(long first, long announced);

    /// <summary>A file could not be opened or read.</summary>
    void CannotRead(TreePath path, Errno errno, ulong? inode = null);

    /// <summary>A file is not what the final manifest says; <paramref name="fault"/> null: it was written to while it
    /// was read.</summary>
    void IsOther(TreePath path, EntryFault? fault, ulong inode);
}
