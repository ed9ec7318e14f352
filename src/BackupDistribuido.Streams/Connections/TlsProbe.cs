using System.Net.Sockets;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Streams.Connections;

/// <summary>
/// The bytes under a client's TLS. Where the other side answers the first message with a line of text, it speaks plain:
/// then that line is read and thrown, instead of a riddle from the TLS library.
/// </summary>
internal sealed class TlsProbe(Socket socket) : NetworkStream(socket, ownsSocket: false)
{
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
        if (await Socket.ReceiveAsync(first, SocketFlags.Peek, cancel).ConfigureAwait(false) == 0) return;
        if (first[0] is SecuredListener.TlsHandshake or Alert) return;
        var line = new byte[WireLimits.HeaderBytes];
        var filled = 0;
        while (filled < line.Length && !line.AsSpan(0, filled).Contains((byte)'\n'))
        {
            var count = await base.ReadAsync(line.AsMemory(filled), cancel).ConfigureAwait(false);
            if (count == 0) break;
            filled += count;
        }
        throw new HandshakeException(HandshakeFault.SpeaksPlain) { Said = line.AsMemory(0, filled) };
    }
}
