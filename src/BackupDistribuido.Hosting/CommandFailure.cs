using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Hosting;

/// <summary>Ends a command with one clear line on standard error (what, where, what to do) and an exit code; no stack
/// trace.</summary>
public sealed class CommandFailure(ExitCode code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The command's exit code.</summary>
    public ExitCode Code { get; } = code;

    /// <summary>Wrong usage or configuration: exit code 2.</summary>
    public static CommandFailure Usage(string message) => new(ExitCode.Usage, message);
}
