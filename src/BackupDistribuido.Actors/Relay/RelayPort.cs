using Akka.Actor;
using BackupDistribuido.Actors.Delivery;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Transfer.Links;

namespace BackupDistribuido.Actors.Relay;

/// <summary>
/// Where content comes to a coordinator that relays it: opened when the first run wants it, and for all runs from then
/// on. Safe from any thread.
/// </summary>
/// <param name="listen">Where it listens.</param>
/// <param name="advertise">The address that others dial; null: the address that it listens on. A wildcard stands for
/// the address at which a node reaches the coordinator.</param>
public sealed class RelayPort(NodeAddress listen, NodeAddress? advertise, NodeEnvironment environment)
    : IAsyncDisposable
{
    /// <summary>The coordinator's name in plans.</summary>
    public static readonly NodeName Name = NodeName.Parse("coordinator");

    private readonly ExpectedLinks _expected = new(Name);
    private readonly Lock _gate = new();
    private Task<LinkListener>? _opened;

    internal ChildConnections Calls { get; } = new(Name);

    internal ILinks Links => environment.Links;

    /// <summary>Opens it where it is not open yet; the address to dial.</summary>
    /// <exception cref="NodeException">It can't be had. It may be tried again.</exception>
    internal async Task<NodeAddress> OpenAsync()
    {
        Task<LinkListener> opening;
        lock (_gate)
        {
            if (_opened is null or { IsFaulted: true }) _opened = ListenAsync();
            opening = _opened;
        }
        return advertise ?? (await opening.ConfigureAwait(false)).Address;
    }

    /// <summary>From now on links of this plan, and of no older one of its run, go to that relay.</summary>
    internal void Expect(DeliveryPlan plan, IActorRef relay)
    {
        _expected.Expect(plan, relay);
        Calls.Expect(plan);
    }

    /// <summary>No links of the run are taken any more.</summary>
    internal void Forget(RunId run)
    {
        _expected.Forget(run);
        Calls.Forget(run);
    }

    private async Task<LinkListener> ListenAsync()
    {
        var reception = new LinkReception(_expected.Admit, _expected.Accepted, new RefusedLinks(environment.Report).Say)
        { AdmitCall = Calls.Admit, Called = Calls.Called };
        var listener = await DataPort.OpenAsync(listen, listen, listen.Port, reception, environment,
            CancellationToken.None).ConfigureAwait(false);
        environment.Report(new Listening("data", listener.Address));
        return listener;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_opened is { IsCompletedSuccessfully: true } opened)
            await (await opened.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
    }
}
