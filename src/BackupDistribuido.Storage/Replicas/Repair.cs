using System.Collections.Concurrent;
using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Manifests.Findings;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Storage.Replicas;

/// <summary>
/// Completes at start-up what an interrupted publication left undone. A snapshot under its name is committed: the later
/// steps (the top directory's metadata, <c>latest</c>) are repeated. A manifest without its snapshot is removed if it
/// is certain that an interrupted publication or removal has left it. Otherwise someone may have moved the snapshot
/// away for a while: its files stay until it is back, and are reported. What can't be completed is reported, and stops
/// nothing: what is received next is a separate snapshot.
/// </summary>
internal static class Repair
{
    public static void Run(OriginFolder folder, ConcurrentDictionary<NodeName, string> told)
    {
        Retirement.Complete(folder, says: false);
        RemoveManifests(folder, told);
        if (folder.Newest is not { } newest || LatestLink.Read(folder) == newest) return;
        try
        {
            Complete(folder, newest);
        }
        catch (Exception e) when (e is (IOException or InvalidDataException) and not DurabilityException)
        {
            folder.Warn(RootReason.PublishingNotFinished(newest, Reason.Of(e)));
        }
    }

    private static void RemoveManifests(OriginFolder folder, ConcurrentDictionary<NodeName, string> told)
    {
        var retired = Retirement.Unfinished(folder);
        var left = new SortedSet<SnapshotId>();
        foreach (var name in Folders.Names(folder.Manifests, $"{folder.Path}/manifests"))
        {
            if (ManifestFiles.OwnerOf(name) is not { } id || !IsGone(folder, id)) continue;
            if (!retired.Contains(id) && !IsOfUnfinished(folder, id, name))
            {
                left.Add(id);
                continue;
            }
            var errno = folder.Manifests.Unlink(Encoding.UTF8.GetBytes(name)).Except(Errno.NoEntry);
            if (errno != Errno.None)
                folder.Warn(RootReason.StrayManifestNotRemoved(new PosixException("unlinkat",
                    $"{folder.Path}/manifests/{name}", errno).Reason));
        }
        if (left.Count == 0) told.TryRemove(folder.Origin, out _);
        else if (IsNews(folder, told, $"{left.Count} {left.Max}"))
            folder.Warn(RootReason.StrayManifests(folder.Path, left.Count, left.Max));
    }

    // Each opening finds the same.
    private static bool IsNews(OriginFolder folder, ConcurrentDictionary<NodeName, string> told, string what)
    {
        if (told.TryGetValue(folder.Origin, out var before) && before == what) return false;
        told[folder.Origin] = what;
        return true;
    }

    // Any other answer (a disk that fails, a directory that may not be looked into) says nothing of the snapshot.
    private static bool IsGone(OriginFolder folder, SnapshotId id) =>
        folder.Snapshots.Status(Encoding.ASCII.GetBytes(id.ToString()), out _) == Errno.NoEntry;

    /// <summary>
    /// Whether a publication that did not reach its rename has put the file there: its tree is still in staging, and
    /// the file is no older than the draft, which is complete by then. An older file belongs to a snapshot that was
    /// here before, was moved away, and is being received again.
    /// </summary>
    private static bool IsOfUnfinished(OriginFolder folder, SnapshotId id, string name)
    {
        if (folder.Staging.OpenOnThisMount(Encoding.ASCII.GetBytes(id.ToString()), OpenFlags.Directory,
            out var place) != Errno.None) return false;
        using (place)
        {
            return place.Status("tree"u8, out _) == Errno.None && place.Status("draft"u8, out var draft) == Errno.None
                && folder.Manifests.Status(Encoding.UTF8.GetBytes(name), out var file) == Errno.None
                && file.Modified.CompareTo(draft.Modified) >= 0;
        }
    }

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
        folder.Snapshots.OpenDirectory(Encoding.ASCII.GetBytes(id.ToString()), out var directory)
            .OrThrow("openat", folder.SnapshotPath(id));
        using (directory)
            Publication.FinishTop(folder, directory, id, top,
                new ReplicaHolding(folder.Lacks, ShortfallFile.Read(folder, id)));
    }
}
