using System.Text;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Staging;

/// <summary>
/// A snapshot that a destination is receiving, in <c>staging/ID</c>: the tree, and the draft of its manifest. Everything is made by names relative to open directories and
/// without following links, so nothing is ever written outside. For one thread at a time.
/// </summary>
public sealed class StagedSnapshot : IDisposable
{
    private static readonly byte[][] AccessLists = ["system.posix_acl_access"u8.ToArray(), "system.posix_acl_default"u8.ToArray()];

    private readonly DirectoryCursor _cursor;
    private readonly ulong _device;
    private bool _isBroken;
    private bool _isPublished;
    private bool _isLeft;
    private long _takenFiles;
    private long _takenBytes;
    private DateTimeOffset? _oldestRead = DateTimeOffset.MaxValue;

    internal StagedSnapshot(OriginFolder folder, SnapshotId id, Descriptor place, Descriptor tree, ManifestDraft draft, ReplicaHolding holding)
    {
        (Folder, Id, Place, Tree, Draft, Holding) = (folder, id, place, tree, draft, holding);
        Metadata = new MetadataWriter(holding);
        _device = place.Status(out var status) == Errno.None ? status.Device : 0;
        _cursor = new DirectoryCursor(tree, crossesMounts: false);
        Sync = folder.SyncsAsAWhole ? new ContentSync(folder.Durability, place, Shown) : null;
    }

    /// <summary>The snapshot's id.</summary>
    public SnapshotId Id { get; }

    /// <summary>The manifest as far as its pages are final.</summary>
    public ManifestDraft Draft { get; }

    /// <summary>Told once of each kind of thing that can't be held here, when it is met first.</summary>
    public Action<ReplicaLimits>? LimitMet { get => Holding.Met; set => Holding.Met = value; }

    /// <summary>Told of each entry that is missing because this file system can't have its name: what the system said of it.</summary>
    public Action<PosixException>? NameMet { get => Holding.NameMet; set => Holding.NameMet = value; }

    /// <summary>A number that grows while the disk that holds this works: durability calls that were answered, and
    /// writes that the kernel counts. A disk that hangs leaves it as it is. It never waits for the disk.</summary>
    public long Activity => Folder.Durability.Answered + BlockDevice.Writes(_device);

    /// <summary>What can't be held here of what was staged and published.</summary>
    public ReplicaShortfall Shortfall => Holding.Shortfall;

    /// <summary>Where the files of it came from, once it is published. Those that an earlier life of this destination had staged, and that were read again, count as received.</summary>
    public ReplicaIntake? Intake { get; private set; }

    /// <summary>What an earlier life of this destination left of files whose pages were not whole; null: nothing.</summary>
    internal StrayFiles? Strays { get; set; }

    internal ReplicaHolding Holding { get; }

    internal MetadataWriter Metadata { get; }

    internal OriginFolder Folder { get; }

    /// <summary><c>staging/ID</c>, opened before anything was written: a later syncfs on it reports every failure since.</summary>
    internal Descriptor Place { get; }

    /// <summary><c>staging/ID/tree</c>, which the rename at the end makes <c>snapshots/ID</c>.</summary>
    internal Descriptor Tree { get; }

