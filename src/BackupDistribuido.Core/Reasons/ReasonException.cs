namespace BackupDistribuido.Core.Reasons;

/// <summary>Says why within an exception whose type can't.</summary>
public sealed class ReasonException(Reason reason) : Exception(reason.ToString()), IReasoned
{
    /// <inheritdoc/>
    public Reason Reason { get; } = reason;

    /// <summary>Data is malformed, for that reason.</summary>
    public static InvalidDataException OfData(Reason reason) => new(reason.ToString(), new ReasonException(reason));
}
