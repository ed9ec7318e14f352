using System.Text;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Kernel;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Staging;

/// <summary>
/// A snapshot that a destination is receiving, in <c>staging/ID</c>: its tree, which <see cref="Writer"/> writes, and
/// the draft of its manifest. For one thread at a time.
/// </summary>
public sealed class StagedSnapshot : IDisposable
{
    private readonly ulong _device;
    private bool _isBroken;
    private bool _isPublished;
    private bool _isLeft;
    private long _takenFiles;
    private long _takenBytes;
    private DateTimeOffset? _oldestRead = DateTimeOffset.MaxValue;

    internal StagedSnapshot(
        OriginFolder folder, SnapshotId id, Descriptor place, Descriptor tree, ManifestDraft draft,
        ReplicaHolding holding)
    {
        (Folder, Id, Place, Draft) = (folder, id, place, draft);
        _device = place.Status(out var status) == Errno.None ? status.Device : 0;
        Sync = folder.SyncsAsAWhole ? new ContentSync(folder.Durability, place, Shown) : null;
        Writer = new TreeWriter(tree, Shown, holding, folder.Durability, Sync);
    }

    /// <summary>The snapshot's id.</summary>
    public SnapshotId Id { get; }

    /// <summary>The manifest as far as its pages are final.</summary>
    public ManifestDraft Draft { get; }

    /// <summary>Writes <c>staging/ID/tree</c>, which the rename at the end makes <c>snapshots/ID</c>.</summary>
    public TreeWriter Writer { get; }

    /// <summary>
    /// A number that grows while the disk works: answered durability calls, and writes that the kernel counts. It does
    /// not change while a disk hangs. It never waits for the disk.
    /// </summary>
    public long Activity => Folder.Durability.Answered + BlockDevice.Writes(_device);

    /// <summary>What can't be held here of what was staged and published.</summary>
    public ReplicaShortfall Shortfall => Writer.Shortfall;

    /// <summary>
    /// Where the files of it came from, once it is published. Those that an earlier life of this destination had
    /// staged, and that were read again, count as received.
    /// </summary>
    public ReplicaIntake? Intake { get; private set; }

    /// <summary>
    /// What an earlier life of this destination left of files whose pages were not whole; null: nothing.
    /// </summary>
    internal UnclaimedFiles? Unclaimed { get; set; }

    internal ReplicaHolding Holding => Writer.Holding;

    internal OriginFolder Folder { get; }

    /// <summary>
    /// <c>staging/ID</c>, opened before anything was written: a later syncfs on it reports every failure since.
    /// </summary>
    internal Descriptor Place { get; }

    /// <summary>Makes all of staging durable at once; null if each file and directory is synced on its own.</summary>
    internal ContentSync? Sync { get; }

    internal string Shown => $"{Folder.Path}/staging/{Id}";

    internal byte[] Name => Encoding.ASCII.GetBytes(Id.ToString());

    internal static StagedSnapshot Begin(OriginFolder folder, SnapshotId id)
    {
        var (name, shown) = (Encoding.ASCII.GetBytes(id.ToString()), $"{folder.Path}/staging/{id}");
        folder.Staging.MakeDirectory(name).OrThrow("mkdirat", shown);
        folder.Staging.OpenDirectory(name, out var place).OrThrow("openat", shown);
        place.MakeDirectory("tree"u8).OrThrow("mkdirat", $"{shown}/tree");
        place.OpenDirectory("tree"u8, out var tree).OrThrow("openat", $"{shown}/tree");
        TreeWriter.MakePrivate(tree, shown);
        var draft = ManifestDraft.Create(place, "draft"u8, $"{shown}/draft");
        return new StagedSnapshot(folder, id, place, tree, draft, new ReplicaHolding(folder.Lacks));
    }

