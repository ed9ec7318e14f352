namespace BackupDistribuido.Core.Reasons;

/// <summary>A text is malformed.</summary>
public sealed class BadTextException(Reason reason) : FormatException(reason.ToString()), IReasoned
{
    /// <inheritdoc/>
    public Reason Reason { get; } = reason;
}
