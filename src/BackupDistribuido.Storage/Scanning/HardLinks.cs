using System.Runtime.InteropServices;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>
/// Remembers the files of a scan that have more names than have been met: about 50 bytes for each such file until its last name has come.
/// </summary>
internal sealed class HardLinks
{
    private readonly Dictionary<(ulong Device, ulong Inode), (long First, uint Missing)> _open = [];

    /// <summary>A name of a file was met as the entry of that number. Gives the number of the entry that had its first name; null where this is it.</summary>
    public long? Meet(FileStatus status, long number)
    {
        if (status.Links < 2) return null;
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, (status.Device, status.Inode), out var exists);
        if (!exists)
        {
            known = (number, status.Links - 1);
            return null;
        }
        var first = known.First;
        if (--known.Missing == 0) _open.Remove((status.Device, status.Inode));
        return first;
    }

    /// <summary>The entry that was met last is left out: the file's next name will be its first.</summary>
    public void Forget(FileStatus status) => _open.Remove((status.Device, status.Inode));
}
