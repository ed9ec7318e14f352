using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Layout;

/// <summary>A destination's operations on whole folders.</summary>
internal static class Folders
{
    /// <summary>True if it contains nothing but what a new file system has.</summary>
    public static bool IsEmpty(Descriptor directory, string shown) =>
        Names(directory, shown).All(name => name is "lost+found" or ".new");

    /// <summary>The names in a folder of ours as text, sorted by their bytes. Names that are not UTF-8 are altered:
    /// they are not ours.</summary>
    public static List<string> Names(Descriptor directory, string shown)
    {
        using var listing = List(directory, shown);
        var names = new List<string>();
        while (listing.MoveNext()) names.Add(Encoding.UTF8.GetString(listing.Name));
        return names;
    }

    /// <summary>The published snapshots in an origin's <c>snapshots</c>, oldest first: directories whose name is an
    /// id.</summary>
    public static IEnumerable<SnapshotId> Snapshots(Descriptor folder, string shown)
    {
        foreach (var name in Names(folder, shown))
        {
            // The texts of ids sort as the ids do.
            if (SnapshotId.TryParse(name, out var id)
                && folder.Status(Encoding.ASCII.GetBytes(name), out var status) == Errno.None
                && status.Kind == FileKind.Directory) yield return id;
        }
    }

    /// <summary>Opens a folder of ours, and creates it if it isn't there. Never through a link.</summary>
    public static Descriptor Make(Descriptor parent, ReadOnlySpan<byte> name, string shown, Durability durability)
    {
        var errno = parent.MakeDirectory(name);
        errno.Except(Errno.Exists).OrThrow("mkdirat", shown);
        parent.OpenDirectory(name, out var made).OrThrow("openat", shown);
        if (errno == Errno.None) durability.SyncOrThrow(parent, shown);
        return made;
    }

    /// <summary>Removes a name with everything below it; see <see cref="Removal"/>. No error if it isn't
    /// there.</summary>
    /// <exception cref="PosixException">Something could not be removed; all else is.</exception>
    public static void Remove(Descriptor parent, ReadOnlySpan<byte> name, string shown) =>
        Removal.Of(parent, name, shown).OrThrow();

    /// <summary>Opens a directory of ours, whatever its mode; <see cref="Errno.CrossDevice"/> if a file system is
    /// mounted there, which is not touched.</summary>
    public static Errno Open(Descriptor parent, ReadOnlySpan<byte> name, out Descriptor directory)
    {
        var errno = parent.OpenOnThisMount(name, OpenFlags.Directory, out directory);
        return errno == Errno.AccessDenied ? OpenClosed(parent, name, out directory) : errno;
    }

    /// <summary>Opens a directory that its mode keeps closed: holds it, sets its mode, and opens what it holds, so that
    /// no other directory gets that mode.</summary>
    private static Errno OpenClosed(Descriptor parent, ReadOnlySpan<byte> name, out Descriptor directory)
    {
        var errno = parent.OpenOnThisMount(name, OpenFlags.PathOnly | OpenFlags.Directory, out directory);
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
