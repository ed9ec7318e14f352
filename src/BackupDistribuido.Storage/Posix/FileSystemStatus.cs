namespace BackupDistribuido.Storage.Posix;

/// <summary>
/// What <c>statfs</c> says about a file system: its type by its magic number, the bytes that are free for this user,
/// the bytes that it has in all, null where it says 0 of 0, as some over FUSE do; and the inodes that are free, null
/// where it makes them as it needs them (btrfs, vfat) and says 0 of 0.
/// </summary>
internal readonly record struct FileSystemStatus(long Magic, long? FreeBytes, long? TotalBytes = null,
    long? FreeInodes = null)
{
    // Numbers of linux/magic.h.
    private const long Ext4 = 0xEF53, Xfs = 0x58465342, Btrfs = 0x9123683E;
    private const long Zfs = 0x2FC12FC1, F2fs = 0xF2F52010, Bcachefs = 0xCA451A4E, Jfs = 0x3153464A, Nilfs =
        0x3434, Reiserfs = 0x52654973, Ubifs = 0x24051905;
    private const long Nfs = 0x6969, Ceph = 0x00C36400, Gfs2 = 0x01161970, Ocfs2 = 0x7461636F, Overlay =
        0x794C7630, Tmpfs = 0x01021994, Ramfs = 0x858458F6;

    public FileSystemStatus(in Libc.StatFs raw)
        : this(
            (uint)raw.Type,
            raw.Blocks == 0
                ? null : Clamp((UInt128)raw.BlocksAvailable * (ulong)(raw.FragmentSize > 0
                    ? raw.FragmentSize : raw.BlockSize)),
            raw.Blocks == 0
                ? null : Clamp((UInt128)raw.Blocks * (ulong)(raw.FragmentSize > 0 ? raw.FragmentSize : raw.BlockSize)),
            raw.Inodes == 0 ? null : Clamp(raw.InodesFree))
    {
    }

    /// <summary>True where one <c>syncfs</c> is known to write everything and to report what failed since its file was
    /// opened.</summary>
    public bool SyncsAsAWhole => Magic is Ext4 or Xfs or Btrfs;

    /// <summary>
    /// True if a file's change time is the kernel's own clock at its last change, whoever made it. Elsewhere it is made
    /// up or is the modification time (squashfs, iso9660, vfat, exfat, much of FUSE), is set by another system, or does
    /// not change with each write through a mapping: an in-memory file system (tmpfs) never writes back, and so never
    /// notices the next one.
    /// </summary>
    public bool HasSoundChangeTimes => HasSoundInodes && Magic is not (Tmpfs or Ramfs);

    /// <summary>True where two names with one device and inode number are known to be one file. What joins others in
    /// user space (mergerfs, bindfs, sshfs) may give two files one.</summary>
    public bool HasSoundInodes =>
        Magic is Ext4 or Xfs or Btrfs or Zfs or F2fs or Bcachefs or Jfs or Nilfs or Reiserfs or Ubifs or Nfs or Ceph
            or Gfs2 or Ocfs2 or Overlay or Tmpfs or Ramfs;

    /// <summary>
    /// True if a name is known to be listed as it was given. Others (vfat, HFS+, SMB, FUSE, and a server with another
    /// system behind NFS) may cut it, compose its letters or change their case.
    /// </summary>
    public bool KeepsNames => HasSoundInodes && Magic is not Nfs;

    private static long Clamp(UInt128 value) => value > (UInt128)long.MaxValue ? long.MaxValue : (long)value;
}
