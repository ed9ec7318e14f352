using System.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Staging;
using BackupDistribuido.Storage.Verifying;

namespace BackupDistribuido.Storage.Roots;

/// <summary>
/// Does at start-up what an interrupted publish had still to do. A snapshot under its name is committed: what follows (the top directory's metadata, <c>latest</c>) is made up for.
/// A manifest without its snapshot was not: it is removed. So is a snapshot that was on its way out.
/// </summary>
internal static class Repair
{
    private static readonly string[] Extensions = [".manifest", ".sha256", ShortfallFile.Extension, VerificationFile.Extension];

    public static void Run(OriginFolder folder)
    {
        Retirement.Complete(folder);
        var ids = folder.Ids().ToHashSet();
        foreach (var name in Folders.Names(folder.Manifests, $"{folder.Path}/manifests"))
        {
            var stem = Extensions.Any(extension => name.EndsWith(extension, StringComparison.Ordinal)) ? name[..name.LastIndexOf('.')] : "";
            if (SnapshotId.TryParse(stem, out var id) && !ids.Contains(id))
                folder.Manifests.Unlink(Encoding.ASCII.GetBytes(name)).OrThrow("unlinkat", $"{folder.Path}/manifests/{name}");
        }
        if (folder.Newest is { } newest && LatestLink.Read(folder) != newest) Complete(folder, newest);
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
        folder.Snapshots.OpenDirectory(Encoding.ASCII.GetBytes(id.ToString()), out var directory).OrThrow("openat", folder.SnapshotPath(id));
        using (directory) Publication.FinishTop(folder, directory, id, top, new ReplicaHolding(folder.Lacks, ShortfallFile.Read(folder, id)));
    }
}
