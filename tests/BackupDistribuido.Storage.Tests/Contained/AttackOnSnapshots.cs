using BackupDistribuido.Core.Naming;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Contained;

/// <summary>Published snapshots are listed, repaired and pruned, while they, their manifests, <c>latest</c> and the
/// origin's folders are exchanged.</summary>
internal sealed class AttackOnSnapshots : Attack
{
    private static readonly SnapshotId Second = SnapshotId.After(CopyOfATree.First, CopyOfATree.First.Time);

    public AttackOnSnapshots()
    {
        Prepare($"mkdir -p outside/sub outside/{CopyOfATree.First}/sub; echo precious | tee outside/file "
            + $"outside/sub/file outside/{CopyOfATree.First}/sub/file > outside/manifest");
        Folder.Do(
            "mkdir -p source/sub/deeper; echo content | tee source/sub/file > source/sub/deeper/file; chmod 0555 "
            + "source/sub source");
    }

    private static string Origin => $"root/{CopyOfATree.Origin}";

    public override (string, string)[] Swaps =>
    [
        ($"{Origin}/snapshots/{CopyOfATree.First}", "swap/snapshot"),
        ($"{Origin}/snapshots/{CopyOfATree.First}/sub", "swap/sub"),
        ($"{Origin}/staging/{CopyOfATree.First}/sub", "swap/staged"),
        ($"{Origin}/manifests/{Second}.manifest", "swap/manifest"),
        ($"{Origin}/latest", "swap/latest"),
        ($"{Origin}/snapshots", "swap/snapshots"),
    ];

    public override bool Round()
    {
        Arm("snapshot", Folder["outside"]);
        Arm("sub", Folder["outside/sub"]);
        Arm("staged", Folder["outside/sub"]);
        Arm("manifest", Folder["outside/manifest"]);
        Arm("latest", Folder["outside/file"]);
        Arm("snapshots", Folder["outside"]);
        try
        {
            using var root = CopyOfATree.OpenRoot(Folder["root"]);
            CopyOfATree.Copy(Folder["source"], root, CopyOfATree.First);
            CopyOfATree.Copy(Folder["source"], root, Second);
            StoredSnapshots.Newest(root);
            using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + Folder["source"]);
            folder.List();
            folder.Prune(1, Second);
            folder.RemoveStaging();
            return true;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or InvalidDataException)
        {
            return false;
        }
        finally
        {
            // The victim begins anew; that it is exchanged meanwhile is the attacker's own doing.
            Folder.Run("mv root gone && rm -rf gone");
        }
    }
}
