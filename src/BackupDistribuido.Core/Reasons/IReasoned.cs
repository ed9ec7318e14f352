namespace BackupDistribuido.Core.Reasons;

/// <summary>An exception that says why by a value. Its message is the same in English.</summary>
public interface IReasoned
{
    /// <summary>Why.</summary>
    Reason Reason { get; }
}
