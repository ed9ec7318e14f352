namespace BackupDistribuido.Core.Wire;

/// <summary>The other side broke the link protocol: it gets one ERROR line with this code and text, and the link is closed.</summary>
public sealed class ProtocolException(ErrorCode code, string text) : Exception(text)
{
    /// <summary>What kind of breach it was.</summary>
    public ErrorCode Code { get; } = code;
}
