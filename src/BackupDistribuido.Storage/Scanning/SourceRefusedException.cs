using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>The SOURCE can't be copied as it was given; the reason says what, where and what to do. Nothing was
/// changed.</summary>
public sealed class SourceRefusedException(Reason reason, Exception? cause = null)
    : IOException(reason.ToString(), cause), IReasoned
{
    /// <inheritdoc/>
    public Reason Reason { get; } = reason;
}
