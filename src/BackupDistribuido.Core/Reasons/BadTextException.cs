namespace BackupDistribuido.Core.Reasons;

/// <summary>A text is not what it has to be.</summary>
public sealed class BadTextException(Reason reason) : FormatException(reason.ToString()), IReasoned
{
    /// <inheritdoc/>
    public Reason Reason { get; } = reason;
}
