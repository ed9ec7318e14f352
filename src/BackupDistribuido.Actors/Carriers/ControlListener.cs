using System.Net;
using System.Net.Sockets;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>The coordinator's listening socket, bound before its ActorSystem starts so that a port in use is a plain
/// error.</summary>
public sealed class ControlListener : IDisposable
{
    private const int Backlog = 128;

    private readonly Socket _socket;

    private ControlListener(Socket socket) => _socket = socket;

    /// <summary>Where it listens, with the port that the system chose if 0 was asked for.</summary>
    public IPEndPoint LocalEndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Listens at an address; <see cref="IPAddress.IPv6Any"/> takes IPv4 too.</summary>
    /// <exception cref="SocketException">The address is in use, or none of this machine's.</exception>
    public static ControlListener Bind(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(endpoint);
            socket.Listen(Backlog);
            return new ControlListener(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    internal ValueTask<Socket> AcceptAsync(CancellationToken cancel) => _socket.AcceptAsync(cancel);
}
