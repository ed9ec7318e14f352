using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Actors;

/// <summary>A node can't start or go on for a reason that its owner can do something about: the message says what,
/// where and what to do.</summary>
public sealed class NodeException(ExitCode code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the process ends with.</summary>
    public ExitCode Code { get; } = code;
}
