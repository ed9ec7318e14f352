using System.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Storage.Roots;

/// <summary>
/// Does at start-up what an interrupted publish had still to do. A snapshot under its name is committed: what follows (the top directory's metadata, <c>latest</c>) is made up for.
/// A manifest without its snapshot was not: it is removed.
/// </summary>
internal static class Repair
{
    public static void Run(OriginFolder folder)
    {
        var ids = folder.Ids().ToHashSet();
        foreach (var name in Folders.Names(folder.Manifests, $"{folder.Path}/manifests"))
        {
            var stem = name.EndsWith(".manifest", StringComparison.Ordinal) || name.EndsWith(".sha256", StringComparison.Ordinal)
                ? name[..name.LastIndexOf('.')] : "";
            if (SnapshotId.TryParse(stem, out var id) && !ids.Contains(id))
                folder.Manifests.Unlink(Encoding.ASCII.GetBytes(name)).OrThrow("unlinkat", $"{folder.Path}/manifests/{name}");
        }
        if (folder.Newest is { } newest && LatestLink.Read(folder) != newest) Complete(folder, newest);
    }

    private static void Complete(OriginFolder folder, SnapshotId id)
    {
        if (File.Exists(folder.ManifestPath(id)))
        {
            using var manifest = ManifestReader.Open(folder.ManifestPath(id));
            if (manifest.Entries().First() is DirectoryEntry top) Publication.FinishTop(folder, id, top, new ReplicaHolding());
        }
        folder.Durability.SyncOrThrow(folder.Manifests, $"{folder.Path}/manifests");
        folder.Durability.SyncOrThrow(folder.Snapshots, $"{folder.Path}/snapshots");
        folder.Durability.SyncOrThrow(folder.Staging, $"{folder.Path}/staging");
        LatestLink.Replace(folder, id);
    }
}
