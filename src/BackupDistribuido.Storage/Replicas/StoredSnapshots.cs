using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Manifests.Findings;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Replicas;

/// <summary>
/// The published snapshots below a ROOT, read from the disk each time. An unreadable folder has none; no link is
/// followed.
/// </summary>
public static class StoredSnapshots
{
    /// <summary>The newest one of each origin that has a folder here.</summary>
    /// <exception cref="PosixException">ROOT itself can't be read.</exception>
    public static IReadOnlyDictionary<NodeName, StoredSnapshot> Newest(DestinationRoot root)
    {
        var newest = new Dictionary<NodeName, StoredSnapshot>();
        foreach (var origin in root.Origins())
        {
            if (root.Order.Newest(Ids(root, origin)) is { } id) newest.Add(origin, Stored(root, origin, id));
        }
        return newest;
    }

    /// <summary>
    /// Those whose id lies so far in the future that a clock was wrong when they were made, or is now; the oldest
    /// first.
    /// </summary>
    /// <exception cref="PosixException">ROOT itself can't be read.</exception>
    public static IReadOnlyList<(NodeName Origin, SnapshotId Id)> OfTheFuture(DestinationRoot root)
    {
        var order = root.Order;
        return [.. Ids(root).Where(one => !order.IsCredible(one.Id))];
    }

    /// <summary>All of each origin, the oldest of each first, with what reading them again has found.</summary>
    /// <exception cref="PosixException">ROOT itself can't be read.</exception>
    public static IReadOnlyList<(NodeName Origin, StoredSnapshot Snapshot)> All(DestinationRoot root) =>
    [
        .. Ids(root).Select(one =>
            (one.Origin, new StoredSnapshot(one.Id, null, KeptVerification.Of(root, one.Origin, one.Id)?.Verdict))),
    ];

    /// <summary>
    /// The catalogue of all, the oldest of each origin first. It reads a few small files per snapshot: not for a thread
    /// that others wait for.
    /// </summary>
    /// <exception cref="PosixException">ROOT itself can't be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IReadOnlyList<CatalogueEntry> Catalogue(DestinationRoot root, CancellationToken cancel)
    {
        var all = new List<CatalogueEntry>();
        foreach (var origin in root.Origins())
        {
            var owner = root.OwnerOf(origin);
            foreach (var id in Ids(root, origin))
            {
                cancel.ThrowIfCancellationRequested();
                all.Add(EntryOf(root, origin, id, owner));
            }
        }
        return all;
    }

    /// <summary>A published snapshot as the catalogue has it; null where it is not there.</summary>
    public static CatalogueEntry? CatalogueEntryOf(DestinationRoot root, NodeName origin, SnapshotId id)
    {
        var errno = root.OpenSnapshot(origin, id, out var tree);
        using (tree) return errno == Errno.None ? EntryOf(root, origin, id, root.OwnerOf(origin)) : null;
    }

    private static CatalogueEntry EntryOf(DestinationRoot root, NodeName origin, SnapshotId id, string? owner)
    {
        var seal = ReadSeal(root, origin, id, out var arrived);
        var errno = root.OpenManifests(origin, out var manifests);
        using (manifests)
        {
            var intake = errno == Errno.None ? IntakeFile.Read(manifests, id) : null;
            var files = intake is { Intake: var came } ? came.ReceivedFiles + came.LinkedFiles : (long?)null;
            return new CatalogueEntry(origin, id, owner,
                new CatalogueTree(seal?.Digest, seal?.Entries, files, seal?.Bytes),
                errno == Errno.None ? ShortfallFile.TryRead(manifests, id)?.Missing : null,
                errno == Errno.None ? VerificationFile.Read(manifests, id)?.Verdict : null, intake?.Stored ?? arrived);
        }
    }

    /// <summary>The seal of a published snapshot's manifest; null where there is none.</summary>
    public static ManifestSeal? SealOf(DestinationRoot root, NodeName origin, SnapshotId id) =>
        ReadSeal(root, origin, id, out _);

    /// <summary>The oldest time at which a file of a snapshot was last read or received; null if unknown.</summary>
    public static DateTimeOffset? OldestReadOf(DestinationRoot root, NodeName origin, SnapshotId id)
    {
        var errno = root.OpenManifests(origin, out var manifests);
        using (manifests) return errno == Errno.None ? IntakeFile.Read(manifests, id)?.OldestRead : null;
    }

    private static IEnumerable<(NodeName Origin, SnapshotId Id)> Ids(DestinationRoot root) =>
        root.Origins().SelectMany(origin => Ids(root, origin).Select(id => (origin, id)));

    private static List<SnapshotId> Ids(DestinationRoot root, NodeName origin)
    {
        var errno = root.OpenSnapshots(origin, out var folder);
        using (folder)
        {
            return errno == Errno.None ? [.. Folders.Snapshots(folder, $"{root.RealPath}/{origin}/snapshots")] : [];
        }
    }

    private static StoredSnapshot Stored(DestinationRoot root, NodeName origin, SnapshotId id)
    {
        var seal = ReadSeal(root, origin, id, out var arrived);
        return new StoredSnapshot(id, seal, KeptVerification.Of(root, origin, id)?.Verdict, arrived,
            MissingIn(root, origin, id));
    }

    private static long? MissingIn(DestinationRoot root, NodeName origin, SnapshotId id)
    {
        var errno = root.OpenManifests(origin, out var manifests);
        using (manifests)
        {
            try
            {
                return errno == Errno.None
                    ? ShortfallFile.Read(manifests, $"{root.RealPath}/{origin}", id).Missing : null;
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                return null;
            }
        }
    }

    // An unreadable manifest should not stop a destination from starting: then the size of that tree is unknown.
    private static ManifestSeal? ReadSeal(
        DestinationRoot root, NodeName origin, SnapshotId id, out DateTimeOffset? arrived)
    {
        arrived = null;
        var errno = root.OpenManifest(origin, id, out var file);
        using (file)
        {
            if (errno == Errno.None && file.Status(out var status) == Errno.None)
                arrived = DateTimeOffset.FromUnixTimeSeconds(status.Modified.Seconds);
            try
            {
                return errno == Errno.None ? ManifestReader.ReadSeal(file, root.ManifestPath(origin, id)) : null;
            }
            catch (IOException)
            {
                return null;
            }
        }
    }
}
