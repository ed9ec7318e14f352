using System.Net;
using System.Net.Sockets;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Greeting;

namespace BackupDistribuido.Actors;

/// <summary>Opens a node's data port.</summary>
internal static class DataPort
{
    private const int PortsTried = 100;
    private static readonly TimeSpan AnswerWait = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Listens at <paramref name="listen"/>; where that is null at this machine's address from which the coordinator is
    /// reached, and at <paramref name="port"/> or the next free one (0: the system chooses).
    /// </summary>
    /// <exception cref="NodeException">The address is in use, not this machine's, or closed to strangers without a
    /// key.</exception>
    public static async Task<LinkListener> OpenAsync(NodeAddress? listen, NodeAddress coordinator, int port,
        LinkReception reception, NodeEnvironment environment, CancellationToken stop)
    {
        var isGiven = listen is { Port: not 0 };
        var wanted = listen ?? NodeAddress.Of(await LocalAddressAsync(coordinator, stop).ConfigureAwait(false), port);
        if (environment.Key is null && !environment.Insecure && !wanted.IsLoopback)
        {
            throw new NodeException(ExitCode.Usage, ControlReason.OpenWithoutKey(wanted));
        }
        for (var tried = 1; ; tried++)
        {
            try
            {
                return await LinkListener.StartAsync(wanted, reception, environment.Key, stop)
                    .ConfigureAwait(false);
            }
            catch (SocketException e) when (listen is null && e.SocketErrorCode == SocketError.AddressAlreadyInUse
                && tried < PortsTried)
            {
                wanted = wanted.WithPort(wanted.Port + 1);
            }
            catch (SocketException e)
            {
                throw new NodeException(ExitCode.Usage, isGiven
                    ? ControlReason.CantListenHere(wanted, Reason.Of(e))
                    : ControlReason.CantListenForPages(wanted, Reason.Of(e)), e);
            }
        }
    }

    /// <summary>
    /// The address that others dial. A wildcard can't be dialled: it is replaced by the address from which the
    /// coordinator is reached.
    /// </summary>
    /// <exception cref="NodeException">There is no route to the coordinator, or no other node could dial
    /// it.</exception>
    public static async Task<NodeAddress> ReachedAsync(NodeAddress listening, NodeAddress coordinator,
        CancellationToken stop)
    {
        var reached = listening.IsWildcard
            ? NodeAddress.Of(await LocalAddressAsync(coordinator, stop).ConfigureAwait(false), listening.Port)
            : listening;
        return reached.IsLinkLocal
            ? throw new NodeException(ExitCode.Usage, ControlReason.LinkLocal(reached))
            : reached;
    }

    /// <summary>The address of this machine from which the coordinator is reached: where other nodes of its network
    /// reach this one.</summary>
    /// <exception cref="NodeException">There is no route to it.</exception>
    public static async Task<IPAddress> LocalAddressAsync(NodeAddress coordinator, CancellationToken stop)
    {
        try
        {
            var remotes = await HostAddress.ResolveAllAsync(coordinator.Host, stop).ConfigureAwait(false);
            // Of several addresses the one counts that the coordinator answers at. It may not be there yet.
            if (remotes.Count > 1 && await AnsweredAsync(coordinator, stop).ConfigureAwait(false) is { } answered)
                return answered;
            return await RoutedAsync(remotes, coordinator.Port, stop).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new NodeException(ExitCode.Usage, ControlReason.NoWay(coordinator, Reason.Of(e)), e);
        }
    }

    private static async Task<IPAddress?> AnsweredAsync(NodeAddress coordinator, CancellationToken stop)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(stop);
        bounded.CancelAfter(AnswerWait);
        try
        {
            return await AddressRace.ConnectAsync(coordinator.Host, coordinator.Port, static (socket, _) =>
            {
                using (socket) return Task.FromResult(((IPEndPoint)socket.LocalEndPoint!).Address);
            }, bounded.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException
            || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return null;
        }
    }

    private static async Task<IPAddress> RoutedAsync(IReadOnlyList<IPAddress> remotes, int port, CancellationToken stop)
    {
        for (var tried = 0; ; tried++)
        {
            // A datagram socket asks the routing table; nothing is sent.
            using var probe = new Socket(remotes[tried].AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                await probe.ConnectAsync(remotes[tried], port, stop).ConfigureAwait(false);
                return ((IPEndPoint)probe.LocalEndPoint!).Address;
            }
            catch (SocketException) when (tried < remotes.Count - 1)
            {
                // No way to it from here: another one may have one.
            }
        }
    }
}
