using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Replicas;

/// <summary>
/// The removal of an old snapshot. First it loses its name, in one durable rename within <c>snapshots</c>, before any
/// change to it: whatever is listed is complete, also after a power loss. Then its manifests are removed, then its tree
/// by way of staging. The next opening of the folder completes an interrupted removal. What can't be removed (an
/// immutable file, something that is mounted there) is reported and set aside in staging, where the next removal tries
/// again: no run waits for it or fails because of it.
/// </summary>
internal static class Retirement
{
    /// <summary>The prefix of a tree that is no longer a snapshot; no id begins with it.</summary>
    private const string Prefix = ".pruned-";

    /// <summary>Removes a snapshot. False if it can't lose its name: then all of it stays, and this is
    /// reported.</summary>
    /// <exception cref="DurabilityException">The disk did not make its going durable.</exception>
    public static bool Of(OriginFolder folder, SnapshotId id)
    {
        var name = $"{Prefix}{id}";
        var errno = folder.Snapshots.RenameWithoutReplacing(Encoding.ASCII.GetBytes(id.ToString()), folder.Snapshots,
            Encoding.ASCII.GetBytes(name));
        if (errno != Errno.None)
        {
            folder.Warn(RootReason.SnapshotNotRemoved(id,
                new PosixException("renameat2", folder.SnapshotPath(id), errno).Reason));
            return false;
        }
        folder.Durability.SyncOrThrow(folder.Snapshots, $"{folder.Path}/snapshots");
        foreach (var extension in ManifestFiles.Extensions) RemoveManifest(folder, $"{id}{extension}");
        if (TryMove(folder, name) is { } problem) folder.Warn(RootReason.RestNotRemoved(id, Reason.Of(problem)));
        else folder.Staged.Remove(name);
        return true;
    }

    /// <summary>Moves out the remains of an interrupted removal in <c>snapshots</c>; its manifests have no snapshot any
    /// more. The cleaning of staging removes the tree.</summary>
    /// <param name="says">Whether a failure is reported: for a removal, not for each opening.</param>
    /// <exception cref="PosixException">The folder can't be read.</exception>
    public static void Complete(OriginFolder folder, bool says)
    {
        foreach (var name in Folders.Names(folder.Snapshots, $"{folder.Path}/snapshots")
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            if (TryMove(folder, name) is { } problem && says)
                folder.Warn(RootReason.RestNotRemoved(name[Prefix.Length..], Reason.Of(problem)));
        }
    }

    /// <summary>The snapshots of whose trees something is left, in <c>snapshots</c> or in staging: no manifest is
    /// theirs any more.</summary>
    /// <exception cref="PosixException">A folder can't be read.</exception>
    public static IReadOnlySet<SnapshotId> Unfinished(OriginFolder folder) =>
        Folders.Names(folder.Snapshots, $"{folder.Path}/snapshots")
            .Concat(Folders.Names(folder.Staging, $"{folder.Path}/staging")).Select(IdIn).OfType<SnapshotId>()
            .ToHashSet();

    private static SnapshotId? IdIn(string name)
    {
        var own = name.StartsWith(StagingFolder.Stuck, StringComparison.Ordinal)
            ? name[StagingFolder.Stuck.Length..] : name;
        if (!own.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        own = own[Prefix.Length..];
        if (SnapshotId.TryParse(own, out var id)) return id;
        // One of that name was set aside before.
        return own.LastIndexOf('-') is var end and > 0 && SnapshotId.TryParse(own[..end], out id) ? id : null;
    }

    private static void RemoveManifest(OriginFolder folder, string name)
    {
        var errno = folder.Manifests.Unlink(Encoding.ASCII.GetBytes(name)).Except(Errno.NoEntry);
        if (errno != Errno.None)
            folder.Warn(RootReason.ManifestNotRemoved(new PosixException("unlinkat", $"{folder.Path}/manifests/{name}",
                errno).Reason));
    }

    private static PosixException? TryMove(OriginFolder folder, string name)
    {
        var (bytes, shown) = (Encoding.UTF8.GetBytes(name), $"{folder.Path}/snapshots/{name}");
        var errno = Folders.Open(folder.Snapshots, bytes, out var top);
        if (errno == Errno.CrossDevice) return new MountedException(shown, errno);
        if (errno != Errno.None) return new PosixException("openat", shown, errno);
        // A directory that is not writable can't be moved to another parent. If its mode can't be set, the rename
        // reports the error.
        using (top) _ = top.SetMode(Descriptor.PrivateDirectory);
        errno = folder.Snapshots.RenameWithoutReplacing(bytes, folder.Staging, bytes);
        // One of that name may have been set aside before.
        if (errno == Errno.Exists)
            errno = folder.Snapshots.RenameWithoutReplacing(bytes, folder.Staging,
                Encoding.UTF8.GetBytes($"{name}-{Guid.NewGuid():N}"));
        return errno == Errno.None ? null : new PosixException("renameat2", shown, errno);
    }
}
