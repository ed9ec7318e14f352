using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Core.Wire;

/// <summary>
/// The other side broke the link protocol, or what came over the link is of no use: it gets one ERROR line with this
/// code and reason, and the link is closed.
/// </summary>
public class ProtocolException(ErrorCode code, Reason reason) : Exception(reason.ToString()), IReasoned
{
    /// <summary>A breach that a programmer has to look at. The text may quote what was sent, so it is printable ASCII
    /// whatever that was.</summary>
    public ProtocolException(ErrorCode code, string text) : this(code, Reason.Text(PathText.ToAscii(text)))
    {
    }

    /// <summary>What kind of breach it was.</summary>
    public ErrorCode Code { get; } = code;

    /// <inheritdoc/>
    public Reason Reason { get; } = reason;
}
