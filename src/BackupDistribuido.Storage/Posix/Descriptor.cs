using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Storage.Posix;

/// <summary>
/// An open file or directory. Names are given relative to an open directory, so nothing that happens to the path above
/// it can lead a call elsewhere. Calls whose errors a caller distinguishes return the error number; it is never thrown
/// away.
/// </summary>
internal sealed unsafe partial class Descriptor : SafeHandle
{
    /// <summary>Modes of private files and directories: 0700 and 0600.</summary>
    public const int PrivateDirectory = 0x1C0, PrivateFile = 0x180;

    private const int NoFollowLink = 0x100, EmptyPath = 0x1000, MayMount = 0x800;

    private Descriptor(int fd, bool owns) : base(-1, owns) => SetHandle(fd);

    /// <summary>What relative paths of this process begin at.</summary>
    public static Descriptor WorkingDirectory { get; } = new(-100, owns: false);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == -1;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.close((int)handle) == 0;

    private static Errno LastErrno => (Errno)Marshal.GetLastPInvokeError();

    internal static Errno Result(int returned) => returned < 0 ? LastErrno : Errno.None;

    /// <summary>Opens a directory by a path as people write it, following links.</summary>
    public static Errno OpenDirectory(string path, out Descriptor directory) =>
        WorkingDirectory.Open(Encoding.UTF8.GetBytes(path), OpenFlags.Directory, out directory);

    /// <summary>openat(2) of a directory in this one. A link is not followed:
    /// <see cref="Errno.NotDirectory"/>.</summary>
    public Errno OpenDirectory(ReadOnlySpan<byte> name, out Descriptor directory) =>
        Open(name, OpenFlags.Directory | OpenFlags.NoFollow, out directory);

    /// <summary>openat(2) of a file that is made by it, private, for reading and writing: <see cref="Errno.Exists"/>
    /// when the name is taken.</summary>
    public Errno CreateFile(ReadOnlySpan<byte> name, out Descriptor file) =>
        Open(name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, out file);

    /// <summary>
    /// openat(2) of a regular file for reading. A link is not followed (<see cref="Errno.Loop"/>), a FIFO not waited
    /// for; any other file that is not regular is <see cref="Errno.Invalid"/>.
    /// </summary>
    public Errno OpenRegular(ReadOnlySpan<byte> name, out Descriptor file)
    {
        var errno = Open(name, OpenFlags.Read | OpenFlags.NoFollow | OpenFlags.NonBlocking, out file);
        var status = default(FileStatus);
        if (errno == Errno.None) errno = file.Status(out status);
        if (errno == Errno.None && status.Kind != FileKind.Regular) errno = Errno.Invalid;
        if (errno != Errno.None) file.Dispose();
        return errno;
    }

    /// <summary>openat(2) for reading that leaves the access time unchanged if this user may ask for that; else like
    /// any other.</summary>
    public Errno OpenUntouched(ReadOnlySpan<byte> name, OpenFlags flags, out Descriptor opened)
    {
        var errno = Open(name, flags | OpenFlags.NoAccessTime, out opened);
        return errno == Errno.NotPermitted ? Open(name, flags, out opened) : errno;
    }

    /// <summary>openat(2). A created file is private.</summary>
    [SkipLocalsInit]
    public Errno Open(ReadOnlySpan<byte> name, OpenFlags flags, out Descriptor opened)
    {
        var text = new CString(name, stackalloc byte[CString.NameSpace]);
        int fd;
        fixed (byte* path = text)
        {
            do fd = Libc.openat(this, path, flags.ToNumber(), PrivateFile);
            while (fd < 0 && LastErrno == Errno.Interrupted);
        }
        return Opened(fd, out opened);
    }

    /// <summary>
    /// openat2(2) that stays below this directory and follows no link of any kind: <see cref="Errno.Loop"/> if there is
    /// one.
    /// </summary>
    /// <param name="crossesMounts">Whether mounts below this directory may be entered; if not, the result is
    /// <see cref="Errno.CrossDevice"/>.</param>
    [SkipLocalsInit]
    public Errno OpenBeneath(ReadOnlySpan<byte> relative, OpenFlags flags, out Descriptor opened,
        bool crossesMounts = true)
    {
        const ulong noOtherMount = 0x01, noMagicLinks = 0x02, noSymbolicLinks = 0x04, beneath = 0x08;
        var text = new CString(relative, stackalloc byte[CString.NameSpace]);
        // With O_PATH the call accepts no flag that makes no sense then; O_NOCTTY is one.
        var number = flags.HasFlag(OpenFlags.PathOnly)
            ? flags.ToNumber() & ~OpenFlagsNumbers.NoTerminal : flags.ToNumber();
        var how = new Libc.OpenHow
        {
            Flags = (ulong)number,
            Resolve = noMagicLinks | noSymbolicLinks | beneath | (crossesMounts ? 0 : noOtherMount)
        };
        nint fd;
        fixed (byte* path = text)
        {
            do fd = Libc.syscall(Libc.OpenAt2Number, this, path, &how, sizeof(Libc.OpenHow));
            while (fd < 0 && LastErrno == Errno.Interrupted);
        }
        return Opened((int)fd, out opened);
    }

