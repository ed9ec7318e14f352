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
    /// The time from which on a change is too young, for what is read from <paramref name="begun"/> on: its page may
    /// still be changed in memory, and takes more writes through a mapping without another time.
    /// </summary>
    public static FileTime FreshFrom(DateTimeOffset begun) => FileTime.Of(begun - ClockTick - WriteBack.Longest);
}
