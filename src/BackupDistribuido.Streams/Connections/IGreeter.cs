using System.Net;
using System.Net.Sockets;

namespace BackupDistribuido.Streams.Connections;

/// <summary>
/// What a plane adds to a <see cref="SecuredListener"/>: its greeting, and its words for those who are sent away.
/// Called on the listener's threads, several at a time.
/// </summary>
public interface IGreeter
{
    /// <summary>
    /// Has the greeting and takes the connection over; then the stranger has become a peer. Whatever it throws sends
    /// the stranger away, and the listener closes the connection.
    /// </summary>
    Task GreetAsync(PeerConnection connection, CancellationToken cancel);

    /// <summary>
    /// Says in the log why someone is sent away, where that is worth it.
    /// </summary>
    /// <param name="remote">Where it came from.</param>
    /// <param name="why">A <see cref="HandshakeException"/>, or what the greeting failed with.</param>
    /// <returns>The line that it is told; empty: none.</returns>
    ReadOnlyMemory<byte> Refuse(IPEndPoint remote, Exception why);

    /// <summary>Says in the log that a connection could not be accepted; the listener tries again.</summary>
    void CouldNotAccept(SocketException why);
}

/// <summary>How many may be connected that have not greeted, and how long they have for that.</summary>
/// <param name="GreetingTime">From the connection on, TLS included.</param>
/// <param name="Most">In all; who comes beyond pushes out the oldest.</param>
/// <param name="MostOfOne">The same for each address.</param>
public sealed record PendingConnectionLimits(TimeSpan GreetingTime, int Most = 256, int MostOfOne = 32);
