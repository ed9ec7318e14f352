using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Streams.Greeting;

/// <summary>The answer to a greeting: whether this node takes the link.</summary>
public sealed class Admission
{
    private Admission(ErrorFrame? refusal) => Refusal = refusal;

    /// <summary>The link is taken.</summary>
    public static Admission Granted { get; } = new(null);

    /// <summary>Why it is not; null when it is.</summary>
    public ErrorFrame? Refusal { get; }

    /// <summary>The link is not taken, and the other side is told why.</summary>
    public static Admission Refused(ErrorCode code, Reason reason) => new(new ErrorFrame(code, reason));
}
