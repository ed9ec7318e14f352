using Akka.Actor;
using BackupDistribuido.Actors.Relay;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Runs;

namespace BackupDistribuido.Actors.Coordination;

/// <content>Where the origin's owner wants it, the content goes through this coordinator, which stores nothing of
/// it.</content>
internal sealed partial class RunActor
{
    private readonly RelayPort? _relayPort;
    private IActorRef? _relay;

    private void ReceiveFromRelay()
    {
        Receive<RelayOpened>(opened =>
        {
            _state = _state with { Relay = new PlanRelay(RelayPort.Name, opened.Address, opened.Problem) };
            BeginPlanning();
        });
        Receive<RelayActor.LinksFailed>(failed =>
        {
            var next = failed.Links.Aggregate(_state,
                (state, link) =>
                    state.LinkFailed(RelayPort.Name, link.Destination, failed.Epoch, Shown(link.Reason),
                        link.Unreached));
            Become(next, replan: true);
        });
    }

    /// <summary>The first plan waits for the port through which content comes here; without one it is made all the
    /// same.</summary>
    private void OpenRelay()
    {
        if (_relayPort is null || _registration.Topology != TopologyChoice.Relay) BeginPlanning();
        else _relayPort.OpenAsync()
            .PipeTo(Self, success: address => new RelayOpened(address, ""),
                failure: problem => new RelayOpened(null, problem.Message));
    }

    /// <summary>Before anybody has the plan: its links are expected here.</summary>
    private void PrepareRelay(DeliveryPlan plan)
    {
        if (plan.Receivers().All(node => node.Stores)) return;
        _relay ??= Context.ActorOf(Props.Create(() => new RelayActor(_relayPort!, plan)), "relay");
        _relay.Tell(plan);
        _relayPort!.Expect(plan, _relay);
    }

    /// <summary>Content can come here, or <paramref name="Problem"/> says why not.</summary>
    private sealed record RelayOpened(NodeAddress? Address, string Problem);
}
