using System.Buffers;
using System.Security.Cryptography;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Storage.Tests.Staging;

/// <summary>The whole way of a tree in one process and without a network: scan, read, stage, publish.</summary>
internal static class CopyOfATree
{
    public static readonly NodeName Origin = NodeName.Parse("laptop-photos");
    public static readonly SnapshotId First = SnapshotId.Parse("20261122T163305Z");

    public static DestinationRoot OpenRoot(string path, Durability? durability = null) =>
        DestinationRoot.Open(path, new RootOptions(), durability ?? new Durability());

    /// <summary>Copies all of it; the published tree's path.</summary>
    public static string Copy(string source, DestinationRoot root, SnapshotId? id = null)
    {
        using var tree = SourceTree.Open(source);
        using var folder = OriginReplicas.Open(root, Origin, "machine:" + tree.RealPath);
        using var staged = folder.Stage(id ?? First);
        Fill(tree, staged);
        var stored = staged.Publish(staged.Draft.Seal);
        return folder.SnapshotPath(stored.Id);
    }

    /// <summary>Stages all of it; what <paramref name="take"/> gives the digest of, it has taken from somewhere
    /// else.</summary>
    public static void Fill(SourceTree tree, StagedSnapshot staged, Func<FileEntry, Sha256Digest?>? take = null)
    {
        var page = new ArrayBufferWriter<byte>();
        var buffer = new byte[256 * 1024];
        var (first, count) = (0L, 0);
        foreach (var scanned in tree.Scan(_ => { }))
        {
            EntryLine.Write(Stage(tree, staged, scanned, take, buffer), page);
            if (++count < 1000) continue;
            staged.Draft.Append(page.WrittenSpan, first, count);
            page.ResetWrittenCount();
            (first, count) = (first + count, 0);
        }
        staged.Draft.Append(page.WrittenSpan, first, count);
    }

    private static Entry Stage(SourceTree tree, StagedSnapshot staged, Entry entry,
        Func<FileEntry, Sha256Digest?>? take, byte[] buffer)
    {
        switch (entry)
        {
            case DirectoryEntry directory:
                staged.Writer.Apply(directory);
                return directory;
            case SymbolicLinkEntry link:
                staged.Writer.Apply(link);
                return link;
            case SpecialEntry special:
                staged.Writer.Apply(special);
                return special;
            case FileEntry file:
                if (!tree.TryOpenFile(file, out var source, out var why)) return new OmittedEntry(file.Path, why);
                using (source)
                {
                    return take?.Invoke(source.Current) is { } digest
                        ? source.Current with { Digest = digest } : Stage(source, staged, buffer);
                }
            default:
                return entry;
        }
    }

    private static FileEntry Stage(SourceFile source, StagedSnapshot staged, byte[] buffer)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var target = staged.Writer.TryCreate(source.Current);
        for (var left = source.Current.Stamp.Size; left > 0;)
        {
            if (source.Extent is { IsHole: true } hole)
            {
                target?.Skip(hole.End - source.Position);
                hash.AppendZeros(hole.End - source.Position);
                left -= hole.End - source.Position;
                source.Position = hole.End;
                continue;
            }
            var bytes = source.Read(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)));
            Assert.NotEqual(0, bytes);
            hash.AppendData(buffer, 0, bytes);
            target?.Write(buffer.AsSpan(0, bytes));
            left -= bytes;
        }
        Assert.True(source.IsUnchanged());
        target?.Finish();
        return source.Current with { Digest = Sha256Digest.Finish(hash) };
    }
}
