using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Record.Databases;

/// <summary>The record can't be kept: what, where and why, for people.</summary>
public class RecordException(Reason reason, Exception? inner = null) : Exception(reason.ToString(), inner), IReasoned
{
    /// <inheritdoc/>
    public Reason Reason { get; } = reason;
}

/// <summary>Another process keeps its record there.</summary>
public sealed class RecordInUseException(Reason reason, Exception? inner = null) : RecordException(reason, inner);
