using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Streams.Greeting;

/// <summary>What happens to those who come to the data endpoint. All are called on the listener's threads, several at a
/// time, and must not block.</summary>
/// <param name="Admit">Takes or refuses a greeting.</param>
/// <param name="Accepted">Gets every link that was admitted, and owns it.</param>
/// <param name="Refused">Is told of everyone who was sent away, for the log.</param>
public sealed record LinkReception(
    Func<HelloFrame, Admission> Admit, Action<AcceptedLink> Accepted, Action<LinkRefusal> Refused)
{
    /// <summary>Takes or refuses a child's call.</summary>
    public Func<CallFrame, Admission> AdmitCall { get; init; } = _ =>
        Admission.Refused(ErrorCode.Run, LinkReason.NoRun);

    /// <summary>Gets every connection whose call was admitted, and owns it.</summary>
    public Action<CallFrame, PeerConnection> Called { get; init; } = (_, connection) => connection.Dispose();

    /// <summary>How many connections may be there without an admitted greeting, in all; those beyond push out the
    /// oldest.</summary>
    public int MaxStrangers { get; init; } = 256;

    /// <summary>The same for each address that they come from.</summary>
    public int MaxStrangersOfOne { get; init; } = 32;

    /// <summary>How long each has for it.</summary>
    public TimeSpan GreetingTime { get; init; } = WireLimits.GreetingTime;
}
