using System.Net;
using System.Net.Sockets;
using BackupDistribuido.Core.Peers;

namespace BackupDistribuido.Streams.Connections;

/// <summary>
/// A listening port, of either plane. Every connection is a stranger until its greeting is done, TLS first where there
/// is a key; strangers have little time, and are bounded in number, in all and for each address: see
/// <see cref="PendingConnections"/>. Whatever they send, the listener goes on.
/// </summary>
public sealed class SecuredListener : IAsyncDisposable
{
    // The first byte of every TLS connection: RFC 8446, section 5.1, a record of type "handshake". Every line of ours
    // begins with a letter.
    internal const byte TlsHandshake = 22;

    private const int PortsTried = 20;
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly IReadOnlyList<Socket> _sockets;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _allGone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _accepting = Task.CompletedTask;
    private IGreeter _greeter = null!;
    private ClusterKey? _key;
    private PendingConnectionLimits _limits = null!;
    private PendingConnections _pending = null!;

    // Those who are being served, told their last line included, and the accepting itself, of each socket.
    private int _served;

    private SecuredListener(IReadOnlyList<Socket> sockets) =>
        (_sockets, _served, LocalEndPoint) = (sockets, sockets.Count, (IPEndPoint)sockets[0].LocalEndPoint!);

    /// <summary>Where it listens first, with the port that the system chose if 0 was asked for.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>
    /// Takes an address; nobody is served before <see cref="Start"/>. <see cref="IPAddress.IPv6Any"/> takes IPv4 too.
    /// </summary>
    /// <exception cref="SocketException">The address is in use, or none of this machine's.</exception>
    public static SecuredListener Bind(IPEndPoint endpoint) => new([Listen(endpoint)]);

    /// <summary>
    /// Takes all addresses that a name has on this machine, at one port: whoever knows the name may dial any of them.
    /// What the name has elsewhere is left out, as long as one is here.
    /// </summary>
    /// <exception cref="SocketException">An address is in use, or none is this machine's.</exception>
    public static SecuredListener Bind(IReadOnlyList<IPAddress> addresses, int port)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                return new(ListenAtAll(addresses, port));
            }
            catch (SocketException e) when (IsInUse(e) && port == 0 && tried < PortsTried)
            {
                // The port that the system chose at the first address is taken at another one.
            }
        }
    }

    private static List<Socket> ListenAtAll(IReadOnlyList<IPAddress> addresses, int port)
    {
        var sockets = new List<Socket>();
        SocketException? elsewhere = null;
        foreach (var address in addresses)
        {
            try
            {
                var known = sockets.Count > 0 ? ((IPEndPoint)sockets[0].LocalEndPoint!).Port : port;
                sockets.Add(Listen(new IPEndPoint(address, known)));
            }
            catch (SocketException e) when (e.SocketErrorCode
                is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
            {
                elsewhere = e;
            }
            catch
            {
                foreach (var socket in sockets) socket.Dispose();
                throw;
            }
        }
        return sockets.Count > 0 ? sockets : throw elsewhere ?? new SocketException((int)SocketError.HostNotFound);
    }

    private static bool IsInUse(SocketException e) => e.SocketErrorCode == SocketError.AddressAlreadyInUse;

    private static Socket Listen(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(endpoint);
            socket.Listen();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Begins to serve, once. Without a <paramref name="key"/> connections are plain.</summary>
    public void Start(IGreeter greeter, ClusterKey? key, PendingConnectionLimits limits)
    {
        (_greeter, _key, _limits, _pending) =
            (greeter, key, limits, new PendingConnections(limits.Most, limits.MostOfOne));
        _accepting = Task.WhenAll(_sockets.Select(socket => Task.Run(() => AcceptAsync(socket))));
    }

    /// <summary>Stops listening, and sends the strangers away. Those who have greeted are not touched.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var socket in _sockets) socket.Dispose();
        if (_accepting == Task.CompletedTask) return;
        await _accepting.ConfigureAwait(false);
        await _allGone.Task.ConfigureAwait(false);
    }

    private async Task AcceptAsync(Socket listening)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await listening.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                Welcome(socket);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                break;
            }
            catch (SocketException e)
            {
                if (_stopping.IsCancellationRequested) break;
                // Out of descriptors, or a stranger that left before it was accepted: the listener itself is well.
                _greeter.CouldNotAccept(e);
                await Task.Delay(AcceptPause).ConfigureAwait(false);
            }
        }
        Gone();
    }

    // Here and not on another thread, so that the oldest stranger is the one that came first.
    private void Welcome(Socket socket)
    {
        try
        {
            var connection = PeerConnection.Plain(socket);
            var remote = (IPEndPoint)connection.Remote;
            // Not disposed of: whoever comes may push this one out while it ends by itself.
            var pushedOut = new CancellationTokenSource();
            var place = _pending.Enter(remote.Address, () => _ = pushedOut.CancelAsync());
            Interlocked.Increment(ref _served);
            _ = Task.Run(() => ServeAsync(connection, remote, socket, place, pushedOut));
        }
        catch (Exception)
        {
            // It broke before it was anybody: there is nobody to name, and the listener itself is well.
            socket.Dispose();
        }
    }

    private async Task ServeAsync(PeerConnection connection, IPEndPoint remote, Socket socket, IDisposable place,
        CancellationTokenSource pushedOut)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, pushedOut.Token);
        limit.CancelAfter(_limits.GreetingTime);
        try
        {
            connection = await SecureAsync(connection, socket, limit.Token).ConfigureAwait(false);
            await _greeter.GreetAsync(connection, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var why = e is OperationCanceledException ? WhyCancelled(pushedOut.IsCancellationRequested, e) : e;
            var line = _greeter.Refuse(remote, why);
            // So many get the time to hear that there is no room; from there on they are just closed.
            var isCrowded = why is HandshakeException { Fault: HandshakeFault.PushedOut }
                && Volatile.Read(ref _served) > 2 * _limits.Most;
            if (line.IsEmpty || isCrowded) connection.Dispose();
            else await LastLine.SayAsync(connection, line).ConfigureAwait(false);
        }
        finally
        {
            place.Dispose();
            Gone();
        }
    }

    private HandshakeException WhyCancelled(bool isPushedOut, Exception e)
    {
        if (_stopping.IsCancellationRequested) return new HandshakeException(HandshakeFault.Stopping, e);
        return new HandshakeException(isPushedOut ? HandshakeFault.PushedOut : HandshakeFault.TooSlow, e);
    }

    private async Task<PeerConnection> SecureAsync(PeerConnection plain, Socket socket, CancellationToken cancel)
    {
        // Looks at the first byte and leaves it there.
        var first = new byte[1];
        if (await socket.ReceiveAsync(first, SocketFlags.Peek, cancel).ConfigureAwait(false) == 0)
            throw new HandshakeException(HandshakeFault.WithoutAWord);
        var isTls = first[0] == TlsHandshake;
        if (_key is null)
            return isTls ? throw new HandshakeException(HandshakeFault.SpeaksTls) : plain;
        if (!isTls) throw new HandshakeException(HandshakeFault.SpeaksPlain);
        try
        {
            // The socket stays ours when the handshake fails: the other side still gets a last line.
            var stream = new NetworkStream(socket, ownsSocket: false);
            var tls = await ClusterTls.AcceptAsync(stream, _key, cancel).ConfigureAwait(false);
            return PeerConnection.Secured(tls, socket, _key);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new HandshakeException(HandshakeFault.AnotherKey, e);
        }
    }

    private void Gone()
    {
        if (Interlocked.Decrement(ref _served) == 0) _allGone.TrySetResult();
    }
}
