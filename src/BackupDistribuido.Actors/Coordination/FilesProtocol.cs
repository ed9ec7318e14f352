using BackupDistribuido.Core.Delivery;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>Anyone to coordinator, and on to the origin of the run, which alone knows the names: which files are where? Answered by <see cref="FilesAnswer"/>.</summary>
public sealed record AskFiles(FileQuery Query) : IRunMessage
{
    /// <inheritdoc/>
    public RunId Run => Query.Run;
}

/// <summary>The answer to <see cref="AskFiles"/>.</summary>
public sealed record FilesAnswer(FilePage Page) : Serialization.IWireMessage;
