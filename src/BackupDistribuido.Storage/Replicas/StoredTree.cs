using System.Text;
using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Manifests.Findings;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Storage.Replicas;

/// <summary>A published snapshot as something that can be delivered to others: its files, and its manifest cut into
/// pages as it was when it came.</summary>
/// <param name="Lacks">What is missing because of names; null if nothing is.</param>
public sealed record StoredTree(SourceTree Files, ManifestDraft Manifest, MissingNames? Lacks)
{
    /// <summary>Opens a snapshot. Takes as long as reading its manifest; not for a thread that others wait
    /// for.</summary>
    /// <param name="mustHaveAll">Refuses one that lacks files because of their names: others would lack them
    /// too.</param>
    /// <exception cref="IOException">There is none, it can't be read, or it lacks files.</exception>
    /// <exception cref="InvalidDataException">Its manifest is not the sealed one, or the disk can't read
    /// it.</exception>
    public static StoredTree Open(DestinationRoot root, NodeName origin, SnapshotId id, bool mustHaveAll = false)
    {
        var lacks = LacksOf(root, origin, id);
        if (mustHaveAll && lacks is not null)
            throw new IOException(
                $"{root.SnapshotPath(origin, id)} lacks entries whose names its file system can't have");
        var (manifestPath, treePath) = (root.ManifestPath(origin, id), root.SnapshotPath(origin, id));
        root.OpenManifest(origin, id, out var file).OrThrow("openat2", manifestPath);
        // Below ROOT: a confined destination can write nowhere else.
        var draft = ManifestDraft.Temporary(root.Mark, $"{root.RealPath}/.bdist");
        try
        {
            using (var manifest = new ManifestReader(file, manifestPath))
            {
                foreach (var page in Paging.Cut(Readable(manifest)))
                    draft.Append(EntryLines.Write(page).Span, draft.Totals.Entries, page.Length);
            }
            root.OpenSnapshot(origin, id, out var tree).OrThrow("openat2", treePath);
            return new StoredTree(SourceTree.OfReplica(tree, treePath), draft, lacks);
        }
        catch
        {
            draft.Dispose();
            throw;
        }
    }

    /// <summary>What it lacks because of names; null if nothing.</summary>
    private static MissingNames? LacksOf(DestinationRoot root, NodeName origin, SnapshotId id)
    {
        var shown = root.PathOf(origin);
        root.OpenManifests(origin, out var manifests).OrThrow("openat2", $"{shown}/manifests");
        using (manifests)
            return ShortfallFile.Read(manifests, shown, id).Limits.HasFlag(ReplicaLimits.Names)
                ? MissingFile.Read(manifests, shown, id) : null;
    }

    /// Read errors in the snapshot are distinguished from write errors beside it.
    private static IEnumerable<Entry> Readable(ManifestReader manifest)
    {
        using var entries = manifest.Entries().GetEnumerator();
        while (Next(entries)) yield return entries.Current;
    }

    private static bool Next(IEnumerator<Entry> entries)
    {
        try
        {
            return entries.MoveNext();
        }
        catch (PosixException e) when (!e.Errno.IsShortage())
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}