    /// <summary>
    /// Opens a name in this directory, without following a link, where nothing is mounted over it:
    /// <see cref="Errno.CrossDevice"/> where something is, be it of the same file system.
    /// </summary>
    public Errno OpenOnThisMount(ReadOnlySpan<byte> name, OpenFlags flags, out Descriptor opened)
    {
        var errno = OpenBeneath(name, flags | OpenFlags.NoFollow, out opened, crossesMounts: false);
        // A kernel before 5.6 does not know the call; a container's filter may forbid it.
        if (errno is not (Errno.NoSystemCall or Errno.NotPermitted)) return errno;
        errno = Open(name, flags | OpenFlags.NoFollow, out opened);
        if (errno != Errno.None) return errno;
        if (Status(out var here) == Errno.None && opened.Status(out var there) == Errno.None
            && there.IsOnSameMount(here)) return Errno.None;
        opened.Dispose();
        return Errno.CrossDevice;
    }

    internal static Errno Opened(int fd, out Descriptor opened)
    {
        var errno = Result(fd);
        // On failure the caller gets something that no call accepts, never null.
        opened = new Descriptor(fd, owns: fd >= 0);
        return errno;
    }

    /// <summary>statx(2) of this open file itself.</summary>
    public Errno Status(out FileStatus status) => Status([], EmptyPath, out status);

    /// <summary>statx(2) of a name in this directory; a link is not followed.</summary>
    public Errno Status(ReadOnlySpan<byte> name, out FileStatus status) =>
        Status(name, NoFollowLink | MayMount, out status);

    [SkipLocalsInit]
    private Errno Status(ReadOnlySpan<byte> name, int flags, out FileStatus status)
    {
        // TYPE, MODE, NLINK, UID, GID, MTIME, CTIME, INO, SIZE, BLOCKS, MNT_ID.
        const uint wanted = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x1000;
        var text = new CString(name, stackalloc byte[CString.NameSpace]);
        Libc.Statx raw;
        fixed (byte* path = text)
        {
            var errno = Result(Libc.statx(this, path, flags, wanted, &raw));
            status = errno == Errno.None ? new FileStatus(raw) : default;
            return errno;
        }
    }

    /// <summary>fstatfs(2).</summary>
    public Errno FileSystem(out FileSystemStatus status)
    {
        Libc.StatFs raw;
        var errno = Result(Libc.fstatfs(this, &raw));
        status = errno == Errno.None ? new FileSystemStatus(raw) : default;
        return errno;
    }

    /// <summary>
    /// cachestat(2): whether memory holds changes of this open file that are not written back yet. False too where the
    /// kernel (before 6.5) or a container's filter does not say it.
    /// </summary>
    public bool HasUnwrittenPages()
    {
        // struct cachestat_range: offset, length (0: to the end). struct cachestat: pages cached, dirty, under
        // write-back, evicted, evicted lately.
        var range = stackalloc ulong[2] { 0, 0 };
        var pages = stackalloc ulong[5];
        return Libc.cachestat(Libc.CacheStatNumber, this, range, pages, 0) == 0 && pages[1] + pages[2] > 0;
    }

    /// <summary>getdents64(2): the next piece of the listing; 0 bytes at its end.</summary>
    public Errno List(Span<byte> buffer, out int bytes)
    {
        fixed (byte* start = buffer) bytes = (int)Libc.getdents64(this, start, buffer.Length);
        return Result(bytes);
    }

    /// <summary>readlinkat(2). <paramref name="bytes"/> equal to the buffer's length means that the target may be
    /// longer.</summary>
    [SkipLocalsInit]
    public Errno ReadLink(ReadOnlySpan<byte> name, Span<byte> buffer, out int bytes)
    {
        var text = new CString(name, stackalloc byte[CString.NameSpace]);
        fixed (byte* path = text, start = buffer) bytes = (int)Libc.readlinkat(this, path, start, buffer.Length);
        return Result(bytes);
    }

    /// <summary>realpath(3): the absolute path without links. One that is not UTF-8 is percent-encoded: it identifies a
    /// place, and can't be opened.</summary>
    public static Errno RealPath(string path, out string real)
    {
        const int longest = 4096;
        var text = new CString(Encoding.UTF8.GetBytes(path), stackalloc byte[CString.NameSpace]);
        var resolved = stackalloc byte[longest];
        fixed (byte* start = text)
        {
            if (Libc.realpath(start, resolved) is null)
            {
                real = path;
                return LastErrno;
            }
        }
        var bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(resolved);
        real = Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : PathText.Display(bytes).Text;
        return Errno.None;
    }
}
