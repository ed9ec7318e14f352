using System.Net.Sockets;
using System.Security.Authentication;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>Turns a connected socket into a greeted stream, or says why not. Both give up after
/// <see cref="Deadline"/>.</summary>
internal static class CarrierHandshake
{
    /// <summary>How long a stranger may take to become a peer.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    // The first byte of every TLS connection: RFC 8446, section 5.1, a record of type "handshake".
    private const byte TlsHandshakeRecord = 22;

    /// <summary>The coordinator's side: returns the stream and the token that the node gave itself.</summary>
    /// <exception cref="CarrierRefusedException">It is no node of this cluster; it has been told so where it can
    /// understand.</exception>
    public static Task<(Stream Stream, string Token)> AcceptAsync(Socket socket, ClusterKey? key,
        CancellationToken cancel) =>
        WithinDeadlineAsync(socket, cancel, async (plain, bounded) =>
        {
            var first = new byte[1];
            var any = await socket.ReceiveAsync(first, SocketFlags.Peek, bounded).ConfigureAwait(false);
            if (any == 0) throw CarrierRefusedException.Silent();
            var isTls = first[0] == TlsHandshakeRecord;
            if (key is null && isTls)
                throw await TellAsync(plain, "it has a key, and this coordinator has none: start both with the same key file, or both without", bounded).ConfigureAwait(false);
            if (key is not null && !isTls)
                throw await TellAsync(plain, "it speaks plain, and this coordinator wants the cluster's key: start it with --key", bounded).ConfigureAwait(false);
            var stream = key is null
                ? plain : await SecureAsync(ClusterTls.AcceptAsync(plain, key, bounded)).ConfigureAwait(false);
            var line = await CarrierGreeting.ReadLineAsync(stream, bounded).ConfigureAwait(false);
            if (!CarrierGreeting.TryParse(line, out var token, out var error))
                throw await TellAsync(stream, error, bounded).ConfigureAwait(false);
            if (token == ControlAddress.Coordinator.Host)
                throw await TellAsync(stream, "it gave itself the coordinator's name", bounded).ConfigureAwait(false);
            await stream.WriteAsync(CarrierGreeting.Hello(ControlAddress.Coordinator.Host!), bounded)
                .ConfigureAwait(false);
            return (stream, token);
        });

    /// <summary>The node's side.</summary>
    /// <exception cref="CarrierRefusedException">What answers is no coordinator of this cluster.</exception>
    public static async Task<Stream> DialAsync(Socket socket, ClusterKey? key, string token, CancellationToken cancel)
    {
        var (stream, _) = await WithinDeadlineAsync(socket, cancel, async (plain, bounded) =>
        {
            var stream = key is null
                ? plain : await SecureAsync(ClusterTls.ConnectAsync(plain, key, bounded)).ConfigureAwait(false);
            await stream.WriteAsync(CarrierGreeting.Hello(token), bounded).ConfigureAwait(false);
            var line = await CarrierGreeting.ReadLineAsync(stream, bounded).ConfigureAwait(false);
            if (!CarrierGreeting.TryParse(line, out var name, out var error)) throw new CarrierRefusedException(error);
            return name == ControlAddress.Coordinator.Host ? (stream, name) : throw new CarrierRefusedException("it is a node, but no coordinator");
        }).ConfigureAwait(false);
        return stream;
    }

    private static async Task<(Stream, string)> WithinDeadlineAsync(
        Socket socket, CancellationToken cancel, Func<Stream, CancellationToken, Task<(Stream, string)>> handshake)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        bounded.CancelAfter(Deadline);
        var plain = new NetworkStream(socket, ownsSocket: true);
        try
        {
            socket.NoDelay = true;
            return await handshake(plain, bounded.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await plain.DisposeAsync().ConfigureAwait(false);
            throw e switch
            {
                CarrierRefusedException => e,
                OperationCanceledException when cancel.IsCancellationRequested => e,
                OperationCanceledException => new CarrierRefusedException($"it did not greet within {Deadline.TotalSeconds:0} s", e),
                _ => new CarrierRefusedException("the connection broke off during the greeting", e),
            };
        }
    }

    private static async Task<Stream> SecureAsync(Task<System.Net.Security.SslStream> handshake)
    {
        try
        {
            return await handshake.ConfigureAwait(false);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            throw new CarrierRefusedException("it does not have this cluster's key (it has another one, or none): start both with the same key file", e);
        }
    }

    private static async Task<CarrierRefusedException> TellAsync(Stream stream, string reason, CancellationToken cancel)
    {
        await stream.WriteAsync(CarrierGreeting.Error(reason), cancel).ConfigureAwait(false);
        // Closing with unread input would reset the connection, and the line could be lost on its way.
        using var lingering = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        lingering.CancelAfter(TimeSpan.FromSeconds(1));
        var rest = new byte[1024];
        try
        {
            for (var reads = 0; reads < 64
                && await stream.ReadAsync(rest, lingering.Token).ConfigureAwait(false) > 0; reads++) ;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It has gone, or stays for nothing.
        }
        return new CarrierRefusedException(reason);
    }
}
