using System.Net.Sockets;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Streams.Greeting;

/// <summary>
/// The data endpoint: a <see cref="SecuredListener"/> whose strangers become links. Each has
/// <see cref="WireLimits.GreetingTime"/> until its greeting is admitted.
/// </summary>
public sealed class LinkListener : IAsyncDisposable
{
    private readonly SecuredListener _listener;

    private LinkListener(SecuredListener listener, NodeAddress address) => (_listener, Address) = (listener, address);

    /// <summary>Where it listens; the port is the one that the system chose where 0 was asked for.</summary>
    public NodeAddress Address { get; }

    /// <summary>Begins to listen. Without <paramref name="key"/> links are plain.</summary>
    /// <exception cref="SocketException">The address is in use or not one of this machine's.</exception>
    public static async Task<LinkListener> StartAsync(NodeAddress address, LinkReception reception,
        ClusterKey? key, CancellationToken cancel)
    {
        var resolved = await HostAddress.ResolveAllAsync(address.Host, cancel).ConfigureAwait(false);
        var listener = SecuredListener.Bind(resolved, address.Port);
        var limits =
            new PendingConnectionLimits(reception.GreetingTime, reception.MaxStrangers, reception.MaxStrangersOfOne);
        listener.Start(new LinkGreeter(reception), key, limits);
        return new LinkListener(listener, address.WithPort(listener.LocalEndPoint.Port));
    }

    /// <summary>Stops listening, and sends the strangers away. Admitted links are not touched.</summary>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();
}
