using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Checking;

/// <summary>The result of a check of a published snapshot.</summary>
public enum HoldingState
{
    /// <summary>It is there, as it was seen last.</summary>
    There,
    /// <summary>It is there, but its top directory or a manifest has changed: only a walk of the tree tells
    /// more.</summary>
    Changed,
    /// <summary>Its manifests are not the sealed ones, or can't be read.</summary>
    Damaged,
    /// <summary>The snapshot no longer exists.</summary>
    Gone,
    /// <summary>This process or machine is short of a resource: there is no result.</summary>
    Unknown,
}

/// <summary>Identifies a snapshot as the one that was seen before. It has no meaning beyond this process's
/// life.</summary>
public sealed record HoldingMark
{
    internal HoldingMark(FileStatus top, FileStatus manifest, FileStatus checksums) =>
        (Top, Manifest, Checksums) = (Of(top), Of(manifest), Of(checksums));

    private (ulong Inode, ulong Device, FileTime Modified, FileTime Changed) Top { get; }

    private (ulong Inode, ulong Device, FileTime Modified, FileTime Changed) Manifest { get; }

    private (ulong Inode, ulong Device, FileTime Modified, FileTime Changed) Checksums { get; }

    private static (ulong Inode, ulong Device, FileTime Modified, FileTime Changed) Of(FileStatus status) =>
        (status.Inode, status.Device, status.Modified, status.Changed);
}

/// <summary>A look's result.</summary>
/// <param name="Fault">What is wrong, if anything.</param>
/// <param name="Mark">The mark of its current state; null if it is not complete.</param>
public sealed record HoldingFound(HoldingState State, FaultyEntry? Fault, HoldingMark? Mark);

/// <summary>
/// Looks whether a published snapshot is still there: its top directory, its manifest with the seal that it was
/// published with, and its checksums. It costs a few calls, whatever the tree; content is not read. No link below ROOT
/// is followed.
/// </summary>
public static class HoldingCheck
{
    /// <summary>Looks.</summary>
    /// <param name="digest">What its manifest is sealed with; null where that is not known.</param>
    /// <param name="before">The mark of the last check; null: this is the first.</param>
    /// <param name="fromDisk">The manifest is read from the disk and not from memory, if the system allows it: a disk
    /// that is dead or was pulled still answers from memory.</param>
    public static HoldingFound At(DestinationRoot root, NodeName origin, SnapshotId id, Sha256Digest? digest,
        HoldingMark? before, bool fromDisk = false)
    {
        var (snapshot, manifest, checksums) = ($"snapshots/{id}", $"manifests/{id}.manifest", $"manifests/{id}.sha256");
        var errno = root.OpenSnapshot(origin, id, out var tree);
        using (tree)
        {
            if (errno is Errno.NoEntry or Errno.NotDirectory or Errno.Loop)
                return new HoldingFound(HoldingState.Gone, new FaultyEntry(snapshot, EntryFault.Missing), null);
            var top = default(FileStatus);
            if (errno == Errno.None) errno = tree.Status(out top);
            if (errno != Errno.None) return Wrong(snapshot, errno);
            errno = root.OpenManifest(origin, id, out var file);
            using (file)
            {
                if (errno != Errno.None) return Wrong(manifest, errno);
                errno = root.Directory.OpenBeneath(Encoding.ASCII.GetBytes($"{origin}/{checksums}"), OpenFlags.PathOnly,
                    out var sums);
                using (sums)
                {
                    var listed = default(FileStatus);
                    if (errno == Errno.None) errno = sums.Status(out listed);
                    if (errno != Errno.None || listed.Kind != FileKind.Regular) return Wrong(checksums, errno);
                    if (fromDisk) file.DropCache();
                    return Read(file, manifest, digest, before, top, listed, HoldsTimes(root));
                }
            }
        }
    }

    private static HoldingFound Read(Descriptor file, string manifest, Sha256Digest? digest, HoldingMark? before,
        FileStatus top, FileStatus listed, bool holdsTimes)
    {
        try
        {
            file.Status(out var status).OrThrow("statx", manifest);
            if (status.Kind != FileKind.Regular || ManifestReader.ReadSeal(file, manifest) is not { } seal
                || (digest is { } sealedAs && seal.Digest != sealedAs)) return Wrong(manifest, Errno.None);
            var mark = new HoldingMark(top, status, listed);
            // A quick check: adding or removing a name in the top directory changes its time.
            var isAsBefore = before is null
                ? !holdsTimes || TopOf(file, manifest)?.Metadata.Modified == top.Modified : before == mark;
            return new HoldingFound(isAsBefore ? HoldingState.There : HoldingState.Changed, null, mark);
        }
        catch (InvalidDataException)
        {
            return Wrong(manifest, Errno.None);
        }
        catch (PosixException e)
        {
            return Wrong(manifest, e.Errno);
        }
    }

    /// <summary>The manifest's first entry. It takes the open file over.</summary>
    private static DirectoryEntry? TopOf(Descriptor file, string shown)
    {
        using var manifest = new ManifestReader(file, shown);
        return manifest.Entries().FirstOrDefault() as DirectoryEntry;
    }

    private static bool HoldsTimes(DestinationRoot root) => !root.Abilities.Lacks.HasFlag(ReplicaLimits.Times);

    private static HoldingFound Wrong(string what, Errno errno) =>
        errno.IsShortage() ? new HoldingFound(HoldingState.Unknown, null, null)
        : new HoldingFound(HoldingState.Damaged,
            new FaultyEntry(what,
                errno == Errno.NoEntry
                    ? EntryFault.Missing : errno == Errno.None ? EntryFault.OtherContent : EntryFault.Unreadable),
                    null);
}