    /// <summary>How all that is staged becomes durable at once; null where each file and directory is synced by itself.</summary>
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
        // A ROOT with set-gid would hand its group down to all that is made below.
        if (Descriptor.IsPrivileged) tree.SetOwner(0, 0).OrThrow("fchown", shown);
        tree.SetMode(Descriptor.PrivateDirectory).OrThrow("fchmod", shown);
        RemoveAccessLists(tree);
        return new StagedSnapshot(folder, id, place, tree, ManifestDraft.Create(place, "draft"u8, $"{shown}/draft"), new ReplicaHolding(folder.Lacks));
    }

    /// <summary>A directory with a default access control list would hand it down to all that is made in it.</summary>
    internal static void RemoveAccessLists(Descriptor directory)
    {
        foreach (var list in AccessLists) directory.RemoveAttribute(list);
    }

    /// <summary>Makes a directory, or notes that its name can't be had here. Its owner, mode and times follow at publish.</summary>
    /// <exception cref="PosixException">A call failed; also when the name is taken, which is how a file system shows that it takes two names for one.</exception>
    public void Apply(DirectoryEntry directory)
    {
        if (directory.Path.IsRoot || Holding.Names.Has(directory.Path)) return;
        var parent = ParentOf(directory.Path);
        Holding.IsNamed(parent.MakeDirectory(directory.Path.Name), "mkdirat", directory.Path, parent);
    }

    /// <summary>Makes a symbolic link, or notes that there are none here.</summary>
    /// <exception cref="PosixException">A call failed; also where the name is taken.</exception>
    public void Apply(SymbolicLinkEntry link)
    {
        if (Holding.Names.Has(link.Path)) return;
        var parent = ParentOf(link.Path);
        if (IsHeld(parent.MakeLink(link.Target.Span, link.Path.Name), ReplicaLimits.SymbolicLinks, "symlinkat", link.Path, parent))
            Metadata.ApplyToNew(parent, link.Metadata, link.Path, FileKind.SymbolicLink);
    }

    /// <summary>Makes a special file, or notes that this user or file system can't.</summary>
    /// <exception cref="PosixException">A call failed; also where the name is taken.</exception>
    public void Apply(SpecialEntry special)
    {
        if (Holding.Names.Has(special.Path)) return;
        var parent = ParentOf(special.Path);
        var kind = KindOf(special.Kind);
        if (Holding.IsBeyondRoot(ReplicaLimits.SpecialFiles)) Holding.Misses(ReplicaLimits.SpecialFiles);
        else if (IsHeld(parent.MakeNode(special.Path.Name, kind, special.Major, special.Minor), ReplicaLimits.SpecialFiles, "mknodat", special.Path, parent))
            Metadata.ApplyToNew(parent, special.Metadata, special.Path, kind);
    }

    internal static FileKind KindOf(SpecialKind kind) => kind switch
    {
        SpecialKind.Fifo => FileKind.Fifo,
        SpecialKind.Socket => FileKind.Socket,
        SpecialKind.CharacterDevice => FileKind.CharacterDevice,
        _ => FileKind.BlockDevice,
    };

    private bool IsHeld(Errno errno, ReplicaLimits kind, string call, TreePath path, Descriptor parent)
    {
        if (errno is Errno.NotPermitted or Errno.NotSupported or Errno.NoSystemCall)
        {
            Holding.Misses(kind);
            return false;
        }
        return Holding.IsNamed(errno, call, path, parent);
    }

    /// <summary>Makes a new file, empty and private until it is finished; null, and noted, where its name, or one above it, can't be had here.</summary>
    /// <exception cref="PosixException">A call failed; <see cref="Errno.Exists"/> when the name is taken: <see cref="Remove"/> it first.</exception>
    public StagedFile? TryCreate(FileEntry file)
    {
        if (Holding.Names.Has(file.Path)) return null;
        var parent = ParentOf(file.Path);
        var errno = parent.CreateFile(file.Path.Name, out var opened);
        return Holding.IsNamed(errno, "openat", file.Path, parent) ? new StagedFile(this, opened, file) : null;
    }

    /// <summary>What was kept of a file, where something was; it is in its place then. Each file's once.</summary>
    /// <param name="file">The file, as it was announced.</param>
    /// <param name="mayStayOpen">Whether a part of it is of use.</param>
    /// <exception cref="PosixException">The disk refused.</exception>
    public KeptFile? TakeKept(FileEntry file, bool mayStayOpen) => Strays?.Take(this, file, mayStayOpen);

    /// <summary>Puts a file of ours that is not finished into its place, to be gone on with at its end; null where it is another one by now.</summary>
    internal StagedFile? Adopt(Descriptor from, ReadOnlySpan<byte> name, FileStatus known, FileEntry file)
    {
        var parent = ParentOf(file.Path);
        if (!Holding.IsNamed(from.RenameWithoutReplacing(name, parent, file.Path.Name), "renameat2", file.Path, parent)) return null;
        parent.Open(file.Path.Name, OpenFlags.ReadWrite | OpenFlags.NoFollow | OpenFlags.NonBlocking, out var opened).OrThrow("openat", file.Path);
        // Nothing is written to what somebody else has put there.
        if (opened.Status(out var status) == Errno.None && status.IsSameFile(known) && status.Links == 1 && status.Size == known.Size && opened.Seek(known.Size) == Errno.None)
            return new StagedFile(this, opened, file, known.Size);
        opened.Dispose();
        parent.Unlink(file.Path.Name).Except(Errno.NoEntry).OrThrow("unlinkat", file.Path);
        return null;
    }

    /// <summary>A file of so many bytes that was here has turned out to be the one that was announced, and stays: one that <see cref="EarlierSnapshot.Take"/> gave; null: one that was received in an earlier life.</summary>
    public void Taken(long bytes, TakenFile? file)
    {
        if (file is not { LastRead: var lastRead }) return;
        _takenFiles++;
        _takenBytes += bytes;
        // Whatever else is known, of one nobody knows.
        _oldestRead = lastRead is null || _oldestRead is null ? null : lastRead < _oldestRead ? lastRead : _oldestRead;
    }

    /// <summary>Where the files came from, but those that were dropped because of their names.</summary>
    internal ReplicaIntake CountIntake(long droppedFiles, long droppedBytes) => new(
        Math.Max(0, Draft.Totals.Files - _takenFiles - droppedFiles),
        Math.Max(0, Draft.Totals.Bytes - _takenBytes - droppedBytes), _takenFiles, _takenBytes,
        _takenFiles == 0 ? null : _oldestRead);

    /// <summary>
    /// Gives a finished file another name here: the same path in <paramref name="from"/>, the directory that it is in there, as long as what has got the name
    /// <paramref name="isRight"/>, which is given the directory here. It is looked at afterwards, because nobody can put another file in its place there; what is wrong loses the name again.
    /// </summary>
    /// <returns><see cref="Errno.Stale"/> where it is not right; else what linkat(2) says.</returns>
    internal Errno TakeName(Descriptor from, TreePath path, Func<Descriptor, FileStatus, bool> isRight)
    {
        if (Holding.Names.Has(path)) return Errno.NoEntry;
        var parent = ParentOf(path);
        var errno = from.MakeHardLink(path.Name, parent, path.Name);
        if (errno != Errno.None) return errno;
        parent.Status(path.Name, out var linked).OrThrow("statx", path);
        if (isRight(parent, linked)) return Errno.None;
        parent.Unlink(path.Name).OrThrow("unlinkat", path);
        return Errno.Stale;
    }

    /// <summary>Removes a file, a link, or a directory with all that is in it: what was announced anew, or is left out. No error when it isn't there.</summary>
    /// <exception cref="PosixException">A call failed.</exception>
    public void Remove(TreePath path)
    {
        if (path.IsRoot) throw new ArgumentException("The root of a snapshot can't be left out.", nameof(path));
        if (Holding.Names.Has(path)) return;
        var errno = _cursor.OpenParentOf(path, out var parent);
        if (errno == Errno.NoEntry) return;
        errno.OrThrow("openat", path);
        Folders.Remove(parent, path.Name, path.ToString());
        _cursor.Forget();
    }

    /// <summary>
    /// Makes the snapshot durable and puts it under its name, its manifests and <c>latest</c> in place, in the order of the design: the rename is the commit
    /// point. All pages must be in <see cref="Draft"/>, all files finished.
    /// </summary>
    /// <param name="seal">The seal that the origin gave; the draft must have the same.</param>
    /// <exception cref="InvalidDataException">The draft has another seal, or an entry can't be published; nothing is published.</exception>
    /// <exception cref="DurabilityException">The disk did not make everything durable; discard this and receive it anew.</exception>
    /// <exception cref="PosixException">A call failed; <see cref="Errno.Exists"/> when the snapshot is there already.</exception>
    /// <exception cref="InvalidOperationException">It failed before, or is published.</exception>
    public StoredSnapshot Publish(ManifestSeal seal)
    {
        if (_isBroken || _isPublished) throw new InvalidOperationException($"Snapshot {Id} was published or has failed before.");
        var have = Draft.Seal;
        if (have != seal)
            throw new InvalidDataException($"{Shown}: the manifest has {have.Entries} entries and digest {have.Digest}, the origin sealed {seal.Entries} and {seal.Digest}.");
        // From here on a failure leaves metadata half applied, or a file whose failed sync must not be asked again.
        _isBroken = true;
        var publication = new Publication(this, _cursor, seal);
        publication.Run();
        Intake = publication.Intake;
        (_isBroken, _isPublished, _isLeft) = (false, true, true);
        RemoveWhatIsLeft();
        return new StoredSnapshot(Id, seal);
    }

    /// <summary>Removes all that was staged. What was published stays.</summary>
    /// <exception cref="PosixException">Something can't be removed.</exception>
    public void Discard()
    {
        if (_isPublished) return;
        Dispose();
        Folders.Remove(Folder.Staging, Name, Shown);
    }

    /// <summary>Syncs a file or directory where the whole file system is not synced at the end.</summary>
    internal void MakeDurable(Descriptor file, TreePath path)
    {
        if (Sync is null) Folder.Durability.SyncOrThrow(file, path.ToString());
    }

    private Descriptor ParentOf(TreePath path)
    {
        _cursor.OpenParentOf(path, out var parent).OrThrow("openat2", path);
        return parent;
    }

    // FUSE and NFS keep an open file's place under another name, so that its folder can't go before this is disposed. A replica is none the worse for it: what is left goes by the rules of staging.
    private void RemoveWhatIsLeft()
    {
        if (!_isLeft) return;
        try
        {
            // What was staged of others before it was of use to this one only.
            Folder.Staged.RemoveAll();
            _isLeft = false;
        }
        catch (PosixException)
        {
        }
    }

    /// <summary>Closes everything; what is staged stays on the disk until it is discarded or removed with all of
    /// staging.</summary>
    public void Dispose()
    {
        Sync?.Dispose();
        Strays?.Dispose();
        _cursor.Dispose();
        Tree.Dispose();
        Place.Dispose();
        Draft.Dispose();
        RemoveWhatIsLeft();
        _isLeft = false;
    }
}
