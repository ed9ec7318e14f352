namespace BackupDistribuido.Storage.Posix;

/// <summary>
/// What <c>statfs</c> says about a file system: its type by its magic number, the bytes that are free for this user, the bytes that it has in all, and the inodes that are
/// free; null where it makes them as it needs them (btrfs, vfat) and says 0 of 0.
/// </summary>
internal readonly record struct FileSystemStatus(long Magic, long FreeBytes, long TotalBytes = 0, long? FreeInodes = null)
{
    // Numbers of linux/magic.h.
    private const long Ext4 = 0xEF53, Xfs = 0x58465342, Btrfs = 0x9123683E;

    public FileSystemStatus(in Libc.StatFs raw)
        : this(
            (uint)raw.Type,
            Clamp((UInt128)raw.BlocksAvailable * (ulong)(raw.FragmentSize > 0 ? raw.FragmentSize : raw.BlockSize)),
            Clamp((UInt128)raw.Blocks * (ulong)(raw.FragmentSize > 0 ? raw.FragmentSize : raw.BlockSize)),
            raw.Inodes == 0 ? null : Clamp(raw.InodesFree))
    {
    }

    /// <summary>True where one <c>syncfs</c> is known to write everything and to report what failed since its file was opened.</summary>
    public bool SyncsAsAWhole => Magic is Ext4 or Xfs or Btrfs;

    private static long Clamp(UInt128 value) => value > (UInt128)long.MaxValue ? long.MaxValue : (long)value;
}
