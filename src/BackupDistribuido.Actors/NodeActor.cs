using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Actors;

/// <summary>
/// An origin or a destination in one incarnation, as far as they are alike: registers each second, tells its owner when
/// the coordinator's answers begin and stop, gives up when it is refused, and takes its leave.
/// </summary>
internal abstract class NodeActor : ReceiveActor, IWithTimers
{
    private readonly RegistrationBeat _beat;

    /// <summary>An incarnation, whose coordinator is the actor of that path.</summary>
    /// <param name="dialled">The coordinator's address as it was dialled, for display.</param>
    /// <param name="refused">Told when the coordinator does not take this node under its name.</param>
    protected NodeActor(NodeRole role, NodeIdentity node, string coordinator, NodeAddress dialled,
        TimeProvider clock, Action<NodeEvent> report, Action<NodeException> refused)
    {
        (Node, Coordinator, _beat) =
            (node, Context.ActorSelection(coordinator), new RegistrationBeat(dialled, clock, report));
        Receive<BeatTick>(_ => Register());
        Receive<CoordinatorUnreachable>(unreachable => _beat.Explain(unreachable.Reason));
        Receive<RegistrationRefused>(refusal =>
        {
            Log.Error("The coordinator refuses this node: {0}", refusal.Reason);
            refused(new NodeException(ExitCode.Busy, refusal.Reason));
        });
        Receive<NodeLeaves>(leaves =>
        {
            Coordinator.Tell(new Leave(role, node));
            Sender.Tell(leaves);
            // A registration after the farewell would bring the node back: an origin's run that is over would be
            // resumed.
            Context.Stop(Self);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected NodeIdentity Node { get; }

    protected ActorSelection Coordinator { get; }

    protected ILoggingAdapter Log { get; } = Context.GetLogger();

    /// <summary>The node's current registration.</summary>
    protected abstract object Registration();

    protected void Register()
    {
        Coordinator.Tell(Registration());
        _beat.Tick();
    }

    protected void Answered() => _beat.Answered();

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(CoordinatorUnreachable));
        Timers.StartPeriodicTimer(nameof(BeatTick), new BeatTick(), TimeSpan.Zero, RegistrationBeat.Period);
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <summary>Each second, and where there is news: it registers.</summary>
    internal sealed record BeatTick;
}
