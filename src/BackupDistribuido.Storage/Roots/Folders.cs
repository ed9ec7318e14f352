using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Roots;

/// <summary>What a destination does with folders as wholes.</summary>
internal static class Folders
{
    /// <summary>True when nothing is in it but what a new file system has.</summary>
    public static bool IsEmpty(Descriptor directory, string shown) => Names(directory, shown).All(name => name is "lost+found" or ".new");

    /// <summary>The names in a folder of ours as text, sorted by their bytes. Names that are not UTF-8 come altered: they are none of ours.</summary>
    public static List<string> Names(Descriptor directory, string shown)
    {
        using var listing = List(directory, shown);
        var names = new List<string>();
        while (listing.MoveNext()) names.Add(System.Text.Encoding.UTF8.GetString(listing.Name));
        return names;
    }

    /// <summary>Opens a folder of ours, made where it isn't there. Never through a link.</summary>
    public static Descriptor Make(Descriptor parent, ReadOnlySpan<byte> name, string shown, Durability durability)
    {
        var errno = parent.MakeDirectory(name);
        errno.Except(Errno.Exists).OrThrow("mkdirat", shown);
        parent.OpenDirectory(name, out var made).OrThrow("openat", shown);
        if (errno == Errno.None) durability.SyncOrThrow(parent, shown);
        return made;
    }

    /// <summary>
    /// Removes a name with everything below it, however deep, following no link. It is no error when it isn't there.
    /// </summary>
    public static void Remove(Descriptor parent, ReadOnlySpan<byte> name, string shown)
    {
        var errno = parent.Unlink(name);
        if (errno is Errno.None or Errno.NoEntry) return;
        if (errno is not (Errno.IsDirectory or Errno.NotPermitted)) errno.OrThrow("unlinkat", shown);
        using var directories = new DirectoryStack();
        var names = new Stack<byte[]>();
        Enter(parent, name, directories, names, shown);
        while (directories.Depth > 0)
        {
            var directory = directories.Directory ?? throw new PosixException("openat", shown, Errno.Stale);
            if (!directories.MoveNext())
            {
                directories.Pop();
                var outer = directories.Depth > 0 ? directories.Directory : parent;
                if (outer is null) throw new PosixException("openat", shown, Errno.Stale);
                outer.RemoveDirectory(names.Pop()).Except(Errno.NoEntry).OrThrow("unlinkat", shown);
            }
            else if (directories.Kind == FileKind.Directory)
            {
                Enter(directory, directories.Name, directories, names, shown);
            }
            else
            {
                errno = directory.Unlink(directories.Name);
                if (errno is Errno.IsDirectory or Errno.NotPermitted) Enter(directory, directories.Name, directories, names, shown);
                else errno.Except(Errno.NoEntry).OrThrow("unlinkat", shown);
            }
        }
    }

    private static void Enter(Descriptor parent, ReadOnlySpan<byte> name, DirectoryStack directories, Stack<byte[]> names, string shown)
    {
        var kept = name.ToArray();
        Open(parent, kept, out var directory).OrThrow("openat", shown);
        directory.Status(out var status).OrThrow("statx", shown);
        // Only who may write in a directory may remove what is in it.
        if ((status.Mode & Descriptor.PrivateDirectory) != Descriptor.PrivateDirectory)
            directory.SetMode(Descriptor.PrivateDirectory).OrThrow("fchmod", shown);
        directories.Push(directory, status).OrThrow("getdents64", shown);
        names.Push(kept);
    }

    /// <summary>Opens a directory of ours, whatever its mode is.</summary>
    public static Errno Open(Descriptor parent, ReadOnlySpan<byte> name, out Descriptor directory)
    {
        var errno = parent.OpenDirectory(name, out directory);
        return errno == Errno.AccessDenied ? OpenClosed(parent, name, out directory) : errno;
    }

    /// <summary>Opens a directory that its mode keeps closed: holds it, gives it a mode, and opens what it holds, so that no other directory gets that mode.</summary>
    private static Errno OpenClosed(Descriptor parent, ReadOnlySpan<byte> name, out Descriptor directory)
    {
        var errno = parent.Open(name, OpenFlags.PathOnly | OpenFlags.Directory | OpenFlags.NoFollow, out directory);
        if (errno != Errno.None) return errno;
        using var held = directory;
        errno = held.SetModeOfPath(Descriptor.PrivateDirectory);
        return errno == Errno.None ? held.OpenDirectory("."u8, out directory) : errno;
    }

    private static DirectoryStack List(Descriptor directory, string shown)
    {
        directory.OpenDirectory("."u8, out var again).OrThrow("openat", shown);
        var listing = new DirectoryStack();
        listing.Push(again, default).OrThrow("getdents64", shown);
        return listing;
    }
}
