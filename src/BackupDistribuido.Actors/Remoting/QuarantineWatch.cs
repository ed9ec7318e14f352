using Akka.Actor;
using Akka.Remote;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Actors.Remoting;

/// <summary>
/// Reports, once, that this system and its coordinator can never talk again: one of the two has quarantined the other.
/// For a node only; the coordinator quarantines nodes in the course of its work.
/// </summary>
public sealed class QuarantineWatch : ReceiveActor
{
    /// <summary>A watch that calls <paramref name="report"/> with a reason for people, on its own thread.</summary>
    public QuarantineWatch(Action<Reason> report)
    {
        Receive<ThisActorSystemQuarantinedEvent>(_ => Report(ControlReason.GivenUp));
        Receive<QuarantinedEvent>(_ => Report(ControlReason.GaveUp));

        void Report(Reason reason)
        {
            Context.Stop(Self);
            report(reason);
        }
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(QuarantinedEvent));
    }

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);
}
