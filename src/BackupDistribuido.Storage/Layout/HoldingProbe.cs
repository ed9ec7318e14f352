using System.Text;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Layout;

/// <summary>
/// Probes in <c>.bdist/probe</c> what a ROOT's file system can hold. Some calls fail, others succeed without effect
/// (modes of exFAT over FUSE), so the effect is checked.
/// </summary>
internal static class HoldingProbe
{
    private const int Mode = 0x1A0, OtherMode = 0x1C0; // 0640 and 0700: no mount option makes every file have both

    private const string SnapshotName = "20000101T000000Z-00c0de";

    private static readonly FileTime Exact = new(1_700_000_001, 123_456_789);

    /// <summary>Probes. What can't be probed, because the disk is full, is assumed to work: otherwise it will show
    /// later.</summary>
    /// <param name="mark">The ROOT's <c>.bdist</c>, locked by this process.</param>
    /// <param name="shown">How that is shown.</param>
    /// <exception cref="PosixException">Its own files can't be made or removed.</exception>
    /// <exception cref="RootRefusedException">Snapshots would not be found again.</exception>
    public static RootAbilities Try(Descriptor mark, string shown)
    {
        var name = "probe"u8;
        var path = $"{shown}/probe";
        // A life that was killed at it has left it.
        Remove(mark, name, path);
        var errno = mark.MakeDirectory(name).Except(Errno.Exists);
        if (IsFull(errno)) return new RootAbilities(ReplicaLimits.None, true, long.MaxValue);
        errno.OrThrow("mkdirat", path);
        try
        {
            mark.OpenDirectory(name, out var place).OrThrow("openat", path);
            using (place) return TryIn(place, path);
        }
        finally
        {
            Remove(mark, name, path);
        }
    }

    // FUSE releases a file a moment after it was closed, and keeps it under another name until then. What is still
    // there after a second does no harm, and goes when the ROOT is opened next.
    private static void Remove(Descriptor mark, ReadOnlySpan<byte> name, string path)
    {
        for (var attempt = 1; attempt <= 20; attempt++)
        {
            try
            {
                Folders.Remove(mark, name, path);
                return;
            }
            catch (PosixException e) when (e.Errno == Errno.NotEmpty)
            {
                Thread.Sleep(50);
            }
        }
    }

    private static RootAbilities TryIn(Descriptor place, string shown)
    {
        var errno = place.CreateFile("file"u8, out var file);
        if (IsFull(errno)) return new RootAbilities(ReplicaLimits.None, true, long.MaxValue);
        errno.OrThrow("openat", $"{shown}/file");
        using (file)
        {
            var lacks = Unless(HoldsHardLink(place, file), ReplicaLimits.HardLinks)
                | Unless(HoldsKind(place.MakeLink("file"u8, "symbolic"u8), place, "symbolic"u8, FileKind.SymbolicLink),
                    ReplicaLimits.SymbolicLinks)
                | Unless(HoldsKind(place.MakeNode("fifo"u8, FileKind.Fifo, 0, 0), place, "fifo"u8, FileKind.Fifo),
                    ReplicaLimits.SpecialFiles)
                | Unless(HoldsAttribute(file), ReplicaLimits.Attributes)
                | Unless(HoldsMode(file, Mode) && HoldsMode(file, OtherMode), ReplicaLimits.Modes)
                | Unless(!Descriptor.IsPrivileged || HoldsOwner(file), ReplicaLimits.Owners)
                | Unless(IsHeld(file.SetModified(Exact)) && file.Status(out var status) == Errno.None
                    && status.Modified == Exact, ReplicaLimits.Times);
            return new RootAbilities(lacks, place.Status("FILE"u8, out _) != Errno.None, LongestFile(file),
                KeepsNames(place, shown));
        }
    }

    /// <summary>
    /// Whether names that some file systems alter are listed as they were given. One that is refused shows when it is
    /// met.
    /// </summary>
    private static bool KeepsNames(Descriptor place, string shown)
    {
        // Cut off (vfat), composed or decomposed (HFS+), and made small (NTFS that ignores case).
        string[] names = [SnapshotName, "dot.", "space ", "composed-\u00e9", "decomposed-e\u0301", "CAPITALS"];
        var made = names.Select(Encoding.UTF8.GetBytes).Where(name =>
        {
            var errno = place.CreateFile(name, out var file);
            file.Dispose();
            return errno == Errno.None;
        }).ToList();
        place.OpenDirectory("."u8, out var again).OrThrow("openat", shown);
        using var listed = new DirectoryStack();
        listed.Push(again, default).OrThrow("getdents64", shown);
        while (listed.MoveNext())
        {
            var name = listed.Name.ToArray();
            made.RemoveAll(name.SequenceEqual);
        }
        if (made.Any(name => name.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(SnapshotName))))
            throw new RootRefusedException(RootRefusal.Unusable, RootReason.LosesSnapshots(shown));
        return made.Count == 0;
    }

    private static bool HoldsKind(Errno errno, Descriptor place, ReadOnlySpan<byte> name, FileKind kind) =>
        IsHeld(errno)
            && (errno != Errno.None || (place.Status(name, out var status) == Errno.None && status.Kind == kind));

    private static bool HoldsHardLink(Descriptor place, Descriptor file)
    {
        var errno = place.MakeHardLink("file"u8, place, "link"u8);
        return IsHeld(errno)
            && (errno != Errno.None || (file.Status(out var status) == Errno.None && status.Links == 2));
    }

    private static bool HoldsAttribute(Descriptor file)
    {
        var errno = file.WriteAttribute("user.bdist"u8, "1"u8);
        Span<byte> value = stackalloc byte[2];
        return IsHeld(errno)
            && (errno != Errno.None
                || (file.ReadAttribute([], "user.bdist"u8, value, out var bytes) == Errno.None
                    && value[..bytes].SequenceEqual("1"u8)));
    }

    private static bool HoldsMode(Descriptor file, int mode) =>
        IsHeld(file.SetMode(mode)) && file.Status(out var status) == Errno.None && status.Mode == mode;

    private static bool HoldsOwner(Descriptor file)
    {
        const uint somebody = 1;
        return IsHeld(file.SetOwner(somebody, somebody)) && file.Status(out var status) == Errno.None
            && (status.Uid, status.Gid) == (somebody, somebody);
    }

    /// <summary>lseek(2) refuses offsets beyond the longest file of a file system; nothing is written.</summary>
    private static long LongestFile(Descriptor file)
    {
        if (file.Seek(long.MaxValue) == Errno.None) return long.MaxValue;
        var (can, cant) = (0L, long.MaxValue);
        while (cant - can > 1)
        {
            var middle = can + ((cant - can) / 2);
            if (file.Seek(middle) == Errno.None) can = middle;
            else cant = middle;
        }
        return can;
    }

    private static bool IsHeld(Errno errno) => errno == Errno.None || IsFull(errno);

    private static bool IsFull(Errno errno) => errno is Errno.NoSpace or Errno.OverQuota;

    private static ReplicaLimits Unless(bool isHeld, ReplicaLimits limit) => isHeld ? ReplicaLimits.None : limit;
}
