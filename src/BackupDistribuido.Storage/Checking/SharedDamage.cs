using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests.Findings;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Checking;

/// <summary>A snapshot that was found to have a damaged file. <paramref name="NotKept"/>: why that could not be written
/// down; null: it was.</summary>
public sealed record MarkedDamage(SnapshotId Id, Verification.Damaged Found, Reason? NotKept);

/// <summary>
/// Damage goes with the inode: where one file was found wrong, each snapshot here that has that very file under that
/// path is damaged, whether it is the newest or not, and stays so until it was itself read and found sound.
/// </summary>
public static class SharedDamage
{
    /// <summary>Marks each published snapshot of an origin that has one of these files; durably, beside its
    /// manifest.</summary>
    /// <param name="wrong">The files, at most as many as <see cref="ReplicaFinding.MostWrong"/> are looked for.</param>
    /// <param name="except">A snapshot that its own verification speaks of; null: none.</param>
    /// <param name="only">The one snapshot that is looked at; null: all.</param>
    /// <returns>The newly marked snapshots; those with known damage are not reported again.</returns>
    /// <exception cref="IOException">The snapshots can't be listed.</exception>
    public static IReadOnlyList<MarkedDamage> Mark(
        DestinationRoot root, NodeName origin, IReadOnlyCollection<WrongFile> wrong, DateTimeOffset now,
            SnapshotId? except = null, SnapshotId? only = null)
    {
        if (wrong.Count == 0) return [];
        var files = wrong.Take(ReplicaFinding.MostWrong).OrderBy(one => one.Path).ToList();
        return In(root, origin,
            (snapshots, manifests, shown) =>
                Folders.Snapshots(snapshots, $"{shown}/snapshots")
                    .Where(id => id != except && (only is null || id == only)).ToList()
            .Select(id => Mark(root, snapshots, manifests, id, Shared(snapshots, id, files), now, $"{shown}/manifests"))
            .OfType<MarkedDamage>().ToList()) ?? [];
    }

    /// <summary>
    /// Marks one snapshot that lacks files, or whose disk can't even say which: this does not affect other snapshots.
    /// Files that are present are not damaged in this way.
    /// </summary>
    /// <param name="unfound">The files, each with its fault; at most <see cref="ReplicaFinding.MostWrong"/> are
    /// searched.</param>
    /// <returns>Null where nothing was marked: it is not so, or was known, or the snapshot is not here any
    /// more.</returns>
    /// <exception cref="IOException">The snapshots can't be opened.</exception>
    public static MarkedDamage? MarkOwn(DestinationRoot root, NodeName origin, SnapshotId id,
        IReadOnlyCollection<(TreePath Path, EntryFault Fault)> unfound, DateTimeOffset now) =>
        In(root, origin, (snapshots, manifests, shown) =>
            Mark(root, snapshots, manifests, id,
                Lacked(snapshots, id, [.. unfound.Take(ReplicaFinding.MostWrong).OrderBy(one => one.Path)]), now,
                    $"{shown}/manifests"));

    private static T? In<T>(DestinationRoot root, NodeName origin, Func<Descriptor, Descriptor, string, T?> mark)
        where T : class
    {
        var shown = root.PathOf(origin);
        var errno = root.OpenSnapshots(origin, out var snapshots);
        if (errno == Errno.NoEntry) return null;
        errno.OrThrow("openat2", $"{shown}/snapshots");
        using (snapshots)
        {
            root.OpenManifests(origin, out var manifests).OrThrow("openat2", $"{shown}/manifests");
            using (manifests) return mark(snapshots, manifests, shown);
        }
    }

    private static List<FaultyEntry> Lacked(
        Descriptor snapshots, SnapshotId id, List<(TreePath Path, EntryFault Fault)> unfound)
    {
        var lacked = new List<FaultyEntry>();
        if (snapshots.OpenOnThisMount(Encoding.ASCII.GetBytes(id.ToString()), OpenFlags.Directory,
            out var tree) != Errno.None) return lacked;
        using (tree)
        using (var cursor = new DirectoryCursor(tree, crossesMounts: false))
        {
            foreach (var (path, fault) in unfound)
            {
                var errno = cursor.OpenParentOf(path, out var parent);
                if (errno == Errno.None) errno = parent.Status(path.Name, out _);
                if (errno != Errno.None && !errno.IsShortage())
                    lacked.Add(new FaultyEntry(Verification.Shown(path.ToString()), fault));
            }
        }
        return lacked;
    }

    private static List<FaultyEntry> Shared(Descriptor snapshots, SnapshotId id, List<WrongFile> wrong)
    {
        var shared = new List<FaultyEntry>();
        if (snapshots.OpenOnThisMount(Encoding.ASCII.GetBytes(id.ToString()), OpenFlags.Directory,
            out var tree) != Errno.None) return shared;
        using (tree)
        using (var cursor = new DirectoryCursor(tree, crossesMounts: false))
        {
            if (tree.Status(out var top) != Errno.None) return shared;
            foreach (var file in wrong)
            {
                if (cursor.OpenParentOf(file.Path, out var parent) != Errno.None
                    || parent.Status(file.Path.Name, out var status) != Errno.None) continue;
                if (status.Inode == file.Inode && status.Device == top.Device)
                    shared.Add(new FaultyEntry(Verification.Shown(file.Path.ToString()), file.Fault));
            }
        }
        return shared;
    }

    private static MarkedDamage? Mark(DestinationRoot root, Descriptor snapshots, Descriptor manifests, SnapshotId id,
        List<FaultyEntry> faults, DateTimeOffset now, string shown)
    {
        if (faults.Count == 0) return null;
        lock (root.Verifications)
        {
            var report = VerificationReport.Joined(VerificationFile.Read(manifests, id), faults, now);
            if (report is not { Verdict: Verification.Damaged damaged }) return null;
            // One that is removed has left its name before its manifests go.
            if (snapshots.Status(Encoding.ASCII.GetBytes(id.ToString()), out _) != Errno.None) return null;
            try
            {
                VerificationFile.Write(manifests, id, report, root.Durability, shown);
                return new MarkedDamage(id, damaged, null);
            }
            catch (IOException e)
            {
                return new MarkedDamage(id, damaged, Reason.Of(e));
            }
        }
    }
}
