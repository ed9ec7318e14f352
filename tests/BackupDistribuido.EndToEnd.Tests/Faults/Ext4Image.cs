using System.Runtime.InteropServices;

namespace BackupDistribuido.EndToEnd.Tests.Faults;

/// <summary>
/// An ext4 of its own in a file, mounted by root over a loop device. It commits by itself every five minutes only, so
/// that nothing is durable but what was asked to be. Disposing unmounts it, and has to come before the folder is
/// removed.
/// </summary>
internal sealed class Ext4Image : IDisposable
{
    // _IOR('X', 125, __u32) of Linux' ext4, and EXT4_GOING_FLAGS_NOLOGFLUSH: from now on nothing reaches the disk, the
    // journal included.
    private const nuint Shutdown = 0x8004587D;
    private const uint WithoutFlush = 2;

    // Else a program that another test starts meanwhile holds the file system open.
    private const int CloseOnExec = 0x80000;

    private readonly TemporaryFolder _folder;
    private readonly string _image;

    private Ext4Image(TemporaryFolder folder, string image, string path) =>
        (_folder, _image, Path) = (folder, image, path);

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Makes and mounts one; skips the test where that can't be done.</summary>
    public static Ext4Image Mount(TemporaryFolder folder, int mebibytes)
    {
        var (image, path) = (folder["disk.img"], folder.MakeDirectory("disk"));
        var (exit, output) = folder.Run($"truncate -s {mebibytes}M '{image}' && mkfs.ext4 -q -F -m 0 '{image}'");
        Skip.IfNot(exit == 0, $"no ext4 can be made here: {output}");
        var made = new Ext4Image(folder, image, path);
        (exit, output) = folder.Run(made.MountCommand);
        Skip.IfNot(exit == 0, $"nothing can be mounted here: {output}");
        return made;
    }

    /// <summary>The power goes: what has not reached the disk by now never does.</summary>
    public void CutPower()
    {
        var directory = Open(Path, CloseOnExec);
        var flags = WithoutFlush;
        var result = Ioctl(directory, Shutdown, ref flags);
        var errno = Marshal.GetLastPInvokeError();
        _ = Close(directory);
        Assert.True(result == 0, $"ioctl(EXT4_IOC_SHUTDOWN): errno {errno}");
    }

    /// <summary>The machine is on again. Nobody may have a file open there.</summary>
    public void MountAgain() => _folder.Do($"umount '{Path}' && {MountCommand}");

    public void Dispose() => _folder.Run($"umount -l '{Path}'");

    private string MountCommand => $"mount -o loop,commit=300 '{_image}' '{Path}'";

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static extern int Ioctl(int file, nuint request, ref uint flags);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int file);
}
