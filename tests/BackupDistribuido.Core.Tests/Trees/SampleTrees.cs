using BackupDistribuido.Core.Trees;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Trees;

/// <summary>Generators of what a tree can hold, names that provoke a wrong order among them.</summary>
public static class SampleTrees
{
    /// <summary>A name: any bytes but NUL and slash, with those around the slash in ASCII, the dot and bytes above 0x7F
    /// often.</summary>
    public static readonly Gen<byte[]> Name =
        Gen.Frequency(
            (3, Gen.OneOf<byte[]>("a"u8.ToArray(), "a.c"u8.ToArray(), "a-"u8.ToArray(), "a0"u8.ToArray(),
                "a!"u8.ToArray(), "b"u8.ToArray(), [0xFF], [0x01], "..."u8.ToArray())),
            (1, Gen.Byte.Where(value => value is not 0 and not (byte)'/').Array[1, 12]
                .Where(name => name is not [(byte)'.'] and not [(byte)'.', (byte)'.'])));

    /// <summary>A path of one to five names.</summary>
    public static readonly Gen<TreePath> Path =
        Name.List[1, 5].Select(names => names.Aggregate(TreePath.Root, (path, name) => path.Child(name)));

    private static readonly Gen<FileTime> Time =
        Gen.Select(Gen.Long, Gen.Int[0, 999_999_999], (seconds, nanoseconds) => new FileTime(seconds, nanoseconds));

    private static readonly Gen<Sha256Digest> Digest =
        Gen.Byte.Array[Sha256Digest.Size].Select(bytes => new Sha256Digest(bytes));

    private static readonly Gen<Metadata> Metadata =
        Gen.Select(Gen.Int[0, Core.Trees.Metadata.MaxMode], Gen.UInt, Gen.UInt, Time,
            (mode, uid, gid, time) => new Metadata(mode, uid, gid, time));

    private static readonly Gen<Entry> File =
        Gen.Select(Path, Metadata, Gen.Long[0, long.MaxValue], Time, Gen.ULong, Gen.Bool, Digest,
            (path, metadata, size, changed, inode, known, digest) =>
            (Entry)new FileEntry(path, metadata, new FileStamp(size, changed, inode),
                size == 0 ? Sha256Digest.OfNothing : known ? digest : null));

    /// <summary>An entry of any kind.</summary>
    public static readonly Gen<Entry> Entry = Gen.OneOf(
        Gen.Select(Path, Metadata, (path, metadata) => (Entry)new DirectoryEntry(path, metadata)),
        File,
        Gen.Select(Path, Metadata, Gen.Byte.Where(value => value != 0).Array[1, 40],
            (path, metadata, target) => (Entry)new SymbolicLinkEntry(path, metadata, target)),
        Gen.Select(Path, Gen.Enum<Omission>(), (path, why) => (Entry)new OmittedEntry(path, why)));

    /// <summary>A directory with nothing of interest but its path.</summary>
    public static DirectoryEntry Directory(TreePath path) =>
        new(path, new Metadata(Convert.ToInt32("755", 8), 0, 0, new FileTime(0, 0)));

    /// <summary>An entry that can hold no others.</summary>
    public static OmittedEntry Leaf(TreePath path) => new(path, Omission.Vanished);
}
