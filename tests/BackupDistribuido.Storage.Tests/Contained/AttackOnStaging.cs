using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Staging;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Contained;

/// <summary>A snapshot is received, partly announced anew, published or given up, while its directories, files, links
/// and its own place are exchanged.</summary>
internal sealed class AttackOnStaging : Attack
{
    private static readonly Metadata Given = new(0xFFF, 1234, 5678, new FileTime(1, 2));

    private readonly DestinationRoot _root;
    private readonly OriginReplicas _origin;

    public AttackOnStaging()
    {
        // A second name of a file outside: what is done to the name is done to the file.
        Prepare("mkdir -p outside/d/e; echo precious | tee outside/file outside/d/file outside/d/e/file outside/d/new "
            + ">/dev/null; ln outside/file swap/twin; ln -s ../outside/d outside/link");
        _root = CopyOfATree.OpenRoot(Folder["root"]);
        _origin = OriginReplicas.Open(_root, CopyOfATree.Origin, "id");
    }

    private static string Place => $"root/{CopyOfATree.Origin}/staging/{CopyOfATree.First}";

    public override (string, string)[] Swaps =>
    [
        ($"{Place}/tree/d", "swap/d"),
        ($"{Place}/tree/d/e", "swap/e"),
        ($"{Place}/tree/d/file", "swap/file"),
        ($"{Place}/tree/link", "swap/twin"),
        ($"{Place}/tree", "swap/tree"),
        (Place, "swap/place"),
    ];

    public override bool Round()
    {
        Arm("d", Folder["outside/d"]);
        Arm("e", Folder["outside/d/e"]);
        Arm("file", Folder["outside/d/file"]);
        Arm("tree", Folder["outside"]);
        Arm("place", Folder["outside"]);
        if (new FileInfo(Folder["swap/twin"]) is not { LinkTarget: null, Exists: true })
            Folder.Run("ln -f outside/file swap/twin");
        foreach (var old in (string[])["snapshots/{0}", "manifests/{0}.manifest", "manifests/{0}.sha256"])
            SwappingNames.TakeAway(Folder, $"root/{CopyOfATree.Origin}/" + string.Format(null, old, CopyOfATree.First));
        try
        {
            _origin.RemoveStaging();
            using var staged = _origin.Stage(CopyOfATree.First);
            foreach (var path in (string[])["d", "d/e", "d/e/f"])
                staged.Writer.Apply(new DirectoryEntry(At(path), Given));
            foreach (var path in (string[])["d/file", "d/e/file", "d/new", "d/e/f/new"]) Write(staged, path);
            for (var i = 0; i < 20; i++)
            {
                staged.Writer.Apply(new SymbolicLinkEntry(At("link"), Given, "target"u8.ToArray()));
                staged.Writer.Remove(At("link"));
            }
            staged.Writer.Remove(At("d/new"));
            staged.Writer.Remove(At("d/e"));
            staged.Draft.Append("d 755 0 0 0.000000000 - .\nd 7711 1234 5678 0.000000000 - d\n"u8, 0, 2);
            staged.Publish(staged.Draft.Seal);
            return true;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void Write(StagedSnapshot staged, string path)
    {
        using var file = staged.Create(new FileEntry(At(path), Given, default, null));
        file.Write("content"u8);
        file.Finish();
    }

    public override void Dispose()
    {
        _origin.Dispose();
        _root.Dispose();
        base.Dispose();
    }
}
