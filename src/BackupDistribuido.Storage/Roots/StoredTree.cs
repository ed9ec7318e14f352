using System.Text;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Storage.Roots;

/// <summary>A published snapshot as something that can be delivered to others: its files, and its manifest cut into pages as it was when it came.</summary>
/// <param name="Lacks">What is missing of it because of names; null where that is nothing.</param>
public sealed record StoredTree(SourceTree Files, ManifestDraft Manifest, MissingNames? Lacks)
{
    /// <summary>Opens a snapshot. Takes as long as reading its manifest; not for a thread that others wait for.</summary>
    /// <exception cref="IOException">There is none, or it can't be read.</exception>
    /// <param name="mustHaveAll">Refuses one that lacks files because of their names: others would lack them too.</param>
    /// <exception cref="InvalidDataException">Its manifest is not what was sealed, or it lacks files.</exception>
    public static StoredTree Open(DestinationRoot root, NodeName origin, SnapshotId id, bool mustHaveAll = false)
    {
        var lacks = LacksOf(root, origin, id);
        if (mustHaveAll && lacks is not null) throw new InvalidDataException($"{root.RealPath}/{origin}/snapshots/{id} lacks entries whose names its file system can't have");
        var (manifestPath, treePath) = ($"{origin}/manifests/{id}.manifest", $"{origin}/snapshots/{id}");
        root.Directory.OpenBeneath(Encoding.ASCII.GetBytes(manifestPath), OpenFlags.Read, out var file).OrThrow("openat2", $"{root.RealPath}/{manifestPath}");
        // Below ROOT: a confined destination can write nowhere else.
        var draft = ManifestDraft.Temporary(root.Mark, $"{root.RealPath}/.bdist");
        try
        {
            using (var manifest = new ManifestReader(file, $"{root.RealPath}/{manifestPath}"))
            {
                foreach (var page in Paging.Cut(manifest.Entries())) draft.Append(EntryLines.Write(page).Span, draft.Totals.Entries, page.Length);
            }
            root.Directory.OpenBeneath(Encoding.ASCII.GetBytes(treePath), OpenFlags.Directory, out var tree).OrThrow("openat2", $"{root.RealPath}/{treePath}");
            return new StoredTree(SourceTree.OfReplica(tree, $"{root.RealPath}/{treePath}"), draft, lacks);
        }
        catch
        {
            draft.Dispose();
            throw;
        }
    }

    /// <summary>What it lacks because of names; null where that is nothing.</summary>
    private static MissingNames? LacksOf(DestinationRoot root, NodeName origin, SnapshotId id)
    {
        var shown = $"{root.RealPath}/{origin}";
        root.Directory.OpenBeneath(Encoding.ASCII.GetBytes($"{origin}/manifests"), OpenFlags.Directory, out var manifests).OrThrow("openat2", $"{shown}/manifests");
        using (manifests) return ShortfallFile.Read(manifests, shown, id).Limits.HasFlag(ReplicaLimits.Names) ? MissingFile.Read(manifests, shown, id) : null;
    }
}
