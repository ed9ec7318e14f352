using System.Runtime.InteropServices;

namespace BackupDistribuido.Storage.Posix;

/// <summary>The system calls as C declares them. Nothing outside this folder calls them.</summary>
internal static unsafe partial class Libc
{
    /// <summary>openat2's number, the same on every processor; glibc has no function for it.</summary>
    public const nint OpenAt2Number = 437;

    /// <summary>listxattrat's number, likewise.</summary>
    public const nint ListAttributesAtNumber = 465;

    /// <summary>cachestat's number, likewise; Linux has it since 6.5.</summary>
    public const nint CacheStatNumber = 451;

    /// <summary>Numbers of the calls of landlock(7), likewise.</summary>
    public const nint LandlockCreateNumber = 444, LandlockAddNumber = 445, LandlockRestrictNumber = 446;

    [LibraryImport("libc")] public static partial int close(int fd);
    [LibraryImport("libc")] public static partial uint geteuid();
    [LibraryImport("libc")] public static partial uint getegid();
    [LibraryImport("libc", SetLastError = true)]
    public static partial int openat(Descriptor directory, byte* path,
        int flags, uint mode);
    [LibraryImport("libc", SetLastError = true)]
    public static partial nint syscall(nint number, Descriptor directory,
        byte* path, OpenHow* how, nint size);
    [LibraryImport("libc", SetLastError = true)]
    public static partial nint getdents64(Descriptor directory,
        byte* buffer, nint size);
    [LibraryImport("libc", SetLastError = true)]
    public static partial int statx(Descriptor directory, byte* path,
        int flags, uint mask, Statx* result);
    [LibraryImport("libc", SetLastError = true)] public static partial int fstatfs(Descriptor file, StatFs* result);
    [LibraryImport("libc", SetLastError = true)]
    public static partial nint readlinkat(Descriptor directory, byte* path,
        byte* buffer, nint size);
    [LibraryImport("libc", SetLastError = true)] public static partial byte* realpath(byte* path, byte* resolved);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint pread(Descriptor file, byte* buffer,
        nint size, long offset);
    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(Descriptor file, byte* buffer,
        nint size);
    [LibraryImport("libc")]
    public static partial int posix_fadvise(Descriptor file, long offset, long length,
        int advice);
    [LibraryImport("libc", SetLastError = true)] public static partial int ftruncate(Descriptor file, long length);
    [LibraryImport("libc", SetLastError = true)]
    public static partial long lseek(Descriptor file, long offset,
        int whence);
    [LibraryImport("libc", SetLastError = true)] public static partial int fsync(Descriptor file);
    [LibraryImport("libc", SetLastError = true)] public static partial int syncfs(Descriptor file);
    [LibraryImport("libc", SetLastError = true)]
    public static partial int ioctl(Descriptor file, nuint request,
        Descriptor argument);
    [LibraryImport("libc", SetLastError = true)] public static partial int flock(Descriptor file, int operation);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int mkdirat(Descriptor directory, byte* path,
        uint mode);
    [LibraryImport("libc", SetLastError = true)]
    public static partial int mknodat(Descriptor directory, byte* path,
        uint mode, ulong device);
    [LibraryImport("libc", SetLastError = true)]
    public static partial int linkat(Descriptor from, byte* old,
        Descriptor to, byte* @new, int flags);
    [LibraryImport("libc", SetLastError = true)]
    public static partial int symlinkat(byte* target, Descriptor directory,
        byte* path);
    [LibraryImport("libc", SetLastError = true)]
    public static partial int unlinkat(Descriptor directory, byte* path,
        int flags);
    [LibraryImport("libc", SetLastError = true)]
    public static partial int renameat2(Descriptor from, byte* old,
        Descriptor to, byte* @new, uint flags);
    [LibraryImport("libc", SetLastError = true)] public static partial int fchmod(Descriptor file, uint mode);
    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchmodat(Descriptor directory, byte* path,
        uint mode, int flags);
    [LibraryImport("libc", SetLastError = true)]
    public static partial int faccessat(Descriptor directory, byte* path,
        int mode, int flags);
    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchown(Descriptor file, uint user,
        uint group);
    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchownat(Descriptor directory, byte* path,
        uint user, uint group, int flags);
    [LibraryImport("libc", SetLastError = true)] public static partial int futimens(Descriptor file, TimeSpec* times);
    [LibraryImport("libc", SetLastError = true)]
    public static partial int utimensat(Descriptor directory, byte* path,
        TimeSpec* times, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint flistxattr(Descriptor file, byte* names,
        nint size);
    [LibraryImport("libc", SetLastError = true,
        EntryPoint = "syscall")]
    public static partial nint listxattrat(nint number, Descriptor directory, byte* path,
            nint flags, byte* names, nint size);
    [LibraryImport("libc", SetLastError = true)]
    public static partial nint llistxattr(byte* path, byte* names,
        nint size);
    [LibraryImport("libc", SetLastError = true)]
    public static partial nint fgetxattr(Descriptor file, byte* name,
        byte* value, nint size);
    [LibraryImport("libc", SetLastError = true)]
    public static partial nint lgetxattr(byte* path, byte* name,
        byte* value, nint size);
    [LibraryImport("libc", SetLastError = true)]
    public static partial int fsetxattr(Descriptor file, byte* name,
        byte* value, nint size, int flags);
    [LibraryImport("libc", SetLastError = true)]
    public static partial int setxattr(byte* path, byte* name, byte* value,
        nint size, int flags);
    [LibraryImport("libc", SetLastError = true)] public static partial int fremovexattr(Descriptor file, byte* name);

    [LibraryImport("libc", SetLastError = true)] public static partial int fcntl(int fd, int command, nint argument);
    [LibraryImport("libc", SetLastError = true)] public static partial int dup2(Descriptor file, int number);
    [LibraryImport("libc")] public static partial uint umask(uint mask);
    [LibraryImport("libc")] public static partial int getrlimit(int resource, ResourceLimit* limit);
    [LibraryImport("libc")] public static partial void _exit(int code);
    [LibraryImport("libc", SetLastError = true,
        EntryPoint = "syscall")]
    public static partial nint cachestat(nint number, Descriptor file, ulong* range,
            ulong* result, nint flags);
    [LibraryImport("libc")] public static partial int setpriority(int which, uint who, int priority);
    [LibraryImport("libc", EntryPoint = "syscall")]
    public static partial nint ioprio_set(nint number, nint which,
        nint who, nint priority);
    [LibraryImport("libc", SetLastError = true)]
    public static partial int prctl(int option, nuint a, nuint b, nuint c,
        nuint d);
    [LibraryImport("libc", SetLastError = true,
        EntryPoint = "syscall")]
    public static partial nint landlock_create_ruleset(nint number, ulong* handled,
            nint size, uint flags);
    [LibraryImport("libc", SetLastError = true,
        EntryPoint = "syscall")]
    public static partial nint landlock_add_rule(nint number, Descriptor ruleset,
            nint type, LandlockPathBeneath* rule, nint flags);
    [LibraryImport("libc", SetLastError = true,
        EntryPoint = "syscall")]
    public static partial nint landlock_restrict_self(nint number, Descriptor ruleset,
            nint flags);
    [LibraryImport("libc", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial int setenv(string name, string value,
            int overwrite);
    [LibraryImport("libc", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial int execv(string program, byte** arguments);

    /// <summary><c>struct rlimit</c> on 64-bit Linux, see <c>getrlimit(2)</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ResourceLimit
    {
        public ulong Soft, Hard;
    }

    /// <summary><c>struct landlock_path_beneath_attr</c>, which is packed.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    public struct LandlockPathBeneath
    {
        public ulong AllowedAccess;
        public int Parent;
    }

    /// <summary><c>struct timespec</c> on 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        /// <summary>UTIME_OMIT: leave this time as it is.</summary>
        public const long Omit = (1L << 30) - 2;

        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary><c>struct open_how</c>, see <c>openat2(2)</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary><c>struct statx</c>: one layout on every processor, see <c>statx(2)</c>.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct Statx
    {
        [FieldOffset(0x10)] public uint Links;
        [FieldOffset(0x14)] public uint Uid;
        [FieldOffset(0x18)] public uint Gid;
        [FieldOffset(0x1C)] public ushort Mode;
        [FieldOffset(0x20)] public ulong Inode;
        [FieldOffset(0x28)] public ulong Size;
        [FieldOffset(0x30)] public ulong Blocks;
        [FieldOffset(0x60)] public long ChangedSeconds;
        [FieldOffset(0x68)] public uint ChangedNanoseconds;
        [FieldOffset(0x70)] public long ModifiedSeconds;
        [FieldOffset(0x78)] public uint ModifiedNanoseconds;
        [FieldOffset(0x80)] public uint SpecialMajor;
        [FieldOffset(0x84)] public uint SpecialMinor;
        [FieldOffset(0x88)] public uint DeviceMajor;
        [FieldOffset(0x8C)] public uint DeviceMinor;
        [FieldOffset(0x90)] public ulong MountId;
    }

    /// <summary><c>struct statfs</c> on 64-bit Linux, see <c>statfs(2)</c>.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct StatFs
    {
        [FieldOffset(0)] public long Type;
        [FieldOffset(8)] public long BlockSize;
        [FieldOffset(16)] public ulong Blocks;
        [FieldOffset(32)] public ulong BlocksAvailable;
        [FieldOffset(40)] public ulong Inodes;
        [FieldOffset(48)] public ulong InodesFree;
        [FieldOffset(72)] public long FragmentSize;
    }
}
