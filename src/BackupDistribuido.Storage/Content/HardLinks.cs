using System.Runtime.InteropServices;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Content;

/// <summary>The first name of a file that has several.</summary>
/// <param name="Number">Of the entry that has it.</param>
/// <param name="Path">Its path, where it was asked to be kept.</param>
internal readonly record struct FirstName(long Number, TreePath Path);

/// <summary>
/// Remembers the files of a scan that have more names than have been met: about 90 bytes for each such file until its
/// last name has come. Names of one file agree in length and times too: two files behind a file system that joins
/// others may have one inode number. One that is changed between two of its names becomes two files of this scan, each
/// whole.
/// </summary>
internal sealed class HardLinks
{
    private readonly Dictionary<(ulong Device, ulong Inode, long Size, FileTime Modified, FileTime Changed), (
        FirstName First, uint Missing)> _open = [];

    /// <summary>A name of a file was met as <paramref name="name"/>. Gives its first name; null where this is
    /// it.</summary>
    public FirstName? Meet(FileStatus status, FirstName name)
    {
        if (status.Links < 2) return null;
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, Key(status), out var exists);
        if (!exists)
        {
            known = (name, status.Links - 1);
            return null;
        }
        var first = known.First;
        if (--known.Missing == 0) _open.Remove(Key(status));
        return first;
    }

    /// <summary>The entry that was met last is left out: the file's next name will be its first.</summary>
    public void Forget(FileStatus status) => _open.Remove(Key(status));

    private static (ulong, ulong, long, FileTime, FileTime) Key(FileStatus status) =>
        (status.Device, status.Inode, status.Size, status.Modified, status.Changed);
}
