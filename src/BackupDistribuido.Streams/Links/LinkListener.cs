using System.Net;
using System.Net.Sockets;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Framing;

namespace BackupDistribuido.Streams.Links;

/// <summary>
/// The data endpoint. Every connection is a stranger until its greeting is admitted, and has
/// <see cref="WireLimits.GreetingTime"/> for that, the TLS handshake included; strangers are bounded in number, in all
/// and for each address: see <see cref="Strangers"/>. Whatever they send, the listener goes on.
/// </summary>
public sealed class LinkListener : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly LinkReception _reception;
    private readonly LinkSecurity? _security;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _allGone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;
    private readonly Strangers _book;
    private int _strangers = 1;

    private LinkListener(Socket socket, NodeAddress address, LinkReception reception, LinkSecurity? security)
    {
        (_socket, Address, _reception, _security) = (socket, address, reception, security);
        _book = new Strangers(reception.MaxStrangers, reception.MaxStrangersOfOne);
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens; the port is the one that the system chose where 0 was asked for.</summary>
    public NodeAddress Address { get; }

    /// <summary>Begins to listen. Without <paramref name="security"/> links are plain.</summary>
    /// <exception cref="SocketException">The address is in use or not one of this machine's.</exception>
    public static async Task<LinkListener> StartAsync(NodeAddress address, LinkReception reception,
        LinkSecurity? security, CancellationToken cancel)
    {
        var resolved = await HostAddress.ResolveAsync(address.Host, cancel).ConfigureAwait(false);
        var socket = new Socket(resolved.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(resolved, address.Port));
            socket.Listen();
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return new LinkListener(socket, address.WithPort(((IPEndPoint)socket.LocalEndPoint!).Port), reception,
            security);
    }

    /// <summary>Stops listening, and sends the strangers away. Admitted links are not touched.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        await _allGone.Task.ConfigureAwait(false);
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                _ = ReceiveAsync(socket);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                break;
            }
            catch (SocketException)
            {
                // The stranger was gone again, or the process has no descriptor left: the next try may find one.
                await Task.Delay(100).ConfigureAwait(false);
            }
        }
        StrangerGone();
    }

    private async Task ReceiveAsync(Socket socket)
    {
        Interlocked.Increment(ref _strangers);
        await Task.Yield();
        PeerConnection? connection = null;
        using var pushedOut = new CancellationTokenSource();
        IDisposable? place = null;
        try
        {
            SocketOptions.Apply(socket);
            connection = PeerConnection.Plain(socket);
            place = _book.Enter(((IPEndPoint)socket.RemoteEndPoint!).Address, () => _ = pushedOut.CancelAsync());
            await GreetAsync(socket, connection, pushedOut.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Its socket broke before it was anybody: there is nobody to name.
            socket.Dispose();
            connection?.Dispose();
        }
        finally
        {
            place?.Dispose();
            StrangerGone();
        }
    }

    private async Task GreetAsync(Socket socket, PeerConnection connection, CancellationToken pushedOut)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, pushedOut);
        limit.CancelAfter(_reception.GreetingTime);
        try
        {
            if (_security is not null || await SpeaksTlsAsync(socket, limit.Token).ConfigureAwait(false))
            {
                connection = await SecureAsync(socket, limit.Token).ConfigureAwait(false);
            }
            switch (await Greetings.ReadFirstAsync(connection, limit.Token).ConfigureAwait(false))
            {
                case CallFrame call when _reception.AdmitCall(call).Refusal is { } early:
                    // A child calls until its parent has the plan too: that is nobody's fault, and nothing to be told
                    // of.
                    if (early.Code is ErrorCode.Run or ErrorCode.Epoch)
                        await Farewells.CloseAsync(connection, early, drain: true).ConfigureAwait(false);
                    else await RefuseAsync(connection, early).ConfigureAwait(false);
                    break;
                case CallFrame call:
                    _reception.Called(call, connection);
                    break;
                case HelloFrame hello when _reception.Admit(hello).Refusal is { } refusal:
                    await RefuseAsync(connection, refusal).ConfigureAwait(false);
                    break;
                case HelloFrame hello:
                    _reception.Accepted(new AcceptedLink(hello, connection));
                    break;
            }
        }
        catch (OperationCanceledException) when (pushedOut.IsCancellationRequested
            && !_stopping.IsCancellationRequested)
        {
            // So many get the time to hear that there is no room; from there on they are just closed.
            if (Volatile.Read(ref _strangers) > 2 * _reception.MaxStrangers) connection.Dispose();
            else await RefuseAsync(connection, new ErrorFrame(ErrorCode.Busy, "too many links are being greeted here; try again")).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await RefuseAsync(connection, Reason(e)).ConfigureAwait(false);
        }
    }

    private async Task<PeerConnection> SecureAsync(Socket socket, CancellationToken cancel)
    {
        if (_security is null) throw new LinkException(ErrorCode.Key, "this node speaks plain, without --key; the other side speaks TLS");
        if (!await SpeaksTlsAsync(socket, cancel).ConfigureAwait(false)) throw new LinkException(ErrorCode.Key, "this node speaks TLS only; use the cluster's --key");
        try
        {
            // The socket stays ours when the handshake fails: the other side still gets a last line.
            var tls = await ClusterTls.AcceptAsync(new NetworkStream(socket, ownsSocket: false), _security.Key, cancel)
                .ConfigureAwait(false);
            return PeerConnection.Secured(tls, socket);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new LinkException(ErrorCode.Key, $"TLS handshake failed; the other side has another key, or none ({e.Message})", e);
        }
    }

    // Looks at the first byte and leaves it there. 22 is a TLS handshake; every line of ours begins with a letter.
    private static async Task<bool> SpeaksTlsAsync(Socket socket, CancellationToken cancel)
    {
        var first = new byte[1];
        return await socket.ReceiveAsync(first, SocketFlags.Peek, cancel).ConfigureAwait(false) == 1
            && first[0] == TlsProbe.Handshake;
    }

    private ErrorFrame Reason(Exception e) => e switch
    {
        ProtocolException p => new ErrorFrame(p.Code, p.Message),
        LinkException l => new ErrorFrame(l.Code, l.Message),
        OperationCanceledException when _stopping.IsCancellationRequested =>
            new ErrorFrame(ErrorCode.Stopping, "this node is leaving"),
        OperationCanceledException =>
            new ErrorFrame(ErrorCode.Silence, $"no whole greeting within {_reception.GreetingTime.TotalSeconds:0.#} s"),
        _ => new ErrorFrame(ErrorCode.Truncated, e.Message),
    };

    private async Task RefuseAsync(PeerConnection connection, ErrorFrame reason)
    {
        _reception.Refused(new LinkRefusal(connection.Remote, reason.Code, reason.Text));
        await Farewells.CloseAsync(connection, reason, drain: true).ConfigureAwait(false);
    }

    private void StrangerGone()
    {
        if (Interlocked.Decrement(ref _strangers) == 0) _allGone.TrySetResult();
    }
}
