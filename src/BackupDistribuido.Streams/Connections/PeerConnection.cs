using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Streams.Connections;

/// <summary>
/// The two directions of a connection's bytes: a socket, plain or under TLS, and who is at its other end. One reader
/// and one writer may be at work at the same time; writes of whole frames take turns, so that an ERROR line never lands
/// within a frame. Disposing it cuts both directions at once.
/// </summary>
public sealed class PeerConnection : IDisposable
{
    /// <summary>Most bytes handed to the system at once: what a progress deadline is measured by.</summary>
    private const int LargestWrite = 128 * 1024;

    private readonly Func<CancellationToken, Task> _closeWriting;
    private readonly Socket? _socket;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private ReadOnlyMemory<byte> _unread;
    private bool _torn;
    private WireUse _sent;

    /// <summary>
    /// A connection over any stream that can be read and written at the same time. <paramref name="closeWriting"/> ends
    /// the written direction only; <paramref name="socket"/>, where there is one under it, is disposed after the
    /// stream. <paramref name="peer"/> null: the handshake shows nothing of the other side.
    /// </summary>
    public PeerConnection(Stream stream, EndPoint remote, Func<CancellationToken, Task> closeWriting,
        Socket? socket = null, AuthenticatedPeer? peer = null) =>
        (Stream, Remote, _closeWriting, _socket, Peer) =
        (stream, remote, closeWriting, socket, peer ?? AuthenticatedPeer.Unknown);

    /// <summary>The bytes, for whoever frames them in another way than this class: reading and writing here end
    /// then.</summary>
    public Stream Stream { get; }

    /// <summary>The other side's address, for logs.</summary>
    public EndPoint Remote { get; }

    /// <summary>Who the other side is, as far as the handshake has shown it.</summary>
    public AuthenticatedPeer Peer { get; }

    /// <summary>What has gone to the other side by now; of a connection that is cut, what was known of it last. Nothing
    /// where no socket is under it.</summary>
    public WireUse Sent
    {
        get
        {
            try
            {
                return _sent = _socket is null ? default : WireUse.Of(_socket);
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                return _sent;
            }
        }
    }

    /// <summary>A plain connection; it owns the socket.</summary>
    /// <remarks>
    /// No delay, for every write is whole frames; buffers as the system tunes them (a fixed size would turn its tuning
    /// off and is too small for a long line); no keep-alive, for deadlines of our own notice sooner.
    /// </remarks>
    public static PeerConnection Plain(Socket socket)
    {
        socket.NoDelay = true;
        return new(new NetworkStream(socket, ownsSocket: true), RemoteOf(socket), _ =>
        {
            socket.Shutdown(SocketShutdown.Send);
            return Task.CompletedTask;
        }, socket);
    }

    /// <summary>
    /// A connection under TLS whose handshake is done; it owns the stream and the socket under it. The peer is whoever
    /// has shown <paramref name="key"/>'s certificate.
    /// </summary>
    public static PeerConnection Secured(SslStream stream, Socket socket, ClusterKey key) =>
        new(stream, RemoteOf(socket), cancel => stream.ShutdownAsync().WaitAsync(cancel), socket, key.Peer);

    // An IPv4 address is said as one, whatever socket it came to.
    private static EndPoint RemoteOf(Socket socket) =>
        socket.RemoteEndPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped
            ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port)
            : socket.RemoteEndPoint!;

    /// <summary>Receives some bytes; 0 at the end of the input.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> space, CancellationToken cancel)
    {
        if (_unread.IsEmpty) return Stream.ReadAsync(space, cancel);
        var count = Math.Min(_unread.Length, space.Length);
        _unread[..count].CopyTo(space);
        _unread = _unread[count..];
        return ValueTask.FromResult(count);
    }

    /// <summary>Puts bytes back that were received beyond what was asked for: the next read gives them again.</summary>
    internal void Unread(ReadOnlyMemory<byte> bytes) => _unread = bytes;

    /// <summary>
    /// Sends whole frames. <paramref name="progressed"/> is called after each piece that the system took. After a write
    /// that failed, or was cancelled after it had begun, the direction is torn in the middle of a frame, and every
    /// further write is refused.
    /// Each piece waits for its turn of <paramref name="limit"/>; null: it has none.
    /// </summary>
    /// <exception cref="IOException">The direction is torn, or the connection lost.</exception>
    public async ValueTask WriteAsync(IEnumerable<ReadOnlyMemory<byte>> runs, Action? progressed,
        CancellationToken cancel, WireLimit? limit = null)
    {
        await _writing.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (_torn) throw new IOException("an earlier write was cut off in the middle of a frame");
            foreach (var run in runs)
            {
                for (var rest = run; !rest.IsEmpty;)
                {
                    var piece = rest[..Math.Min(rest.Length, Math.Min(LargestWrite, limit?.Piece ?? LargestWrite))];
                    if (limit is not null)
                        await limit.TakeAsync(piece.Length, progressed, cancel).ConfigureAwait(false);
                    // Before the first piece nothing is torn, and an ERROR can still be said.
                    cancel.ThrowIfCancellationRequested();
                    _torn = true;
                    await Stream.WriteAsync(piece, cancel).ConfigureAwait(false);
                    progressed?.Invoke();
                    rest = rest[piece.Length..];
                }
            }
            _torn = false;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Sends one frame without payload.</summary>
    public ValueTask WriteAsync(Frame frame, CancellationToken cancel) =>
        WriteAsync([FrameWriter.Header(frame)], null, cancel);

    /// <summary>Ends the written direction; the other side reads its end. Reading goes on.</summary>
    public async Task CloseWritingAsync(CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (_torn) throw new IOException("an earlier write was cut off in the middle of a frame");
            await _closeWriting(cancel).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stream.Dispose();
        _socket?.Dispose();
    }
}
