using System.Runtime.InteropServices;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Kernel;

/// <summary>Makes the calling thread one that lets others go first, for good: it should end with its work. An advice:
/// where the system does not take it, the thread is as others.</summary>
internal static class BackgroundThread
{
    /// <summary>Lowest priority for the processor (setpriority(2), this thread only) and for the disk (ioprio_set(2),
    /// class idle).</summary>
    public static void Begin()
    {
        const int thisThread = 0, process = 0, nicest = 19, ioProcess = 1, idle = 3 << 13;
        _ = Libc.setpriority(process, thisThread, nicest);
        nint ioprioSet = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 30 : 251;
        _ = Libc.ioprio_set(ioprioSet, ioProcess, thisThread, idle);
    }
}
