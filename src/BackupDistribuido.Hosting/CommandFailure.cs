using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Hosting;

/// <summary>Ends a command with one clear line on standard error (what, where, what to do) and an exit code; no stack
/// trace.</summary>
public sealed class CommandFailure(ExitCode code, Reason reason, Exception? inner = null)
    : Exception(reason.ToString(), inner), IReasoned
{
    /// <summary>A message in English that only a command prints and no page shows.</summary>
    public CommandFailure(ExitCode code, string message, Exception? inner = null)
        : this(code, Reason.Text(message), inner)
    {
    }

    /// <summary>The command's exit code.</summary>
    public ExitCode Code { get; } = code;

    /// <inheritdoc/>
    public Reason Reason { get; } = reason;

    /// <summary>Wrong usage or configuration: exit code 2.</summary>
    public static CommandFailure Usage(string message) => new(ExitCode.Usage, message);

    /// <inheritdoc cref="Usage(string)"/>
    public static CommandFailure Usage(Reason reason) => new(ExitCode.Usage, reason);
}
