using System.Runtime.CompilerServices;
using System.Text;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Storage.Posix;

/// <content>Calls that read content and those that change something.</content>
internal sealed unsafe partial class Descriptor
{
    /// <summary>True when this process may give files away (its effective user is root).</summary>
    public static bool IsPrivileged { get; } = Libc.geteuid() == 0;

    /// <summary>The user and group of files that this process creates.</summary>
    public static uint User { get; } = Libc.geteuid();

    /// <summary>The group that it makes them as.</summary>
    public static uint Group { get; } = Libc.getegid();

    /// <summary>pread(2): reads at an offset; 0 bytes at the end of the file.</summary>
    public Errno Read(Span<byte> buffer, long offset, out int bytes)
    {
        fixed (byte* start = buffer)
        {
            do bytes = (int)Libc.pread(this, start, buffer.Length, offset);
            while (bytes < 0 && LastErrno == Errno.Interrupted);
        }
        return Result(bytes);
    }

    /// <summary>lseek(2), SEEK_DATA: where the next data begins, at <paramref name="offset"/> at the earliest;
    /// <see cref="Errno.NoSuchDevice"/> where none follows.</summary>
    public Errno SeekData(long offset, out long data) => Find(offset, 3, out data);

    /// <summary>lseek(2), SEEK_HOLE: where the next hole begins, the end of the file at the latest.</summary>
    public Errno SeekHole(long offset, out long hole) => Find(offset, 4, out hole);

    private Errno Find(long offset, int whence, out long found)
    {
        found = Libc.lseek(this, offset, whence);
        return Result(found < 0 ? -1 : 0);
    }

