using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Streams.Framing;

/// <summary>A link, or the attempt to make one, failed: the other side is gone, silent or refuses.</summary>
public sealed class LinkException : Exception
{
    /// <summary>A failure that this side noticed.</summary>
    public LinkException(ErrorCode code, string text, Exception? inner = null) : base(text, inner) => Code = code;

    /// <summary>The other side's ERROR line.</summary>
    public LinkException(ErrorFrame error) : base(error.Text)
    {
        Code = error.Code;
        IsFromPeer = true;
    }

    /// <summary>No connection was made: nobody answered where the other side should be, or it did not dial.</summary>
    public bool IsUnreached { get; init; }

    /// <summary>What kind of failure.</summary>
    public ErrorCode Code { get; }

    /// <summary>True when the other side said so, in an ERROR line; then there is no point in answering.</summary>
    public bool IsFromPeer { get; }
}
