using System.Text;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Manifests.Findings;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Staging;

/// <summary>
/// Publishes a staged snapshot. The order is the promise: content durable, manifests durable, then the rename that
/// commits, then what start-up could make up for.
/// </summary>
internal sealed class Publication(StagedSnapshot staged, ManifestSeal seal)
{
    private static readonly byte[] ManifestName = "manifest"u8.ToArray();
    private static readonly byte[] ChecksumsName = "sha256"u8.ToArray();

    private readonly OriginFolder _folder = staged.Folder;
    private readonly Stack<DirectoryEntry> _open = new();
    private readonly Stack<string> _moved = new();
    private readonly List<TreePath> _missing = [];
    private long _droppedFiles, _droppedBytes;

    /// <summary>Where the files came from that are there; set once all is written.</summary>
    public ReplicaIntake Intake => staged.CountIntake(_droppedFiles, _droppedBytes);

    public void Run()
    {
        DirectoryEntry top;
        using (var manifest = NewFile(ManifestName))
        using (var checksums = NewFile(ChecksumsName))
        {
            top = WriteAll(manifest, checksums);
            staged.Sync?.Complete();
            _folder.Durability.SyncOrThrow(manifest.File, staged.Shown);
            _folder.Durability.SyncOrThrow(checksums.File, staged.Shown);
        }
        try
        {
            MoveManifests();
            Commit();
        }
        catch
        {
            if (IsCommitted() == false) RestoreManifests();
            throw;
        }
        _folder.Durability.SyncOrThrow(_folder.Snapshots, $"{_folder.Path}/snapshots");
        _folder.Durability.SyncOrThrow(staged.Place, staged.Shown);
        FinishTop(_folder, staged.Writer.Top, staged.Id, top, staged.Holding);
        // A snapshot that other destinations have brought, or one of a wrong clock, may be older than the present one.
        LatestLink.Replace(_folder,
            SnapshotOrder.Upon(staged.Id, DateTimeOffset.UtcNow).Newest(_folder.Ids()) ?? staged.Id);
    }

    /// <summary>One pass over the draft: both manifests are written into staging, and each directory gets its metadata
    /// once all in it is passed.</summary>
    private DirectoryEntry WriteAll(DescriptorWriter manifest, DescriptorWriter checksums)
    {
        ManifestFile.WriteHead(_folder.Origin, staged.Id, manifest);
        var order = new TreeOrder();
        DirectoryEntry? top = null;
        var (names, missing) = (staged.Holding.Names, 0L);
        using var links = new HardLinkMaker(staged.Writer, staged.Draft, _folder.FoundWrong);
        var isCompared = StagedNames.IsNeeded(staged);
        if (isCompared) new StagedNames(staged, links).Run();
        foreach (var entry in staged.Draft.Entries())
        {
            if (!order.TryNext(entry, out var why)) throw new InvalidDataException($"{staged.Shown}: {why}.");
            // Entries below a missing directory close none: more may follow in the directory that it would be in.
            while (!names.Has(entry.Path) && _open.TryPeek(out var inner) && !entry.Path.IsChildOf(inner.Path))
                staged.Writer.Finish(_open.Pop());
            EntryLine.Write(entry, manifest);
            if (entry is FileEntry { Digest: null })
                throw new InvalidDataException($"{staged.Shown}: '{entry.Path}' has no digest.");
            if (entry is FileEntry file) ChecksumFile.Write(file, checksums);
            if (entry is HardLinkEntry link
                && (isCompared ? links.Find(link.First) : links.Make(link)) is FileEntry first)
                ChecksumFile.Write(first with { Path = link.Path }, checksums);
            if (entry is not OmittedEntry && names.Has(entry.Path))
            {
                missing++;
                if (entry is FileEntry dropped) (_droppedFiles, _droppedBytes) =
                    (_droppedFiles + 1, _droppedBytes + dropped.Stamp.Size);
                if (names.Names(entry.Path) && !names.Has(entry.Path.Parent)) _missing.Add(entry.Path);
                continue;
            }
            if (entry is not DirectoryEntry directory) continue;
            _open.Push(directory);
            top ??= directory;
        }
        while (_open.TryPop(out var left)) staged.Writer.Finish(left);
        staged.Holding.CountNames(missing);
        ManifestFile.WriteSeal(seal, manifest);
        manifest.Complete();
        checksums.Complete();
        return top ?? throw new InvalidDataException($"{staged.Shown}: the manifest is empty.");
    }

