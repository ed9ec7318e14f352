using Akka.Actor;
using Akka.Remote;

namespace BackupDistribuido.Actors.Remoting;

/// <summary>
/// Reports, once, that this system and its coordinator can never talk again: one of the two has quarantined the other.
/// For a node only; the coordinator quarantines nodes in the course of its work.
/// </summary>
public sealed class QuarantineWatch : ReceiveActor
{
    /// <summary>A watch that calls <paramref name="report"/> with a reason for people, on its own thread.</summary>
    public QuarantineWatch(Action<string> report)
    {
        Receive<ThisActorSystemQuarantinedEvent>(_ => Report("the coordinator gave this node up"));
        Receive<QuarantinedEvent>(_ => Report("this node gave the coordinator up"));

        void Report(string reason)
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
