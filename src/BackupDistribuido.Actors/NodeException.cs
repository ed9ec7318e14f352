using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Actors;

/// <summary>
/// A node can't start or go on for a reason that its owner can remove: the message says what, where and what to do.
/// </summary>
public sealed class NodeException(ExitCode code, Reason reason, Exception? inner = null)
    : Exception(reason.ToString(), inner), IReasoned
{
    /// <summary>The exit code of the process.</summary>
    public ExitCode Code { get; } = code;

    /// <inheritdoc/>
    public Reason Reason { get; } = reason;
}
