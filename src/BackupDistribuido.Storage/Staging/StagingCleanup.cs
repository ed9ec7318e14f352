using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Retention;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Staging;

/// <summary>Finds and removes remains in the staging of a ROOT's origins. The caller chooses origins without a
/// writer.</summary>
public sealed class StagingCleanup(DestinationRoot root)
{
    /// <summary>The origins that have a folder here.</summary>
    /// <exception cref="IOException">The ROOT can't be read.</exception>
    public IReadOnlyList<NodeName> Origins() =>
    [
        .. Folders.Names(root.Directory, root.RealPath)
        .Select(name => NodeName.TryParse(name, out var origin, out _) ? (NodeName?)origin : null)
            .OfType<NodeName>().Where(origin => Open(origin) is { } staging && Closed(staging)),
    ];

    /// <summary>What one origin's staging has. It reads every directory in it.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    public IReadOnlyList<AbandonedItem> Of(NodeName origin, CancellationToken cancel)
    {
        using var staging = Open(origin);
        if (staging is null) return [];
        var shown = $"{root.RealPath}/{origin}/staging";
        return [.. Folders.Names(staging, shown)
            .Select(name => Measure(staging, origin, name, $"{shown}/{name}", cancel)).OfType<AbandonedItem>()];
    }

    /// <summary>Removes one, as far as it can be; no error when it isn't there.</summary>
    /// <returns>Why some of it is there still, for people; null where all of it is gone.</returns>
    public Reason? Remove(AbandonedItem leftover)
    {
        using var staging = Open(leftover.Origin);
        if (staging is null) return null;
        var removal = Removal.Of(staging, Encoding.UTF8.GetBytes(leftover.Name),
            $"{root.RealPath}/{leftover.Origin}/staging/{leftover.Name}");
        return removal.IsWhole ? null : removal.Why;
    }

    /// <summary>The staging of an origin's folder that we made; null where there is none.</summary>
    private Descriptor? Open(NodeName origin)
    {
        if (root.Directory.OpenDirectory(Encoding.ASCII.GetBytes(origin.ToString()), out var folder) != Errno.None)
            return null;
        using (folder)
        {
            return folder.Status(".origin"u8, out _) == Errno.None
                && folder.OpenDirectory("staging"u8, out var staging) == Errno.None ? staging : null;
        }
    }

    private static bool Closed(Descriptor staging)
    {
        staging.Dispose();
        return true;
    }

    private static AbandonedItem? Measure(Descriptor staging, NodeName origin, string name, string shown,
        CancellationToken cancel)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (staging.Status(bytes, out var status) != Errno.None) return null;
        var (size, inodes, used) = (0L, 1L, status.Modified);
        if (status.Kind == FileKind.Directory
            && staging.OpenOnThisMount(bytes, OpenFlags.Directory, out var place) == Errno.None)
        {
            // The draft grows with every page.
            if (place.Status("draft"u8, out var draft) == Errno.None && draft.Modified.Seconds > used.Seconds)
                used = draft.Modified;
            using var walk = new DirectoryStack();
            walk.Push(place, status).OrThrow("getdents64", shown);
            (size, inodes) = Measure(walk, cancel);
        }
        var isResumable = status.Kind == FileKind.Directory && SnapshotId.TryParse(name, out _);
        return new AbandonedItem(origin, name, isResumable, size, inodes,
            DateTimeOffset.UnixEpoch.AddSeconds(Math.Clamp(used.Seconds, 0, 253_402_300_799)));
    }

    private static (long Bytes, long Inodes) Measure(DirectoryStack walk, CancellationToken cancel)
    {
        var (size, inodes) = (0L, 1L);
        while (walk.Depth > 0)
        {
            cancel.ThrowIfCancellationRequested();
            if (walk.Directory is not { } directory || !walk.MoveNext())
            {
                walk.Pop();
                continue;
            }
            if (directory.Status(walk.Name, out var status) != Errno.None) continue;
            inodes++;
            if (status.Kind == FileKind.Regular)
                size = size > long.MaxValue - status.Size ? long.MaxValue : size + status.Size;
            // One that can't be entered counts for itself alone.
            if (status.Kind == FileKind.Directory
                && directory.OpenOnThisMount(walk.Name, OpenFlags.Directory,
                    out var inner) == Errno.None) _ = walk.Push(inner, status);
        }
        return (size, inodes);
    }
}
