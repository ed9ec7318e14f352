using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Staging;

/// <summary>
/// Resumes a snapshot that an earlier process was receiving. Its staging is not trusted: after a power loss the disk
/// may have less than the process wrote. Dirty pages are first written back and dropped from memory, if the system
/// allows it, so that each file is read from the disk, and counts only with its size and SHA-256. The draft is cut at
/// its first page with any fault; what the tree has beyond it is removed. Staging of another snapshot is read in the
/// same way, and is left as a source for this one.
/// </summary>
internal sealed class StagedResumption(OriginFolder folder, SnapshotId id, Action<long> verified,
    CancellationToken cancel)
{
    private readonly StoredContent _content = new(verified, cancel);
    private readonly string _shown = $"{folder.Path}/staging/{id}";
    private readonly ReplicaHolding _holding = new(folder.Lacks);
    private TreeOrder _order;

    private MetadataWriter Metadata => new(_holding);

    /// <summary>The snapshot as far as it is right; null where nothing of it is, and all of it has to be
    /// received.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; staging stays.</exception>
    public StagedSnapshot? Run() => Open((place, tree, draft) =>
    {
        var unclaimed = new UnclaimedFiles(place, _content, _shown);
        if (Gather(tree, draft, unclaimed))
            return new StagedSnapshot(folder, id, place, tree, draft, _holding) { Unclaimed = unclaimed };
        unclaimed.Dispose();
        return null;
    }, IsStaged);

    private bool Gather(Descriptor tree, ManifestDraft draft, UnclaimedFiles unclaimed)
    {
        try
        {
            return UnlistedEntries.Remove(tree, draft, _holding.Names, _shown,
                (directory, name, path) => unclaimed.Keep(directory, name, path, IsDurable), cancel);
        }
        catch
        {
            unclaimed.Dispose();
            throw;
        }
    }

    /// <summary>The files of it that are right, for <paramref name="staged"/> to take; null where there are
    /// none.</summary>
    /// <param name="staged">The snapshot that is received now.</param>
    /// <param name="timesTell">See <see cref="EarlierSnapshot"/>.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public EarlierSnapshot? AsSourceOf(StagedSnapshot staged, bool timesTell)
    {
        var wrong = new HashSet<TreePath>();
        return Open((place, tree, draft) =>
        {
            if (staged.Unclaimed is null)
            {
                var unclaimed = new UnclaimedFiles(place, _content, _shown);
                Gather(tree, draft, unclaimed);
                staged.Unclaimed = unclaimed;
            }
            return draft.PageCount == 0
                ? null : new EarlierSnapshot(staged,
                    new EarlierSnapshot.OpenedTree(tree, draft.Entries(), [draft, place]), wrong, timesTell,
                    isConsumed: true, DateTimeOffset.UtcNow);
        }, (cursor, entry) =>
        {
            if (!IsStaged(cursor, entry)) wrong.Add(entry.Path);
            return wrong.Count <= EarlierSnapshot.MostWrong;
        });
    }

    /// <summary>Opens the staging. The result of <paramref name="take"/> owns it from then on; if that is null, it is
    /// closed again.</summary>
    private T? Open<T>(Func<Descriptor, Descriptor, ManifestDraft, T?> take, Func<DirectoryCursor, Entry, bool> isRight)
        where T : class
    {
        // Opened before anything is read: the syncfs of the publishing reports on it what fails from here on.
        if (folder.Staging.OpenOnThisMount(Encoding.ASCII.GetBytes(id.ToString()), OpenFlags.Directory,
            out var place) != Errno.None) return null;
        if (place.OpenOnThisMount("tree"u8, OpenFlags.Directory, out var tree) != Errno.None)
        {
            place.Dispose();
            return null;
        }
        ManifestDraft? draft = null;
        try
        {
            draft = Recover(place, tree, isRight);
            if (take(place, tree, draft) is { } taken) return taken;
        }
        catch (IOException)
        {
            // A disk that can't read or sync this has nothing to resume from; receiving again will show whether it
            // works.
        }
        catch
        {
            Close();
            throw;
        }
        Close();
        return null;

        void Close()
        {
            draft?.Dispose();
            tree.Dispose();
            place.Dispose();
        }
    }

    private ManifestDraft Recover(Descriptor place, Descriptor tree, Func<DirectoryCursor, Entry, bool> isRight)
    {
        if (folder.SyncsAsAWhole)
        {
            var errno = folder.Durability.SyncFileSystem(place);
            if (errno != Errno.None) throw new DurabilityException("syncfs", _shown, errno);
        }
        // Of a publishing that did not reach its commit.
        place.Unlink("manifest"u8).Except(Errno.NoEntry).OrThrow("unlinkat", _shown);
        place.Unlink("sha256"u8).Except(Errno.NoEntry).OrThrow("unlinkat", _shown);
        tree.SetMode(Descriptor.PrivateDirectory).OrThrow("fchmod", _shown);
        TreeWriter.RemoveAccessLists(tree);
        using var cursor = new DirectoryCursor(tree, crossesMounts: false);
        return ManifestDraft.Recover(place, "draft"u8, $"{_shown}/draft",
            entries => entries.All(entry => _order.TryNext(entry, out _) && isRight(cursor, entry)));
    }

    private bool IsStaged(DirectoryCursor cursor, Entry entry)
    {
        cancel.ThrowIfCancellationRequested();
        try
        {
            if (_holding.Names.Has(entry.Path)) return true;
            // The root is not in itself: the cursor returns it directly. Publishing makes further names of files.
            if (entry is OmittedEntry or HardLinkEntry || entry.Path.IsRoot) return true;
            if (cursor.OpenParentOf(entry.Path, out var parent) != Errno.None) return false;
            // If only creating it shows that the name can't be stored, its page comes once more.
            var errno = parent.Status(entry.Path.Name, out _);
            if (errno.MayBeOfTheName())
            {
                _holding.MissesName(entry.Path, new PosixException("statx", entry.Path.ToString(), errno));
                return true;
            }
            return errno == Errno.None && entry switch
            {
                DirectoryEntry directory => IsStaged(parent, directory),
                FileEntry file => IsStaged(parent, file),
                SymbolicLinkEntry link => IsStaged(parent, link),
                SpecialEntry special => IsStaged(parent, special),
                _ => false,
            };
        }
        catch (PosixException)
        {
            return false;
        }
    }

    /// <summary>A directory is writable until it is published; an interrupted publishing may have given it its final
    /// mode and access control lists.</summary>
    private static bool IsStaged(Descriptor parent, DirectoryEntry directory)
    {
        using var opened = Open(parent, directory.Path, OpenFlags.Directory, Descriptor.PrivateDirectory);
        if (opened is null) return false;
        opened.SetMode(Descriptor.PrivateDirectory).OrThrow("fchmod", directory.Path);
        TreeWriter.RemoveAccessLists(opened);
        return true;
    }

    private bool IsStaged(Descriptor parent, SymbolicLinkEntry link)
    {
        Span<byte> target = stackalloc byte[SymbolicLinkEntry.MaxTargetBytes + 1];
        if (parent.ReadLink(link.Path.Name, target, out var bytes) != Errno.None
            || !target[..bytes].SequenceEqual(link.Target.Span)) return false;
        Metadata.ApplyToNew(parent, link.Metadata, link.Path, FileKind.SymbolicLink);
        return true;
    }

    private bool IsStaged(Descriptor parent, SpecialEntry special)
    {
        var kind = TreeWriter.KindOf(special.Kind);
        if (parent.Status(special.Path.Name, out var status) != Errno.None || status.Kind != kind
            || status.Special != (special.Major, special.Minor)) return false;
        Metadata.ApplyToNew(parent, special.Metadata, special.Path, kind);
        return true;
    }

    private bool IsStaged(Descriptor parent, FileEntry entry)
    {
        using var file = Open(parent, entry.Path, OpenFlags.NonBlocking, Descriptor.PrivateFile);
        if (file is null || file.Status(out var status) != Errno.None || status.Kind != FileKind.Regular
            || status.Size != entry.Stamp.Size) return false;
        // A file with other names also belongs to an earlier snapshot, or was put here by someone: it must not be
        // changed.
        if (status.Links > 1 && !Metadata.IsApplied(parent, entry.Path, status, entry.Metadata)) return false;
        if (!IsDurable(file)) return false;
        file.DropCache();
        if (_content.Digest(file, entry) != entry.Digest)
        {
            // It is an earlier snapshot's too: that one is damaged.
            if (status.Links > 1) folder.FoundWrong(new WrongFile(entry.Path, status.Inode, EntryFault.OtherContent));
            return false;
        }
        if (status.Links > 1) return true;
        if (Metadata.IsApplied(parent, entry.Path, status, entry.Metadata))
        {
            Metadata.NoteShortfall(entry.Metadata);
            return true;
        }
        // Not before: where two names are one, it may be another entry's.
        Metadata.Apply(file, entry.Metadata, madeWithMode: -1, entry.Path);
        return IsDurable(file);
    }

    private bool IsDurable(Descriptor file) => folder.SyncsAsAWhole || folder.Durability.Sync(file) == Errno.None;

    /// <summary>Opens an entry for reading, without following a link or entering a mount. A file whose mode does not
    /// let its owner read it is made private first.</summary>
    internal static Descriptor? Open(Descriptor parent, TreePath path, OpenFlags flags, int mode)
    {
        var errno = parent.OpenOnThisMount(path.Name, flags, out var opened);
        if (errno == Errno.AccessDenied)
        {
            parent.OpenOnThisMount(path.Name, OpenFlags.PathOnly, out var held).OrThrow("openat", path);
            using (held)
            {
                held.Status(out var status).OrThrow("statx", path);
                // A file with other names is an earlier snapshot's too, and stays as it is: it is taken from there
                // again.
                if (status is not ({ Kind: FileKind.Regular, Links: 1 } or { Kind: FileKind.Directory })) return null;
                held.SetModeOfPath(mode).OrThrow("chmod", path);
            }
            errno = parent.OpenOnThisMount(path.Name, flags, out opened);
        }
        return errno == Errno.None ? opened : null;
    }
}
