using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using BackupDistribuido.Actors.Remoting;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Storage.Roots;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Streams.Sockets;

namespace BackupDistribuido.Actors.Destination;

/// <summary>A destination, from its start until it is asked to stop. Its ROOT's lock and its data port outlive its ActorSystems.</summary>
public static class DestinationNode
{
    /// <summary>The data port that is tried first where none is given.</summary>
    public const int DefaultPort = 4054;

    private const int PortsTried = 100;

    /// <summary>Runs it until <paramref name="stop"/>.</summary>
    /// <exception cref="NodeException">ROOT is refused, the port is in use, or the name is.</exception>
    public static async Task RunAsync(DestinationSettings settings, NodeEnvironment environment, CancellationToken stop)
    {
        var desk = new LinkDesk(settings.Name);
        var reception = new LinkReception(desk.Admit, desk.Accepted, refusal =>
            environment.Report(new Warned($"Refused a data link from {refusal.Remote}: {refusal.Text}")));
        await using var listener = await ListenAsync(settings, reception, environment, stop).ConfigureAwait(false);
        // After the port: where that is in use, no ROOT is created.
        using var root = Open(settings);
        var held = new HeldSnapshots(root);
        environment.Report(new Listening("data", listener.Address));
        // Nobody can dial a wildcard: others are told the address from which the coordinator is reached.
        var reached = listener.Address.IsWildcard
            ? NodeAddress.Of(await LocalAddressAsync(settings.Coordinator, stop).ConfigureAwait(false), listener.Address.Port)
            : listener.Address;
        var work = new DestinationWork(settings.Name, root, settings.Adopt, desk, environment.LinkSecurity, new LinkDeadlines(), environment.Report, held.Add, settings.Limit);
        // Before the first registration: what is staged already is room to its origin.
        await Task.Run(() => work.Leftovers.MeasureAll(environment.Report, stop), stop).ConfigureAwait(false);
        using var cleaning = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var cleaned = work.Leftovers.KeepToAsync(settings.Staging ?? StagingRule.Default, environment.Report, cleaning.Token);
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var endpoint = ControlEndpoint.ForNode(settings.Coordinator, environment.Key);
        try
        {
            await NodeLife.RunAsync(endpoint, environment, incarnation =>
            {
                desk.Clear();
                var node = new NodeIdentity(settings.Name, root.Identity, incarnation);
                var data = settings.Advertise ?? reached;
                return Props.Create(() => new DestinationActor(work, node, data, held, ControlAddress.CoordinatorActor, settings.Coordinator, why => refused.TrySetException(why)));
            }, "destination", refused.Task, stop).ConfigureAwait(false);
            await work.ClosedAsync().ConfigureAwait(false);
        }
        finally
        {
            await cleaning.CancelAsync().ConfigureAwait(false);
            await cleaned.ConfigureAwait(false);
        }
        if (refused.Task.IsFaulted) await refused.Task.ConfigureAwait(false);
    }

    /// <summary>Makes ROOT where it isn't there, and goes as far as <see cref="RunAsync"/> does before it is really there: the data port must be free.</summary>
    /// <exception cref="NodeException">ROOT is refused, or the port is in use; nothing was created.</exception>
    public static async Task MakeRootAsync(DestinationSettings settings, NodeEnvironment environment, CancellationToken stop)
    {
        var desk = new LinkDesk(settings.Name);
        await using var listener = await ListenAsync(settings, new LinkReception(desk.Admit, desk.Accepted, _ => { }), environment, stop).ConfigureAwait(false);
        Open(settings).Dispose();
    }

    private static DestinationRoot Open(DestinationSettings settings)
    {
        try
        {
            return DestinationRoot.Open(settings.Root, new RootOptions(settings.Adopt, settings.RequireMount));
        }
        catch (RootRefusedException refusal)
        {
            throw new NodeException(refusal.IsBusy ? ExitCode.Busy : ExitCode.Usage, refusal.Message, refusal);
        }
    }

    private static async Task<LinkListener> ListenAsync(DestinationSettings settings, LinkReception reception, NodeEnvironment environment, CancellationToken stop)
    {
        var isGiven = settings.Listen is { Port: not 0 };
        var wanted = settings.Listen ?? NodeAddress.Of(await LocalAddressAsync(settings.Coordinator, stop).ConfigureAwait(false), DefaultPort);
        if (environment.Key is null && !environment.Insecure && !wanted.IsLoopback)
        {
            throw new NodeException(ExitCode.Usage, $"the data address {wanted} is not loopback; give --key FILE (see bdist key) or --insecure");
        }
        for (var tried = 1; ; tried++)
        {
            try
            {
                return await LinkListener.StartAsync(wanted, reception, environment.LinkSecurity, stop).ConfigureAwait(false);
            }
            catch (SocketException e) when (settings.Listen is null && e.SocketErrorCode == SocketError.AddressAlreadyInUse && tried < PortsTried)
            {
                wanted = wanted.WithPort(wanted.Port + 1);
            }
            catch (SocketException e)
            {
                throw new NodeException(ExitCode.Usage, $"can't listen on {wanted}: {e.Message}; {(isGiven ? "choose another --listen" : "give --listen HOST:PORT")}", e);
            }
        }
    }

    /// <summary>The address of this machine from which the coordinator is reached: where other nodes of its network reach this one.</summary>
    private static async Task<IPAddress> LocalAddressAsync(NodeAddress coordinator, CancellationToken stop)
    {
        try
        {
            var remote = await HostAddress.ResolveAsync(coordinator.Host, stop).ConfigureAwait(false);
            // A datagram socket asks the routing table; nothing is sent.
            using var probe = new Socket(remote.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await probe.ConnectAsync(remote, coordinator.Port, stop).ConfigureAwait(false);
            return ((IPEndPoint)probe.LocalEndPoint!).Address;
        }
        catch (SocketException e)
        {
            throw new NodeException(ExitCode.Usage, $"no way to the coordinator {coordinator}: {e.Message}; check --coordinator, or give --listen HOST:PORT", e);
        }
    }
}
