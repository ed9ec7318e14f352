using System.Net.Sockets;

namespace BackupDistribuido.Streams.Connections;

/// <summary>
/// How our sockets are set: no delay, for every write is whole frames; buffers as the system tunes them (a fixed size
/// would turn its tuning off and is too small for a long line); no keep-alive, for deadlines of our own notice sooner.
/// </summary>
internal static class SocketOptions
{
    public static void Apply(Socket socket) => socket.NoDelay = true;
}
