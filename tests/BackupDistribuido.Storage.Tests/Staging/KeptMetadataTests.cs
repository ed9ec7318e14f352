using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Storage.Tests.Staging;

/// <summary>What a file system says that it took of an entry's metadata, and did not, is seen before the replica is
/// published.</summary>
public sealed class KeptMetadataTests : IDisposable
{
    private static readonly FileTime Far = new(20_000_000_000, 5); // 2603: ext4 has room up to 2446

    private readonly TemporaryFolder _folder = new();

    public KeptMetadataTests() => _folder.MakeDirectory("disk");

    [SkippableTheory]
    [InlineData("file")]
    [InlineData("directory")]
    [InlineData("link")]
    public void A_time_that_an_inode_has_no_room_for_is_told(string kind)
    {
        Mount();
        using var root = CopyOfATree.OpenRoot(_folder["disk"]);
        Assert.Equal(ReplicaLimits.None, root.Abilities.Lacks & ReplicaLimits.Times);
        using var origin = OriginReplicas.Open(root, CopyOfATree.Origin, "id");
        using var staged = origin.Stage(CopyOfATree.First);
        Stage(staged, new DirectoryEntry(TreePath.Root, Owned(0x1C0, default)));

        Stage(staged, kind switch
        {
            "file" => new FileEntry(TreePath.FromBytes("f"u8), Owned(0x180, Far), default, Sha256Digest.OfNothing),
            "directory" => new DirectoryEntry(TreePath.FromBytes("d"u8), Owned(0x1C0, Far)),
            _ => new SymbolicLinkEntry(TreePath.FromBytes("l"u8), Owned(0x1FF, Far), "t"u8.ToArray()),
        });
        staged.Publish(staged.Draft.Seal);

        Assert.Equal(new ReplicaShortfall(ReplicaLimits.Times, 0), staged.Shortfall);
        Assert.Equal("missing 0: exact times\n",
            File.ReadAllText($"{origin.Path}/manifests/{CopyOfATree.First}.shortfall"));
    }

    private static Metadata Owned(int mode, FileTime modified) => new(mode, 0, 0, modified);

    private static void Stage(StagedSnapshot staged, Entry entry)
    {
        switch (entry)
        {
            case DirectoryEntry directory: staged.Writer.Apply(directory); break;
            case SymbolicLinkEntry link: staged.Writer.Apply(link); break;
            case FileEntry file:
                using (var made = staged.Writer.TryCreate(file)) made!.Finish();
                break;
        }
        var line = new System.Buffers.ArrayBufferWriter<byte>();
        EntryLine.Write(entry, line);
        staged.Draft.Append(line.WrittenSpan, staged.Draft.Totals.Entries, 1);
    }

    private void Mount()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "only root mounts file systems");
        var (exit, output) =
            _folder.Run("set -e; truncate -s 16M image; mkfs.ext4 -q -I 256 image; mount -o loop image disk");
        Skip.IfNot(exit == 0, $"it can't be mounted here: {output}");
    }

    public void Dispose()
    {
        _folder.Run("umount disk");
        _folder.Dispose();
    }
}
