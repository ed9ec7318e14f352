using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Kernel;

/// <summary>The program that this process runs.</summary>
public static class ProcessImage
{
    /// <summary>
    /// Restarts this program in this process, with the same arguments, environment, working directory, process id and
    /// open standard streams (execve(2)). Everything else ends at once, all threads, locks and connections;
    /// restrictions of the calling thread apply to the whole new program. A standard stream that is not open is
    /// /dev/null there. Returns only by failing.
    /// </summary>
    /// <param name="variables">Additional variables for the environment.</param>
    /// <exception cref="PosixException">The system refused.</exception>
    public static unsafe void StartOver(params IEnumerable<(string Name, string Value)> variables)
    {
        foreach (var (name, value) in variables) Descriptor.Result(Libc.setenv(name, value, 1)).OrThrow("setenv", name);
        // As they were given, byte for byte, each with its NUL.
        var arguments = File.ReadAllBytes("/proc/self/cmdline");
        // By its path, so that the process keeps its name; by the link to it where another file has that path by now.
        var program = File.ResolveLinkTarget("/proc/self/exe", returnFinalTarget: false)?.FullName is { } path
            && File.Exists(path) ? path : "/proc/self/exe";
        var pointers = new byte*[arguments.Count(b => b == 0) + 1];
        fixed (byte* start = arguments)
        fixed (byte** list = pointers)
        {
            for (int i = 0, at = 0; i < pointers.Length - 1; i++)
            {
                list[i] = start + at;
                at += arguments.AsSpan(at).IndexOf((byte)0) + 1;
            }
            Inheritance.FillMissingStreams();
            Descriptor.Result(Libc.execv(program, list)).OrThrow("execve", program);
        }
    }

    /// <summary>Ends the process at once, whatever its threads wait for: nothing is run at its end, nothing is written
    /// that was not yet.</summary>
    public static void EndNow(int code) => Libc._exit(code);
}
