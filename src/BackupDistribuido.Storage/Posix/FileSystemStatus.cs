namespace BackupDistribuido.Storage.Posix;

/// <summary>What <c>statfs</c> says about a file system: its type by its magic number, and the bytes that are free for this user.</summary>
internal readonly record struct FileSystemStatus(long Magic, long FreeBytes)
{
    // Numbers of linux/magic.h.
    private const long Ext4 = 0xEF53, Xfs = 0x58465342, Btrfs = 0x9123683E;

    public FileSystemStatus(in Libc.StatFs raw)
        : this(
            (uint)raw.Type,
            Clamp((UInt128)raw.BlocksAvailable * (ulong)(raw.FragmentSize > 0 ? raw.FragmentSize : raw.BlockSize)))
    {
    }

    /// <summary>True where one <c>syncfs</c> is known to write everything and to report what failed since its file was opened.</summary>
    public bool SyncsAsAWhole => Magic is Ext4 or Xfs or Btrfs;

    private static long Clamp(UInt128 value) => value > (UInt128)long.MaxValue ? long.MaxValue : (long)value;
}
