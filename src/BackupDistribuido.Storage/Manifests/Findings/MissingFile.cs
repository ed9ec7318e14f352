using System.Buffers;
using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Manifests.Findings;

/// <summary>
/// <c>manifests/ID.missing</c>: the entries of a replica that are missing because this file system can't store their
/// names, one line each, percent-encoded as in the manifest and in its order. Entries below a missing directory are
/// missing too, and have no line. The file does not exist if no entry is missing: it excuses no other missing entry.
/// </summary>
internal static class MissingFile
{
    public const string Extension = ".missing";

    public static byte[] Name(SnapshotId id) => Encoding.ASCII.GetBytes($"{id}{Extension}");

    /// <summary>Writes it durably, by way of <paramref name="scratch"/>; fsyncing <c>manifests</c> is the
    /// caller's.</summary>
    /// <exception cref="PosixException">A call failed.</exception>
    public static void Write(OriginFolder folder, SnapshotId id, IEnumerable<TreePath> missing, Descriptor scratch)
    {
        var text = new ArrayBufferWriter<byte>();
        foreach (var path in missing)
        {
            if (text.WrittenCount > 0) text.Write("\n"u8);
            PathText.Encode(path.Bytes, text);
        }
        SmallFile.Replace(scratch, folder.Manifests, Name(id), Encoding.ASCII.GetString(text.WrittenSpan),
            folder.Durability, Shown(folder.Path, id));
    }

    /// <summary>Reads it in an open <c>manifests</c> of the folder that is shown so; nothing is missing where there is
    /// none.</summary>
    /// <exception cref="PosixException">It can't be read.</exception>
    /// <exception cref="InvalidDataException">It says something else.</exception>
    public static MissingNames Read(Descriptor manifests, string folder, SnapshotId id)
    {
        var missing = new MissingNames();
        var errno = manifests.OpenRegular(Name(id), out var file);
        if (errno == Errno.NoEntry) return missing;
        errno.OrThrow("openat", Shown(folder, id));
        using var lines = new LineReader(file, Shown(folder, id), 3 * TreePath.MaxBytes);
        while (!lines.AtEnd)
        {
            if (!lines.TryNext(out var line, out _) || !TryParse(line, out var path) || path.IsRoot
                || missing.Names(path) || !missing.TryAdd(path))
                throw new InvalidDataException(
                    $"{Shown(folder, id)} does not say what the replica lacks, in line {lines.Number}.");
        }
        return missing;
    }

    private static bool TryParse(ReadOnlySpan<byte> line, out TreePath path)
    {
        path = default;
        return PathText.TryDecode(line, out var bytes) && TreePath.TryFromBytes(bytes, out path, out _);
    }

    private static string Shown(string folder, SnapshotId id) => $"{folder}/manifests/{id}{Extension}";
}
