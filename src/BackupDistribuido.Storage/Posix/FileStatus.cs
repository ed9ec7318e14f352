using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Storage.Posix;

/// <summary>The kind of a directory entry; the numbers are those of the upper four bits of <c>st_mode</c> and of
/// <c>d_type</c>.</summary>
internal enum FileKind : byte
{
    Unknown = 0,
    Fifo = 1,
    CharacterDevice = 2,
    Directory = 4,
    BlockDevice = 6,
    Regular = 8,
    SymbolicLink = 10,
    Socket = 12,
}

/// <summary>
/// What <c>statx</c> says about a file; <paramref name="Links"/> is how many names it has. It has as many parts as that
/// system call has fields that are of use here, and their names: groups of them would only hide which.
/// </summary>
internal readonly record struct FileStatus(
    FileKind Kind, int Mode, uint Uid, uint Gid, long Size, FileTime Modified, FileTime Changed, ulong Inode,
        ulong Device, ulong MountId, uint Links)
{
    /// <summary>Bytes that it takes on its disk.</summary>
    public long Allocated { get; init; }

    /// <summary>The device of a device node.</summary>
    public (uint Major, uint Minor) Special { get; init; }

    public FileStatus(in Libc.Statx raw)
        : this(
            (FileKind)(raw.Mode >> 12), raw.Mode & Metadata.MaxMode, raw.Uid, raw.Gid, (long)raw.Size,
            new FileTime(raw.ModifiedSeconds, (int)raw.ModifiedNanoseconds),
                new FileTime(raw.ChangedSeconds, (int)raw.ChangedNanoseconds),
            raw.Inode, ((ulong)raw.DeviceMajor << 32) | raw.DeviceMinor, raw.MountId, raw.Links)
    {
        const int blockBytes = 512;
        (Allocated, Special) =
            ((long)Math.Min(raw.Blocks, long.MaxValue / blockBytes) * blockBytes, (raw.SpecialMajor, raw.SpecialMinor));
    }

    /// <summary>Everything but the extended attributes, which statx does not say.</summary>
    public Metadata Metadata => new(Mode, Uid, Gid, Modified);

    public FileStamp Stamp => new(Size, Changed, Inode);

    /// <summary>True when both are one and the same file, whatever its name.</summary>
    public bool IsSameFile(FileStatus other) => Inode == other.Inode && Device == other.Device;

    /// <summary>True if both are reached through one mount. A kernel before 5.8 has no number for a mount: there the
    /// file system is compared, and a folder of it that is mounted elsewhere is not noticed.</summary>
    public bool IsOnSameMount(FileStatus other) =>
        MountId != 0 && other.MountId != 0 ? MountId == other.MountId : Device == other.Device;
}
