using System.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Storage.Roots;

/// <summary>
/// Does at start-up what an interrupted publish had still to do. A snapshot under its name is committed: what follows (the top directory's metadata, <c>latest</c>) is made up for.
/// A manifest without its snapshot was not: it is removed, where it is sure that there is no such snapshot. So is a snapshot that was on its way out. What can't be made up for is told, and stops
/// nothing: what is received next is a snapshot of its own.
/// </summary>
internal static class Repair
{
    public static void Run(OriginFolder folder)
    {
        Retirement.Complete(folder, says: false);
        foreach (var name in Folders.Names(folder.Manifests, $"{folder.Path}/manifests"))
        {
            if (ManifestFiles.OwnerOf(name) is not { } id || !IsGone(folder, id)) continue;
            var errno = folder.Manifests.Unlink(Encoding.UTF8.GetBytes(name)).Except(Errno.NoEntry);
            if (errno != Errno.None) folder.Warn($"A manifest without a snapshot can't be removed: {new PosixException("unlinkat", $"{folder.Path}/manifests/{name}", errno).Message}");
        }
        if (folder.Newest is not { } newest || LatestLink.Read(folder) == newest) return;
        try
        {
            Complete(folder, newest);
        }
        catch (Exception e) when (e is (IOException or InvalidDataException) and not DurabilityException)
        {
            folder.Warn($"What an interrupted publishing has left of snapshot {newest} can't be finished: {e.Message}");
        }
    }

    // Any other answer (a disk that fails, a directory that may not be looked into) says nothing of the snapshot.
    private static bool IsGone(OriginFolder folder, SnapshotId id) => folder.Snapshots.Status(Encoding.ASCII.GetBytes(id.ToString()), out _) == Errno.NoEntry;

    private static void Complete(OriginFolder folder, SnapshotId id)
    {
        if (folder.OpenManifest(id) is { } file)
        {
            using var manifest = new ManifestReader(file, folder.ManifestPath(id));
            if (manifest.Entries().First() is DirectoryEntry top) FinishTop(folder, id, top);
        }
        folder.Durability.SyncOrThrow(folder.Manifests, $"{folder.Path}/manifests");
        folder.Durability.SyncOrThrow(folder.Snapshots, $"{folder.Path}/snapshots");
        folder.Durability.SyncOrThrow(folder.Staging, $"{folder.Path}/staging");
        LatestLink.Replace(folder, id);
    }

    private static void FinishTop(OriginFolder folder, SnapshotId id, DirectoryEntry top)
    {
        folder.Snapshots.OpenDirectory(Encoding.ASCII.GetBytes(id.ToString()), out var directory).OrThrow("openat", folder.SnapshotPath(id));
        using (directory) Publication.FinishTop(folder, directory, id, top, new ReplicaHolding(folder.Lacks, ShortfallFile.Read(folder, id)));
    }
}
