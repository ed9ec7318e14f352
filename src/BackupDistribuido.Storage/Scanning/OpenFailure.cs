using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Kernel;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>Why a file of a source could not be opened.</summary>
/// <param name="Why">The reason to leave it out.</param>
/// <param name="Errno">The system's error number.</param>
public readonly record struct OpenFailure(Omission Why, Errno Errno)
{
    /// <summary>Another program has a lease on it (fcntl(2), F_SETLEASE; Samba, NFS): it has been asked to give it up,
    /// and has <see cref="LeaseBreakTime"/> for that.</summary>
    public bool IsLeased => Errno == Errno.TryAgain;

    /// <summary>This process or machine is short of files or memory, which says nothing about the file.</summary>
    public bool IsShortage => Errno.IsShortage();

    /// <summary>How long the kernel lets a program keep a lease that is asked back: 45 s by default, and here at most 5
    /// minutes.</summary>
    public static TimeSpan LeaseBreakTime { get; } =
        TimeSpan.FromSeconds(Math.Min(KernelSetting.Read("/proc/sys/fs/lease-break-time") ?? 45, 300));
}
