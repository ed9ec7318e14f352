using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Actors;

/// <summary>
/// A node's view of its connection: it registers each second, and the coordinator answers each time. Reports to the
/// owner when answers begin and when they stop; pure except for the report.
/// </summary>
internal sealed class RegistrationBeat(NodeAddress coordinator, TimeProvider clock, Action<NodeEvent> report)
{
    /// <summary>How often a node registers.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Time without an answer after which there is no connection.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private long _lastAnswer = clock.GetTimestamp();
    private bool? _connected;
    private Reason _reason = ControlReason.NoAnswer;

    /// <summary>The coordinator answered.</summary>
    public void Answered()
    {
        _lastAnswer = clock.GetTimestamp();
        _reason = ControlReason.NoAnswer;
        if (_connected == true) return;
        _connected = true;
        report(new Connected(coordinator));
    }

    /// <summary>Why it may not be reachable, as far as that is known.</summary>
    public void Explain(Reason reason) => _reason = reason;

    /// <summary>Another second has passed.</summary>
    public void Tick()
    {
        if (_connected == false || clock.GetElapsedTime(_lastAnswer) < Patience) return;
        _connected = false;
        report(new Disconnected(coordinator, _reason));
    }
}
