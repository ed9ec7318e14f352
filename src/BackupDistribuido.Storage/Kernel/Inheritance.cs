using System.Globalization;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Kernel;

/// <summary>Adjusts what a process inherits, so that a node can rely on it. To be called first of all, by one
/// thread.</summary>
public static unsafe class Inheritance
{
    private const int Streams = 3, GetFlags = 1, SetFlags = 2, CloseOnExec = 1, OpenFiles = 7;
    private const uint OwnersBits = 0x1C0;

    /// <summary>How many files this process may have open (<c>ulimit -n</c>); <see cref="long.MaxValue"/> if there is
    /// no limit, or none is known.</summary>
    public static long MostOpenFiles
    {
        get
        {
            Libc.ResourceLimit limit;
            return Libc.getrlimit(OpenFiles, &limit) == 0 ? (long)Math.Min(limit.Soft, long.MaxValue) : long.MaxValue;
        }
    }

    /// <summary>
    /// Makes sure that standard input, output and error are open. If one was closed at the start (<c>&gt;&amp;-</c>),
    /// its number belongs by now to a file or socket of the runtime, or would get one of ours, and output would go
    /// there: then the program restarts itself, with /dev/null in its place.
    /// </summary>
    /// <exception cref="PosixException">It could not be started over.</exception>
    public static void OpenMissingStreams()
    {
        for (var stream = 0; stream < Streams; stream++)
        {
            if (!IsMissing(stream)) continue;
            ProcessImage.StartOver();
            return;
        }
    }

    /// <summary>Removes the owner's bits from the mask of new files (<c>umask 777</c>): a folder that its creator can't
    /// enter is useless. The bits for others stay.</summary>
    public static void LetOwnerUseNewFiles()
    {
        var mask = Libc.umask(OwnersBits >> 3 | OwnersBits >> 6);
        _ = Libc.umask(mask & ~OwnersBits);
    }

    /// <summary>Puts /dev/null where a standard stream is missing. Whatever had its number is lost, so that only
    /// execve(2) may follow.</summary>
    internal static void FillMissingStreams()
    {
        for (var stream = 0; stream < Streams; stream++)
        {
            if (!IsMissing(stream)) continue;
            Descriptor.WorkingDirectory.Open("/dev/null"u8, OpenFlags.ReadWrite, out var nothing)
                .OrThrow("open", "/dev/null");
            var made = Libc.dup2(nothing, stream);
            // The new one may have got the very number that it is for, and would close with exec.
            if (made == (int)nothing.DangerousGetHandle()) _ = Libc.fcntl(stream, SetFlags, 0);
            Descriptor.Result(made).OrThrow("dup2", stream.ToString(CultureInfo.InvariantCulture));
        }
    }

    // Inherited descriptors can't have the flag; every one that this process opened has it.
    private static bool IsMissing(int stream)
    {
        var flags = Libc.fcntl(stream, GetFlags, 0);
        return flags < 0 || (flags & CloseOnExec) != 0;
    }
}
