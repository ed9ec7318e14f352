using System.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;
using CsCheck;

namespace BackupDistribuido.Tests;

/// <summary>Trees of random types, names, modes, times, holes, attributes and links. The test projects that need them
/// compile this file.</summary>
public static class RandomTree
{
    public abstract record Node(byte[] Name);

    public sealed record FolderNode(byte[] Name, int Mode, FileTime Time, Node[] Inside) : Node(Name);

    public sealed record FileNode(byte[] Name, int Mode, FileTime Time, byte[] Content, int Hole, byte[] Attribute)
        : Node(Name);

    public sealed record PipeNode(byte[] Name, int Mode, FileTime Time, bool IsSocket) : Node(Name);

    /// <summary>Another name of the first file, link or pipe in its folder; nothing where there is none.</summary>
    public sealed record NameNode(byte[] Name) : Node(Name);

    public sealed record LinkNode(byte[] Name, FileTime Time, byte[] Target) : Node(Name);

    private static readonly Gen<byte> NameByte = Gen.Frequency(
        (4, Gen.Int[0, 3].Select(i => "ab.-"u8[i])), (1, Gen.Byte.Where(b => b is not (0 or (byte)'/'))));

    private static readonly Gen<byte[]> Name =
        NameByte.Array[1, 12].Where(name => Encoding.Latin1.GetString(name) is not ("." or ".."));

    private static readonly Gen<FileTime> Time =
        Gen.Select(Gen.Long[-2_000_000_000, 4_000_000_000], Gen.Int[0, 999_999_999],
            (seconds, nanoseconds) => new FileTime(seconds, nanoseconds));

    // Readable and searchable for their owner, so that anybody can run this.
    private static readonly Gen<int> Mode = Gen.Int[0, 0x3F].Select(mode => 0x1C0 | mode);

    private static readonly Gen<Node> File = Gen.Select(Name, Mode, Time, Gen.Byte.Array[0, 3000],
        Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 300_000])), Gen.Byte.Array[0, 20],
        (name, mode, time, content, hole, attribute) => (Node)new FileNode(name, mode, time, content, hole, attribute));

    private static readonly Gen<Node> Pipe = Gen.Select(Name, Mode, Time, Gen.Bool,
        (name, mode, time, isSocket) => (Node)new PipeNode(name, mode, time, isSocket));

    private static readonly Gen<Node> Again = Name.Select(name => (Node)new NameNode(name));

    private static readonly Gen<Node> Link =
        Gen.Select(Name, Time, NameByte.Array[1, 40], (name, time, target) => (Node)new LinkNode(name, time, target));

    private static Gen<Node> Folder(int depth) =>
        Gen.Select(Name, Mode, Time, Inside(depth),
            (name, mode, time, inside) => (Node)new FolderNode(name, mode, time, inside));

    /// <summary>What a directory has in it, with directories up to so many levels below.</summary>
    public static Gen<Node[]> Inside(int depth) =>
        (depth == 0
            ? Gen.OneOf(File, Link, Pipe, Again)
            : Gen.Frequency((6, File), (2, Link), (1, Pipe), (3, Again),
                (4, Gen.Const(0).SelectMany(_ => Folder(depth - 1)))))
            .Array[0, 5].Select(nodes => nodes.DistinctBy(node => Convert.ToHexString(node.Name)).ToArray());

    /// <summary>Makes the directory of that path with this in it.</summary>
    public static void Make(string path, Node[] inside)
    {
        Descriptor.OpenDirectory(Path.GetDirectoryName(path)!, out var parent).OrThrow("open", path);
        using (parent)
            Make(new FolderNode(Encoding.UTF8.GetBytes(Path.GetFileName(path)), 0x1ED, new FileTime(1, 2), inside),
                parent);
    }

    private static void Make(Node node, Descriptor parent)
    {
        if (node is PipeNode pipe)
        {
            parent.MakeNode(pipe.Name, pipe.IsSocket ? FileKind.Socket : FileKind.Fifo, 0, 0).OrThrow("mknodat", "");
            parent.Open(pipe.Name, OpenFlags.PathOnly | OpenFlags.NoFollow, out var held).OrThrow("openat", "");
            held.SetModeOfPath(pipe.Mode).OrThrow("chmod", "");
            held.SetModifiedOfPath(pipe.Time).OrThrow("utimensat", "");
            held.Dispose();
            return;
        }
        if (node is LinkNode link)
        {
            parent.MakeLink(link.Target, link.Name).OrThrow("symlinkat", "");
            parent.Open(link.Name, OpenFlags.PathOnly | OpenFlags.NoFollow, out var held).OrThrow("openat", "");
            using (held) held.SetModifiedOfPath(link.Time).OrThrow("utimensat", "");
            return;
        }
        if (node is FolderNode) parent.MakeDirectory(node.Name).OrThrow("mkdirat", "");
        parent.Open(node.Name, node is FolderNode ? OpenFlags.Directory : OpenFlags.Write | OpenFlags.Create,
            out var opened).OrThrow("openat", "");
        using (opened)
        {
            if (node is FolderNode folder)
            {
                foreach (var inner in folder.Inside.Where(inner => inner is not NameNode)) Make(inner, opened);
                var first = folder.Inside.FirstOrDefault(inner => inner is FileNode or LinkNode or PipeNode);
                foreach (var again in folder.Inside.OfType<NameNode>().Where(_ => first is not null))
                    opened.MakeHardLink(first!.Name, opened, again.Name).OrThrow("linkat", "");
            }
            var (mode, time) = node is FolderNode made
                ? (made.Mode, made.Time) : (((FileNode)node).Mode, ((FileNode)node).Time);
            if (node is FileNode file)
            {
                opened.Write(file.Content).OrThrow("write", "");
                if (file.Hole > 0) opened.SetLength(file.Content.Length + file.Hole).OrThrow("ftruncate", "");
                if (file.Attribute.Length > 0)
                    opened.WriteAttribute("user.test"u8, file.Attribute).Except(Errno.NotSupported)
                        .OrThrow("setxattr", "");
            }
            opened.SetMode(mode).OrThrow("fchmod", "");
            opened.SetModified(time).OrThrow("futimens", "");
        }
    }
}