    /// <summary>write(2) until all is written.</summary>
    public Errno Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint written;
            fixed (byte* start = bytes) written = Libc.write(this, start, bytes.Length);
            if (written < 0 && LastErrno == Errno.Interrupted) continue;
            if (written < 0) return LastErrno;
            bytes = bytes[(int)written..];
        }
        return Errno.None;
    }

    /// <summary>Whether the file has the size that it must have after the writes.</summary>
    /// <exception cref="PosixException">It has another one, which is an I/O error that no call has
    /// reported.</exception>
    public void CheckSize(long written, string shown)
    {
        Status(out var status).OrThrow("statx", shown);
        if (status.Size != written) throw new PosixException("write", shown, Errno.InputOutput);
    }

    /// <summary>ftruncate(2): cuts the file, or adds a hole.</summary>
    public Errno SetLength(long bytes) => Result(Libc.ftruncate(this, bytes));

    /// <summary>lseek(2): where the next <see cref="Write"/> begins, in bytes from the start.</summary>
    public Errno Seek(long position) => Result(Libc.lseek(this, position, 0) < 0 ? -1 : 0);

    /// <summary>
    /// posix_fadvise(2): asks the kernel to drop written pages from memory, so that the next read comes from the disk.
    /// It is advice: if the kernel ignores it, the read comes from memory.
    /// </summary>
    public void DropCache()
    {
        const int dontNeed = 4;
        _ = Libc.posix_fadvise(this, 0, 0, dontNeed);
    }

    /// <summary>fsync(2). Called by <see cref="Durability"/> alone.</summary>
    public Errno Sync() => Result(Libc.fsync(this));

    /// <summary>syncfs(2). Called by <see cref="Durability"/> alone.</summary>
    public Errno SyncFileSystem() => Result(Libc.syncfs(this));

    /// <summary>flock(2), exclusive; <see cref="Errno.TryAgain"/> if another process has it. It ends with this
    /// descriptor, however its process ends.</summary>
    public Errno TryLock()
    {
        const int exclusive = 2, nonBlocking = 4;
        return Result(Libc.flock(this, exclusive | nonBlocking));
    }

    /// <summary>Ends the lock at once. Closing alone would leave it with a child process that is just being started,
    /// until that has closed its copy.</summary>
    public void Unlock()
    {
        const int unlock = 8;
        _ = Libc.flock(this, unlock);
    }

    /// <summary>mkdirat(2), private.</summary>
    [SkipLocalsInit]
    public Errno MakeDirectory(ReadOnlySpan<byte> name)
    {
        var text = new CString(name, stackalloc byte[CString.NameSpace]);
        fixed (byte* path = text) return Result(Libc.mkdirat(this, path, PrivateDirectory));
    }

    [SkipLocalsInit]
    public Errno MakeLink(ReadOnlySpan<byte> target, ReadOnlySpan<byte> name)
    {
        var from = new CString(target, stackalloc byte[CString.NameSpace]);
        var text = new CString(name, stackalloc byte[CString.NameSpace]);
        fixed (byte* content = from, path = text) return Result(Libc.symlinkat(content, this, path));
    }

    /// <summary>mknodat(2): a named pipe, a socket or a device node, private.</summary>
    [SkipLocalsInit]
    public Errno MakeNode(ReadOnlySpan<byte> name, FileKind kind, uint major, uint minor)
    {
        // dev_t as glibc's makedev(3) packs it.
        var device =
            ((major & 0xFFFFF000UL) << 32) | ((major & 0xFFFUL) << 8)
            | ((minor & 0xFFFFFF00UL) << 12) | (minor & 0xFFUL);
        var text = new CString(name, stackalloc byte[CString.NameSpace]);
        fixed (byte* path = text) return Result(Libc.mknodat(this, path, ((uint)kind << 12) | PrivateFile, device));
    }

    /// <summary>linkat(2): another name, in <paramref name="to"/>, for the file <paramref name="name"/> here; a
    /// symbolic link itself, not its target.</summary>
    [SkipLocalsInit]
    public Errno MakeHardLink(ReadOnlySpan<byte> name, Descriptor to, ReadOnlySpan<byte> newName)
    {
        var from = new CString(name, stackalloc byte[CString.NameSpace]);
        var target = new CString(newName, stackalloc byte[CString.NameSpace]);
        fixed (byte* old = from, @new = target) return Result(Libc.linkat(this, old, to, @new, 0));
    }

    /// <summary>ioctl(2) FICLONE: this file's content becomes that of <paramref name="source"/>, and shares its room
    /// until one of them is changed.</summary>
    public Errno Clone(Descriptor source) => Result(Libc.ioctl(this, 0x40049409, source));

    /// <summary>unlinkat(2) of anything but a directory.</summary>
    public Errno Unlink(ReadOnlySpan<byte> name) => Remove(name, 0);

    /// <summary>unlinkat(2) of an empty directory.</summary>
    public Errno RemoveDirectory(ReadOnlySpan<byte> name) => Remove(name, 0x200);

    [SkipLocalsInit]
    private Errno Remove(ReadOnlySpan<byte> name, int flags)
    {
        var text = new CString(name, stackalloc byte[CString.NameSpace]);
        fixed (byte* path = text) return Result(Libc.unlinkat(this, path, flags));
    }

    /// <summary>rename(2), which replaces a file that has the new name.</summary>
    public Errno Rename(ReadOnlySpan<byte> name, Descriptor to, ReadOnlySpan<byte> newName) =>
        Rename(name, to, newName, 0);

    /// <summary>
    /// renameat2(2) that fails with <see cref="Errno.Exists"/> where the new name is taken. Where the file system can't
    /// do that in one step, it looks first: the caller must hold the lock that keeps others from taking the name
    /// meanwhile.
    /// </summary>
    public Errno RenameWithoutReplacing(ReadOnlySpan<byte> name, Descriptor to, ReadOnlySpan<byte> newName)
    {
        const uint noReplace = 1;
        var errno = Rename(name, to, newName, noReplace);
        if (errno is not (Errno.Invalid or Errno.NoSystemCall or Errno.NotSupported)) return errno;
        return to.Status(newName, out _) switch
        {
            Errno.NoEntry => Rename(name, to, newName, 0),
            Errno.None => Errno.Exists,
            var other => other,
        };
    }

    [SkipLocalsInit]
    private Errno Rename(ReadOnlySpan<byte> name, Descriptor to, ReadOnlySpan<byte> newName, uint flags)
    {
        var from = new CString(name, stackalloc byte[CString.NameSpace]);
        var target = new CString(newName, stackalloc byte[CString.NameSpace]);
        fixed (byte* old = from, @new = target) return Result(Libc.renameat2(this, old, to, @new, flags));
    }

    public Errno SetMode(int mode) => Result(Libc.fchmod(this, (uint)mode));

    /// <summary>
    /// Mode of what this holds with <see cref="OpenFlags.PathOnly"/>: fchmod(2) refuses such descriptors, and
    /// fchmodat2(2) is in Linux 6.6 and later only, so it goes through the descriptor's own name in /proc, which leads
    /// to the thing itself whatever has its name by now. Not for links.
    /// </summary>
    [SkipLocalsInit]
    public Errno SetModeOfPath(int mode)
    {
        var text = new CString(Encoding.ASCII.GetBytes($"/proc/self/fd/{handle}"), stackalloc byte[CString.NameSpace]);
        fixed (byte* path = text) return Result(Libc.fchmodat(WorkingDirectory, path, (uint)mode, 0));
    }

    /// <summary>Whether this process may make names in this directory, asked without trying.</summary>
    public Errno CheckWritable()
    {
        const int write = 2, execute = 1, asEffectiveUser = 0x200;
        fixed (byte* path = "."u8) return Result(Libc.faccessat(this, path, write | execute, asEffectiveUser));
    }

    public Errno SetOwner(uint user, uint group) => Result(Libc.fchown(this, user, group));

    /// <summary>Owner of what this holds with <see cref="OpenFlags.PathOnly"/>.</summary>
    public Errno SetOwnerOfPath(uint user, uint group)
    {
        fixed (byte* path = "\0"u8) return Result(Libc.fchownat(this, path, user, group, EmptyPath));
    }

    /// <summary>Sets the modification time of this open file; the access time stays.</summary>
    public Errno SetModified(FileTime time)
    {
        var times = stackalloc Libc.TimeSpec[2];
        Fill(times, time);
        return Result(Libc.futimens(this, times));
    }

    /// <summary>
    /// Sets the modification time of what this holds with <see cref="OpenFlags.PathOnly"/>. Linux before 5.8 takes no
    /// empty path here (utimensat(2)): there the descriptor's own name in /proc leads to it.
    /// </summary>
    [SkipLocalsInit]
    public Errno SetModifiedOfPath(FileTime time)
    {
        var times = stackalloc Libc.TimeSpec[2];
        Fill(times, time);
        Errno errno;
        fixed (byte* path = "\0"u8) errno = Result(Libc.utimensat(this, path, times, EmptyPath));
        if (errno != Errno.Invalid) return errno;
        var text = new CString(Encoding.ASCII.GetBytes($"/proc/self/fd/{handle}"), stackalloc byte[CString.NameSpace]);
        fixed (byte* path = text) return Result(Libc.utimensat(WorkingDirectory, path, times, 0));
    }

    private static void Fill(Libc.TimeSpec* times, FileTime modified)
    {
        times[0] = new Libc.TimeSpec { Nanoseconds = Libc.TimeSpec.Omit };
        times[1] = new Libc.TimeSpec { Seconds = modified.Seconds, Nanoseconds = modified.Nanoseconds };
    }
}
