using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Checking;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Storage.Staging;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Contained;

/// <summary>
/// What is staged is taken up again, unchanged files are taken from the snapshot before and from an interrupted one,
/// hard links are made, and the published snapshot is verified and read for others, while all of them are exchanged
/// with links to files of the same length and time and other content.
/// </summary>
internal sealed class AttackOnResumption : Attack
{
    private const string Fill =
        "mkdir -p {0}/d/e; for f in file d/file d/other d/e/file; do printf {1} > {0}/$f; touch -d @1000000000 {0}/$f; "
        + "done";
    private static readonly SnapshotId Interrupted = SnapshotId.After(CopyOfATree.First, CopyOfATree.First.Time);
    private static readonly SnapshotId Last = SnapshotId.After(Interrupted, Interrupted.Time);

    private readonly SourceTree _source;
    private readonly byte[] _read = new byte[64];

    public AttackOnResumption()
    {
        Prepare(string.Format(null, Fill, "outside", "SECRET"));
        Folder.Do(string.Format(null, Fill, "source", "public")
            + "; ln source/d/file source/d/second; ln source/file source/twin; ln -s d/file source/link");
        _source = SourceTree.Open(Folder["source"]);
    }

    private static string Origin => $"root/{CopyOfATree.Origin}";

    public override (string, string)[] Swaps =>
    [
        ($"{Origin}/snapshots/{CopyOfATree.First}/d", "swap/before"),
        ($"{Origin}/snapshots/{CopyOfATree.First}/d/file", "swap/file"),
        ($"{Origin}/staging/{Interrupted}/tree/d", "swap/interrupted"),
        ($"{Origin}/staging/{Interrupted}/tree/d/e", "swap/deeper"),
        ($"{Origin}/staging/{Interrupted}/tree", "swap/tree"),
        ($"{Origin}/staging/{Last}/tree/d", "swap/staged"),
        ($"{Origin}/staging/{Last}/tree/d/file", "swap/first"),
        ($"{Origin}/snapshots/{Last}/d", "swap/published"),
        ($"{Origin}/snapshots/{Last}", "swap/snapshot"),
    ];

    public override bool Round()
    {
        foreach (var name in (string[])["before", "interrupted", "staged", "published"]) Arm(name, Folder["outside/d"]);
        foreach (var name in (string[])["file", "first"]) Arm(name, Folder["outside/d/file"]);
        foreach (var name in (string[])["tree", "snapshot"]) Arm(name, Folder["outside"]);
        Arm("deeper", Folder["outside/d/e"]);
        try
        {
            using var root = CopyOfATree.OpenRoot(Folder["root"]);
            CopyOfATree.Copy(Folder["source"], root, CopyOfATree.First);
            using (var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _source.RealPath))
            {
                using (var killed = folder.Stage(Interrupted)) CopyOfATree.Fill(_source, killed);
                folder.Resume(Interrupted, _ => { }, CancellationToken.None).Dispose();
                Publish(folder);
            }
            // What was found in the place of the tree is damaged; that it is said is enough.
            _ = ReplicaCheck.RunAsync(root, CopyOfATree.Origin, Last, _ => { }, () => default, CancellationToken.None)
                .GetAwaiter().GetResult();
            return Deliver(root);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or InvalidDataException)
        {
            return false;
        }
        finally
        {
            // No copy has anything of what is outside. Nothing follows the attacker's links: they are names in it.
            // What it renames meanwhile, grep may not find any more: it says 2 then, and 0 where it has seen the secret
            // all the same.
            Assert.NotEqual(0, Folder.Run("grep -rqs SECRET root").Exit);
            Folder.Run("mv root gone && rm -rf gone");
        }
    }

    private void Publish(OriginReplicas folder)
    {
        using var staged = folder.Resume(Last, _ => { }, CancellationToken.None);
        using var interrupted = EarlierSnapshot.Interrupted(staged, timesTell: true, _ => { }, CancellationToken.None);
        using var before = EarlierSnapshot.Before(staged);
        CopyOfATree.Fill(_source, staged, file => (interrupted?.Take(file) ?? before?.Take(file))?.Digest);
        staged.Publish(staged.Draft.Seal);
    }

    private bool Deliver(DestinationRoot root)
    {
        var isWhole = true;
        var stored = StoredTree.Open(root, CopyOfATree.Origin, Last);
        using var files = stored.Files;
        using var manifest = stored.Manifest;
        foreach (var entry in manifest.Entries().OfType<FileEntry>())
        {
            if (!files.TryOpenFile(entry, out var file, out _)) isWhole = false;
            else using (file) Assert.Equal("public"u8, _read.AsSpan(0, file.Read(_read)));
        }
        return isWhole;
    }

    public override void Dispose()
    {
        _source.Dispose();
        base.Dispose();
    }
}
