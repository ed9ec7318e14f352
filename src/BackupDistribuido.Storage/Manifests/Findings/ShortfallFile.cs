using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Manifests.Findings;

/// <summary>
/// <c>manifests/ID.shortfall</c>: what this destination's replica lacks of its manifest, in the one line of
/// <see cref="ReplicaShortfall.Format"/>. The manifest is the same everywhere, so it can't say this. The file does not
/// exist if the replica lacks nothing.
/// </summary>
internal static class ShortfallFile
{
    public const string Extension = ".shortfall";

    public static byte[] Name(SnapshotId id) => Encoding.ASCII.GetBytes($"{id}{Extension}");

    /// <summary>Writes it durably, by way of <paramref name="scratch"/>; fsyncing <c>manifests</c> is the
    /// caller's.</summary>
    /// <exception cref="PosixException">A call failed.</exception>
    public static void Write(OriginFolder folder, SnapshotId id, ReplicaShortfall shortfall, Descriptor scratch) =>
        SmallFile.Replace(scratch, folder.Manifests, Name(id), shortfall.Format(), folder.Durability,
            Shown(folder.Path, id));

    /// <summary>Reads it; nothing is lacking where there is none.</summary>
    /// <exception cref="PosixException">It can't be read.</exception>
    /// <exception cref="InvalidDataException">It says something else.</exception>
    public static ReplicaShortfall Read(OriginFolder folder, SnapshotId id) => Read(folder.Manifests, folder.Path, id);

    /// <summary>The same in an open <c>manifests</c> of the folder that is shown so.</summary>
    /// <exception cref="PosixException">It can't be read.</exception>
    /// <exception cref="InvalidDataException">It says something else.</exception>
    public static ReplicaShortfall Read(Descriptor manifests, string folder, SnapshotId id)
    {
        var errno = SmallFile.Read(manifests, Name(id), out var text);
        if (errno == Errno.NoEntry) return default;
        errno.OrThrow("openat", Shown(folder, id));
        return ReplicaShortfall.TryParse(text, out var shortfall)
            ? shortfall
            : throw new InvalidDataException($"{Shown(folder, id)} does not say what the replica lacks: '{text}'.");
    }

    /// <summary>The same; null where it can't be read.</summary>
    public static ReplicaShortfall? TryRead(Descriptor manifests, SnapshotId id)
    {
        try
        {
            return Read(manifests, "", id);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Whether entries are missing because of their names; also where it can't be read.</summary>
    public static bool MayLackNames(OriginFolder folder, SnapshotId id)
    {
        try
        {
            return Read(folder, id).Limits.HasFlag(ReplicaLimits.Names);
        }
        catch (Exception e) when (e is PosixException or InvalidDataException)
        {
            return true;
        }
    }

    /// <summary>How many entries are missing from a replica; if unknown, a number above any other.</summary>
    public static long MissingIn(OriginFolder folder, SnapshotId id)
    {
        try
        {
            return Read(folder, id).Missing;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return long.MaxValue;
        }
    }

    private static string Shown(string folder, SnapshotId id) => $"{folder}/manifests/{id}{Extension}";
}
