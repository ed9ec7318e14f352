using System.Buffers.Binary;
using System.Net.Sockets;

namespace BackupDistribuido.Streams.Connections;

/// <summary>
/// What TCP has sent: the bytes that the other side has acknowledged, and the time in which there were any that it had
/// not. Whoever writes is no measure of that: what goes on at the pace of the wire fits into the socket's buffer and
/// never waits.
/// </summary>
public readonly record struct WireUse(long Bytes, TimeSpan Busy)
{
    // struct tcp_info of linux/tcp.h: tcpi_bytes_acked and tcpi_busy_time, in microseconds. Linux has had both since
    // 4.10.
    private const int Tcp = 6, Info = 11, BytesAt = 120, BusyAt = 168, Length = BusyAt + sizeof(ulong);

    /// <summary>Asks the system.</summary>
    /// <exception cref="SocketException">It is no TCP socket.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public static WireUse Of(Socket socket)
    {
        Span<byte> info = stackalloc byte[Length];
        return socket.GetRawSocketOption(Tcp, Info, info) < Length ? default
            : new WireUse(BinaryPrimitives.ReadInt64LittleEndian(info[BytesAt..]),
                TimeSpan.FromMicroseconds(BinaryPrimitives.ReadInt64LittleEndian(info[BusyAt..])));
    }
}