    /// <summary>The kept part of a file, if any; it is then in its place. Once per file.</summary>
    /// <param name="file">The file, as it was announced.</param>
    /// <param name="mayStayOpen">Whether a part of it is of use.</param>
    /// <exception cref="PosixException">The disk refused.</exception>
    public KeptFile? TakeKept(FileEntry file, bool mayStayOpen) => Unclaimed?.Take(Writer, file, mayStayOpen);

    /// <summary>
    /// A file of so many bytes that was here has turned out to be the one that was announced, and stays: one that
    /// <see cref="EarlierSnapshot.Take"/> gave; null: one that was received in an earlier life.
    /// </summary>
    public void Taken(long bytes, TakenFile? file)
    {
        if (file is not { LastRead: var lastRead }) return;
        _takenFiles++;
        _takenBytes += bytes;
        // Whatever else is known, the age of one file is unknown.
        _oldestRead = lastRead is null || _oldestRead is null ? null : lastRead < _oldestRead ? lastRead : _oldestRead;
    }

    /// <summary>Where the files came from, but those that were dropped because of their names.</summary>
    internal ReplicaIntake CountIntake(long droppedFiles, long droppedBytes) => new(
        Math.Max(0, Draft.Totals.Files - _takenFiles - droppedFiles),
        Math.Max(0, Draft.Totals.Bytes - _takenBytes - droppedBytes), _takenFiles, _takenBytes,
        _takenFiles == 0 ? null : _oldestRead);

    /// <summary>
    /// Makes the snapshot durable and puts it under its name, its manifests and <c>latest</c> in place, in the order of
    /// the design: the rename is the commit point. All pages must be in <see cref="Draft"/>, all files finished.
    /// </summary>
    /// <param name="seal">The seal that the origin gave; the draft must have the same.</param>
    /// <exception cref="InvalidDataException">
    /// The draft has another seal, or an entry can't be published; nothing is published.
    /// </exception>
    /// <exception cref="DurabilityException">
    /// The disk did not make everything durable; discard this and receive it again.
    /// </exception>
    /// <exception cref="PosixException">
    /// A call failed; <see cref="Errno.Exists"/> when the snapshot is there already.
    /// </exception>
    /// <exception cref="InvalidOperationException">It failed before, or is published.</exception>
    public StoredSnapshot Publish(ManifestSeal seal)
    {
        if (_isBroken || _isPublished)
            throw new InvalidOperationException($"Snapshot {Id} was published or has failed before.");
        var have = Draft.Seal;
        if (have != seal)
            throw new InvalidDataException(
                $"{Shown}: the manifest has {have.Entries} entries and digest {have.Digest}, the origin sealed "
                + $"{seal.Entries} and {seal.Digest}.");
        // From here on a failure leaves metadata half applied, or a file whose failed sync must not be asked again.
        _isBroken = true;
        var publication = new Publication(this, seal);
        publication.Run();
        Intake = publication.Intake;
        (_isBroken, _isPublished, _isLeft) = (false, true, true);
        RemoveRest();
        return new StoredSnapshot(Id, seal);
    }

    /// <summary>Removes all of the staging. Published replicas stay.</summary>
    /// <exception cref="PosixException">Something can't be removed.</exception>
    public void Discard()
    {
        if (_isPublished) return;
        Dispose();
        Folders.Remove(Folder.Staging, Name, Shown);
    }

    // FUSE and NFS keep an open file under another name, so that its folder can't be removed before this is disposed.
    // The replica is not affected: the rest is removed by the rules of staging.
    private void RemoveRest()
    {
        if (!_isLeft) return;
        try
        {
            // Earlier staging of other snapshots was useful only to this one.
            Folder.Staged.RemoveAll();
            _isLeft = false;
        }
        catch (PosixException)
        {
        }
    }

    /// <summary>Closes everything; staging stays on the disk until it is removed.</summary>
    public void Dispose()
    {
        Sync?.Dispose();
        Unclaimed?.Dispose();
        Writer.Dispose();
        Place.Dispose();
        Draft.Dispose();
        RemoveRest();
        _isLeft = false;
    }
}
