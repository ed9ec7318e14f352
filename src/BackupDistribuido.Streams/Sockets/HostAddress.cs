using System.Net;
using System.Net.Sockets;

namespace BackupDistribuido.Streams.Sockets;

/// <summary>The IP address that a host name or address stands for.</summary>
public static class HostAddress
{
    /// <summary>An address stands for itself, <c>0.0.0.0</c> and <c>::</c> too, which the resolver refuses; of a name's addresses the first is taken.</summary>
    /// <exception cref="SocketException">The name has no address.</exception>
    public static async Task<IPAddress> ResolveAsync(string host, CancellationToken cancel)
    {
        if (IPAddress.TryParse(host, out var address)) return address;
        var found = await Dns.GetHostAddressesAsync(host, cancel).ConfigureAwait(false);
        return found is [var first, ..] ? first : throw new SocketException((int)SocketError.HostNotFound);
    }
}
