using System.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Verifying;

namespace BackupDistribuido.Storage.Roots;

/// <summary>
/// How an old snapshot goes. First it leaves its name, in one durable rename within <c>snapshots</c>, before anything of it is changed: whatever is listed is whole, also after a
/// loss of power. Then its manifests go, then its tree by way of staging. What an interruption leaves is made up for when the folder is next opened.
/// </summary>
internal static class Retirement
{
    /// <summary>What begins the name of a tree that is no snapshot any more; no id begins so.</summary>
    private const string Prefix = ".pruned-";

    /// <exception cref="PosixException">A call failed.</exception>
    public static void Of(OriginFolder folder, SnapshotId id)
    {
        var name = $"{Prefix}{id}";
        folder.Snapshots.RenameWithoutReplacing(Encoding.ASCII.GetBytes(id.ToString()), folder.Snapshots, Encoding.ASCII.GetBytes(name))
            .OrThrow("renameat2", folder.SnapshotPath(id));
        folder.Durability.SyncOrThrow(folder.Snapshots, $"{folder.Path}/snapshots");
        RemoveManifest(folder, $"{id}.manifest");
        RemoveManifest(folder, $"{id}.sha256");
        RemoveManifest(folder, $"{id}{ShortfallFile.Extension}");
        RemoveManifest(folder, $"{id}{VerificationFile.Extension}");
        RemoveTree(folder, name);
    }

    /// <summary>Moves out what an interrupted retirement has left in <c>snapshots</c>; its manifests have no snapshot any more. Removing the tree is left to who cleans staging.</summary>
    /// <exception cref="PosixException">A call failed.</exception>
    public static void Complete(OriginFolder folder)
    {
        foreach (var name in Folders.Names(folder.Snapshots, $"{folder.Path}/snapshots").Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))) Move(folder, name);
    }

    private static void RemoveManifest(OriginFolder folder, string name) =>
        folder.Manifests.Unlink(Encoding.ASCII.GetBytes(name)).Except(Errno.NoEntry).OrThrow("unlinkat", $"{folder.Path}/manifests/{name}");

    private static void RemoveTree(OriginFolder folder, string name)
    {
        Move(folder, name);
        Folders.Remove(folder.Staging, Encoding.UTF8.GetBytes(name), $"{folder.Path}/staging/{name}");
    }

    private static void Move(OriginFolder folder, string name)
    {
        var (bytes, shown) = (Encoding.UTF8.GetBytes(name), $"{folder.Path}/snapshots/{name}");
        Folders.Open(folder.Snapshots, bytes, out var top).OrThrow("openat", shown);
        // A directory that is not writable can't be moved to another parent.
        using (top) top.SetMode(Descriptor.PrivateDirectory).OrThrow("fchmod", shown);
        folder.Snapshots.RenameWithoutReplacing(bytes, folder.Staging, bytes).OrThrow("renameat2", shown);
    }
}
