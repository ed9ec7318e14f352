using System.Net.Sockets;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Streams.Connections;

/// <summary>Makes connections, of either plane: whichever address of a place answers, with TLS where there is a
/// key.</summary>
public static class SecuredDialer
{
    /// <summary>
    /// Connects, and has the conversation that shows that it is the right place. A client's TLS handshake succeeds
    /// before the server has judged its certificate, so only an answer to the greeting shows that it is wanted.
    /// </summary>
    /// <param name="converse">Gets the connection and owns it, unless it fails.</param>
    /// <param name="connectTime">How long each address may take to be connected; null: as <paramref name="cancel"/>
    /// allows.</param>
    /// <param name="handshakeTime">The same for TLS and the conversation.</param>
    /// <param name="connected">Told when an address has answered, before TLS.</param>
    /// <exception cref="SocketException">The place has no address, or none can be reached.</exception>
    /// <exception cref="HandshakeException">What answers speaks plain, has another key, or takes too long.</exception>
    public static Task<T> DialAsync<T>(
        NodeAddress place, ClusterKey? key, Func<PeerConnection, CancellationToken, Task<T>> converse,
            CancellationToken cancel,
        TimeSpan? connectTime = null, TimeSpan? handshakeTime = null, Action? connected = null)
        where T : class =>
        AddressRace.ConnectAsync(place.Host, place.Port, (socket, over) =>
        {
            connected?.Invoke();
            return ConverseAsync(socket, key, converse, handshakeTime, over);
        }, cancel, connectTime);

    private static async Task<T> ConverseAsync<T>(
        Socket socket, ClusterKey? key, Func<PeerConnection, CancellationToken, Task<T>> converse, TimeSpan? time,
            CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (time is { } most) limit.CancelAfter(most);
        var connection = PeerConnection.Plain(socket);
        try
        {
            if (key is not null) connection = await SecureAsync(socket, key, limit.Token).ConfigureAwait(false);
            return await converse(connection, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            connection.Dispose();
            socket.Dispose();
            if (e is not OperationCanceledException || cancel.IsCancellationRequested) throw;
            throw new HandshakeException(HandshakeFault.TooSlow, e);
        }
    }

    private static async Task<PeerConnection> SecureAsync(Socket socket, ClusterKey key, CancellationToken cancel)
    {
        try
        {
            var tls = await ClusterTls.ConnectAsync(new TlsProbe(socket), key, cancel).ConfigureAwait(false);
            return PeerConnection.Secured(tls, socket, key);
        }
        catch (Exception e) when (e is not OperationCanceledException and not HandshakeException)
        {
            throw new HandshakeException(HandshakeFault.AnotherKey, e);
        }
    }
}
