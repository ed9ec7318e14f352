using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Wire;

/// <summary>
/// The other side broke the link protocol: it gets one ERROR line with this code and text, and the link is closed. The
/// text may quote what it sent, so it is printable ASCII whatever that was.
/// </summary>
public class ProtocolException(ErrorCode code, string text) : Exception(PathText.ToAscii(text))
{
    /// <summary>What kind of breach it was.</summary>
    public ErrorCode Code { get; } = code;
}
