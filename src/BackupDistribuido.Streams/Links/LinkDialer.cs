using System.Net.Sockets;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Security;

namespace BackupDistribuido.Streams.Links;

/// <summary>Makes links to children.</summary>
public static class LinkDialer
{
    /// <summary>
    /// Connects, greets, and waits for the child's WELCOME: only then is the link up (a client's TLS handshake succeeds before the server has judged the
    /// certificate). All of it within <paramref name="limit"/> (null: <see cref="WireLimits.GreetingTime"/>).
    /// </summary>
    /// <exception cref="LinkException">The child can't be reached, is silent, has another key, refuses, or is something else than a child.</exception>
    public static async Task<DialedLink> DialAsync(
        NodeAddress address, HelloFrame hello, LinkSecurity? security, CancellationToken cancel, TimeSpan? limit = null)
    {
        var patience = limit ?? WireLimits.GreetingTime;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(patience);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        IDisposable owned = socket;
        try
        {
            SocketOptions.Apply(socket);
            await socket.ConnectAsync(address.Host, address.Port, deadline.Token).ConfigureAwait(false);
            var connection = security is null ? LinkConnection.Plain(socket) : await SecureAsync(socket, security, deadline.Token).ConfigureAwait(false);
            owned = connection;
            await connection.WriteAsync(hello, deadline.Token).ConfigureAwait(false);
            var welcome = await Greetings.ReadAsync<WelcomeFrame>(connection, Direction.Up, deadline.Token).ConfigureAwait(false);
            if (welcome.Run != hello.Run || welcome.Epoch != hello.Epoch || welcome.Node != hello.To)
            {
                throw new ProtocolException(ErrorCode.Order, $"'{welcome.Node}' welcomes to epoch {welcome.Epoch} of run {welcome.Run}");
            }
            return new DialedLink(welcome, connection);
        }
        catch (Exception e)
        {
            owned.Dispose();
            cancel.ThrowIfCancellationRequested();
            throw Explained(e, address, patience, security is not null);
        }
    }

    private static async Task<LinkConnection> SecureAsync(Socket socket, LinkSecurity security, CancellationToken cancel)
    {
        var tls = await ClusterTls.ConnectAsync(new TlsProbe(socket), security.Key, cancel).ConfigureAwait(false);
        return LinkConnection.Secured(tls, socket);
    }

    private static LinkException Explained(Exception e, NodeAddress address, TimeSpan patience, bool secured) => e switch
    {
        LinkException link => link,
        OperationCanceledException => new LinkException(ErrorCode.Silence, $"{address} did not answer within {patience.TotalSeconds:0.#} s", e),
        SocketException => new LinkException(ErrorCode.Silence, $"can't reach {address}: {e.Message}", e),
        ProtocolException { Code: not ErrorCode.Truncated } protocol => new LinkException(protocol.Code, $"{address} is no child of ours: {e.Message}", e),
        _ when secured => new LinkException(ErrorCode.Key, $"{address} closed the link before its greeting; it has another key, or none ({e.Message})", e),
        _ => new LinkException(ErrorCode.Truncated, $"{address} closed the link before its greeting ({e.Message})", e),
    };
}
