using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Kernel;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>When a file's stamp is old enough to tell its content from the next one.</summary>
public static class StampRule
{
    /// <summary>Longer than a tick of any file system's clock, and than clocks of a network's machines are mostly
    /// apart.</summary>
    private static readonly TimeSpan ClockTick = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Changes from this time on are too recent for a reading that begins at <paramref name="begun"/>: the page may
    /// still be dirty in memory, and accepts more writes through a mapping without a new time.
    /// </summary>
    public static FileTime FreshFrom(DateTimeOffset begun) => FileTime.Of(begun - ClockTick - WriteBack.Longest);
}
