using BackupDistribuido.Cli.Output;
using BackupDistribuido.Hosting.Processes;
using Spectre.Console;

namespace BackupDistribuido.Cli.Running;

/// <summary>
/// A command's view of the machine: standard output and error, the terminal, the host's name, the folder for logs.
/// </summary>
/// <param name="Out">Standard output, UTF-8.</param>
/// <param name="Error">Standard error.</param>
/// <param name="LiveConsole">Makes the console of a live view; null if standard output is not a terminal that can show
/// one.</param>
/// <param name="HostName">This host's name, for default names.</param>
/// <param name="LogFolder">Where logs go when no folder is configured.</param>
/// <param name="DataFolder">Folder for a coordinator's record and an origin's record of its last run, if none is
/// configured.</param>
/// <param name="Confinement">Confines this process; null if the process is not the command's alone.</param>
/// <param name="Service">Makes what tells a service manager about this process; null where none asks.</param>
internal sealed record CommandEnvironment(
    TextWriter Out, TextWriter Error, Func<IAnsiConsole>? LiveConsole, string HostName, string LogFolder,
        string DataFolder, IConfinement? Confinement = null, Func<ServiceNotifier?>? Service = null)
{
    /// <summary>What waits are counted by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Standard input.</summary>
    public TextReader In { get; init; } = Console.In;

    /// <summary>A terminal narrower than this gets plain lines.</summary>
    private const int NarrowestLiveView = 30;

    /// <summary>
    /// Number of bytes of <see cref="Out"/> that its reader has taken; null: it takes everything at once.
    /// </summary>
    public Func<long>? Taken { get; init; }

    /// <summary>The process's own.</summary>
    public static CommandEnvironment OfProcess()
    {
        var output = new ReaderStream(Console.OpenStandardOutput());
        return OfProcess(output) with { Taken = () => output.Taken };
    }

    private static CommandEnvironment OfProcess(Stream output) => new(
        new StreamWriter(output, new System.Text.UTF8Encoding(false), 64 * 1024) { AutoFlush = false },
            new StandardError(Console.OpenStandardError()), HasLiveTerminal() ? () =>
                AnsiConsole.Console
                    : null, Environment.MachineName, DefaultFolder("/var/log/bdist"), DefaultFolder("/var/lib/bdist"),
                    new LandlockedProcess(),
        () => ServiceNotifier.Of(Environment.GetEnvironmentVariable, Environment.ProcessId, TimeProvider.System));

    private static bool HasLiveTerminal()
    {
        if (Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb")
            return false;
        return Console.WindowWidth >= NarrowestLiveView;
    }

    private static string DefaultFolder(string ofRoot)
    {
        if (Environment.IsPrivilegedProcess) return ofRoot;
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        // The XDG specification: a relative path is to be ignored.
        return Path.Combine(Path.IsPathRooted(state)
            ? state : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
            "bdist");
    }
}
