using System.Globalization;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Kernel;

/// <summary>The kernel's counters for a disk: <c>/sys/dev/block/MAJOR:MINOR/stat</c>
/// (Documentation/block/stat.rst).</summary>
internal static class BlockDevice
{
    private const int WritesDone = 4;

    /// <summary>Number of writes that the device has completed; 0 if there is no device, or the kernel does not tell.
    /// It never waits for the disk.</summary>
    /// <param name="device">Major number in the upper half, minor in the lower, as <see cref="FileStatus"/> has
    /// it.</param>
    public static long Writes(ulong device)
    {
        try
        {
            return WritesIn(File.ReadAllText(string.Create(CultureInfo.InvariantCulture,
                $"/sys/dev/block/{device >> 32}:{(uint)device}/stat")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    internal static long WritesIn(string stat)
    {
        var fields = stat.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return fields.Length > WritesDone
            && long.TryParse(fields[WritesDone], NumberStyles.None, CultureInfo.InvariantCulture, out var writes)
            ? writes : 0;
    }
}
