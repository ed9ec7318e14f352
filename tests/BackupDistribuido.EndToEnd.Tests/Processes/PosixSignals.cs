using System.Runtime.InteropServices;

namespace BackupDistribuido.EndToEnd.Tests.Processes;

/// <summary>Signals of kill(2), by their Linux numbers on x64 and arm64.</summary>
internal enum PosixSignal
{
    Hangup = 1,
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

internal static class PosixSignals
{
    /// <summary>Sends it to one process that the test started.</summary>
    public static void Send(int process, PosixSignal signal)
    {
        Assert.True(process > 1);
        Assert.True(Kill(process, (int)signal) == 0,
            $"kill({process}, {signal}): errno {Marshal.GetLastPInvokeError()}");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
