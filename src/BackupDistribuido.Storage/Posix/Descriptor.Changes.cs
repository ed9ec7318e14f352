using System.Runtime.CompilerServices;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Storage.Posix;

/// <content>Calls that read content and those that change something.</content>
internal sealed unsafe partial class Descriptor
{
    /// <summary>True when this process may give files away (its effective user is root).</summary>
    public static bool IsPrivileged { get; } = Libc.geteuid() == 0;

    /// <summary>Who this process makes files as.</summary>
    public static uint User { get; } = Libc.geteuid();

    /// <summary>The group that it makes them as.</summary>
    public static uint Group { get; } = Libc.getegid();

    /// <summary>pread(2): what is there at an offset; 0 bytes at the end of the file.</summary>
    public Errno Read(Span<byte> buffer, long offset, out int bytes)
    {
        fixed (byte* start = buffer)
        {
            do bytes = (int)Libc.pread(this, start, buffer.Length, offset);
            while (bytes < 0 && LastErrno == Errno.Interrupted);
        }
        return Result(bytes);
    }

    /// <summary>lseek(2), SEEK_DATA: where the next data begins, at <paramref name="offset"/> at the earliest; <see cref="Errno.NoSuchDevice"/> where none follows.</summary>
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

    /// <summary>ftruncate(2): cuts the file, or adds a hole.</summary>
    public Errno SetLength(long bytes) => Result(Libc.ftruncate(this, bytes));

    /// <summary>lseek(2): where the next <see cref="Write"/> begins, in bytes from the start.</summary>
    public Errno Seek(long position) => Result(Libc.lseek(this, position, 0) < 0 ? -1 : 0);

    /// <summary>fsync(2). Called by <see cref="Durability"/> alone.</summary>
    public Errno Sync() => Result(Libc.fsync(this));

    /// <summary>syncfs(2). Called by <see cref="Durability"/> alone.</summary>
    public Errno SyncFileSystem() => Result(Libc.syncfs(this));

    /// <summary>flock(2), exclusive; <see cref="Errno.TryAgain"/> when somebody else has it. It ends with this descriptor, however its process ends.</summary>
    public Errno TryLock()
    {
        const int exclusive = 2, nonBlocking = 4;
        return Result(Libc.flock(this, exclusive | nonBlocking));
    }

    /// <summary>Ends the lock at once. Closing alone would leave it with a child process that is just being started, until that has closed its copy.</summary>
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
        var device = ((major & 0xFFFFF000UL) << 32) | ((major & 0xFFFUL) << 8) | ((minor & 0xFFFFFF00UL) << 12) | (minor & 0xFFUL);
        var text = new CString(name, stackalloc byte[CString.NameSpace]);
        fixed (byte* path = text) return Result(Libc.mknodat(this, path, ((uint)kind << 12) | PrivateFile, device));
    }

    /// <summary>linkat(2): another name, in <paramref name="to"/>, of what is called <paramref name="name"/> here; a symbolic link itself, not what it leads to.</summary>
    [SkipLocalsInit]
    public Errno MakeHardLink(ReadOnlySpan<byte> name, Descriptor to, ReadOnlySpan<byte> newName)
    {
        var from = new CString(name, stackalloc byte[CString.NameSpace]);
        var target = new CString(newName, stackalloc byte[CString.NameSpace]);
        fixed (byte* old = from, @new = target) return Result(Libc.linkat(this, old, to, @new, 0));
    }

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

    /// <summary>rename(2), which replaces what has the new name.</summary>
    public Errno Rename(ReadOnlySpan<byte> name, Descriptor to, ReadOnlySpan<byte> newName) => Rename(name, to, newName, 0);

    /// <summary>
    /// renameat2(2) that fails with <see cref="Errno.Exists"/> where the new name is taken. Where the file system can't do that in one step, it
    /// looks first: the caller must hold the lock that keeps others from taking the name meanwhile.
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

    /// <summary>Mode of a name in this directory. It follows a link: only for folders that nobody else can write to.</summary>
    [SkipLocalsInit]
    public Errno SetMode(ReadOnlySpan<byte> name, int mode)
    {
        var text = new CString(name, stackalloc byte[CString.NameSpace]);
        fixed (byte* path = text) return Result(Libc.fchmodat(this, path, (uint)mode, 0));
    }

    /// <summary>Whether this process may make names in this directory, asked without trying.</summary>
    public Errno CheckWritable()
    {
        const int write = 2, execute = 1, asEffectiveUser = 0x200;
        fixed (byte* path = "."u8) return Result(Libc.faccessat(this, path, write | execute, asEffectiveUser));
    }

    public Errno SetOwner(uint user, uint group) => Result(Libc.fchown(this, user, group));

    /// <summary>Owner of a name in this directory; a link itself, not what it leads to.</summary>
    [SkipLocalsInit]
    public Errno SetOwner(ReadOnlySpan<byte> name, uint user, uint group)
    {
        var text = new CString(name, stackalloc byte[CString.NameSpace]);
        fixed (byte* path = text) return Result(Libc.fchownat(this, path, user, group, NoFollowLink));
    }

    /// <summary>Sets the modification time of this open file; the access time stays.</summary>
    public Errno SetModified(FileTime time)
    {
        var times = stackalloc Libc.TimeSpec[2];
        Fill(times, time);
        return Result(Libc.futimens(this, times));
    }

    /// <summary>Sets the modification time of a name in this directory; a link itself, not what it leads to.</summary>
    [SkipLocalsInit]
    public Errno SetModified(ReadOnlySpan<byte> name, FileTime time)
    {
        var times = stackalloc Libc.TimeSpec[2];
        Fill(times, time);
        var text = new CString(name, stackalloc byte[CString.NameSpace]);
        fixed (byte* path = text) return Result(Libc.utimensat(this, path, times, NoFollowLink));
    }

    private static void Fill(Libc.TimeSpec* times, FileTime modified)
    {
        times[0] = new Libc.TimeSpec { Nanoseconds = Libc.TimeSpec.Omit };
        times[1] = new Libc.TimeSpec { Seconds = modified.Seconds, Nanoseconds = modified.Nanoseconds };
    }
}
