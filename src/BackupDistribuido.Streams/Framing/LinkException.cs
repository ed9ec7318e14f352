using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Streams.Framing;

/// <summary>A link, or the attempt to make one, failed: the other side is gone, silent or refuses.</summary>
public sealed class LinkException : Exception, IReasoned
{
    /// <summary>A failure that this side noticed.</summary>
    public LinkException(ErrorCode code, Reason reason, Exception? inner = null) : base(reason.ToString(), inner) =>
        (Code, Reason) = (code, reason);

    /// <summary>The other side's ERROR line.</summary>
    public LinkException(ErrorFrame error) : base(error.Reason.ToString())
    {
        (Code, Reason) = (error.Code, error.Reason);
        IsFromPeer = true;
    }

    /// <summary>No connection was made: nobody answered where the other side should be, or it did not dial.</summary>
    public bool IsUnreached { get; init; }

    /// <inheritdoc/>
    public Reason Reason { get; }

    /// <summary>What kind of failure.</summary>
    public ErrorCode Code { get; }

    /// <summary>True when the other side said so, in an ERROR line; then there is no point in answering.</summary>
    public bool IsFromPeer { get; }
}