    private DescriptorWriter NewFile(byte[] name)
    {
        staged.Place.CreateFile(name, out var file).OrThrow("openat", staged.Shown);
        return new DescriptorWriter(file, staged.Shown);
    }

    private void MoveManifests()
    {
        RemoveEarlier();
        Move(ManifestName, "manifest");
        Move(ChecksumsName, "sha256");
        if (staged.Holding.Shortfall is var shortfall && shortfall != default)
        {
            ShortfallFile.Write(_folder, staged.Id, shortfall, staged.Place);
            _moved.Push(Encoding.ASCII.GetString(ShortfallFile.Name(staged.Id)));
        }
        if (_missing.Count > 0)
        {
            MissingFile.Write(_folder, staged.Id, _missing, staged.Place);
            _moved.Push(Encoding.ASCII.GetString(MissingFile.Name(staged.Id)));
        }
        IntakeFile.Write(_folder, staged.Id, new KeptIntake(Intake, DateTimeOffset.UtcNow), staged.Place);
        _moved.Push(Encoding.ASCII.GetString(IntakeFile.Name(staged.Id)));
        _folder.Durability.SyncOrThrow(_folder.Manifests, $"{_folder.Path}/manifests");

        void Move(byte[] name, string extension)
        {
            var final = $"{staged.Id}.{extension}";
            staged.Place.RenameWithoutReplacing(name, _folder.Manifests, Encoding.ASCII.GetBytes(final))
                .OrThrow("renameat2", $"{_folder.Path}/manifests/{final}");
            _moved.Push(final);
        }
    }

    /// <summary>The old files of this very snapshot whose tree was lost or moved away: this one replaces
    /// them.</summary>
    private void RemoveEarlier()
    {
        if (_folder.Snapshots.Status(staged.Name, out _) != Errno.NoEntry) return;
        foreach (var extension in ManifestFiles.Extensions)
            _folder.Manifests.Unlink(Encoding.ASCII.GetBytes($"{staged.Id}{extension}")).Except(Errno.NoEntry)
                .OrThrow("unlinkat", $"{_folder.Path}/manifests/{staged.Id}{extension}");
    }

    /// <summary>
    /// A manifest says that its snapshot is there; until the rename it isn't. What can't be removed now is removed at
    /// start-up while its tree is in staging, and so is what was left in a doubtful case: a snapshot without its
    /// manifest would be lost, a manifest without its snapshot costs nothing.
    /// </summary>
    private void RestoreManifests()
    {
        while (_moved.TryPop(out var name)) _folder.Manifests.Unlink(Encoding.ASCII.GetBytes(name));
    }

    private void Commit()
    {
        var shown = _folder.SnapshotPath(staged.Id);
        staged.Place.RenameWithoutReplacing("tree"u8, _folder.Snapshots, staged.Name).OrThrow("renameat2", shown);
        // A rename takes whatever has the name.
        if (IsCommitted() == true) return;
        _folder.Snapshots.Rename(staged.Name, staged.Place, "stranger"u8).OrThrow("renameat2", shown);
        throw new PosixException("renameat2", shown, Errno.Stale);
    }

    /// <summary>The directory that was filled has the snapshot's name: also if a rename was done and its answer was
    /// lost. Null if the disk does not say.</summary>
    private bool? IsCommitted()
    {
        var errno = _folder.Snapshots.Status(staged.Name, out var there);
        if (errno == Errno.NoEntry) return false;
        if (errno != Errno.None || staged.Writer.Top.Status(out var filled) != Errno.None) return null;
        return there.IsSameFile(filled);
    }

    /// <summary>Gives a committed snapshot's top directory its owner, mode and times.</summary>
    internal static void FinishTop(OriginFolder folder, Descriptor directory, SnapshotId id, DirectoryEntry top,
        ReplicaHolding holding)
    {
        var before = holding.Shortfall;
        // No mode is taken for granted: at start-up it may have been set already.
        new MetadataWriter(holding).Apply(directory, top.Metadata, madeWithMode: -1, top.Path);
        if (holding.Shortfall != before)
        {
            ShortfallFile.Write(folder, id, holding.Shortfall, folder.Staging);
            folder.Durability.SyncOrThrow(folder.Manifests, $"{folder.Path}/manifests");
        }
        folder.Durability.SyncOrThrow(directory, folder.SnapshotPath(id));
    }
}
