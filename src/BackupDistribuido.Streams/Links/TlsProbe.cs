using System.Net.Sockets;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Streams.Links;

/// <summary>
/// The bytes under a client's TLS. Where the other side answers the first message with a line of text, it speaks plain:
/// then its ERROR line is read and thrown, instead of a riddle from the TLS library.
/// </summary>
internal sealed class TlsProbe(Socket socket) : NetworkStream(socket, ownsSocket: false)
{
    /// <summary>First byte of a TLS handshake record.</summary>
    public const byte Handshake = 22;

    private const byte Alert = 21;
    private bool _probed;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_probed)
        {
            _probed = true;
            await ProbeAsync(cancellationToken).ConfigureAwait(false);
        }
        return await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    private async Task ProbeAsync(CancellationToken cancel)
    {
        var first = new byte[1];
        if (await Socket.ReceiveAsync(first, SocketFlags.Peek, cancel).ConfigureAwait(false) == 0
            || first[0] is Handshake or Alert) return;
        using var plain = new PeerConnection(this, Socket.RemoteEndPoint!, _ => Task.CompletedTask);
        await Greetings.ReadAsync<WelcomeFrame>(plain, Direction.Up, cancel).ConfigureAwait(false);
        throw new ProtocolException(ErrorCode.Key, "the other side speaks plain");
    }
}
