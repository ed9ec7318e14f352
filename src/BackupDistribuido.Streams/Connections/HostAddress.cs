using System.Net;
using System.Net.Sockets;

namespace BackupDistribuido.Streams.Connections;

/// <summary>The IP addresses that a host name or address stands for.</summary>
public static class HostAddress
{
    /// <summary>The first of <see cref="ResolveAllAsync"/>: to listen at. To connect there is
    /// <see cref="AddressRace"/>.</summary>
    /// <exception cref="SocketException">The name has no address.</exception>
    public static async Task<IPAddress> ResolveAsync(string host, CancellationToken cancel) =>
        (await ResolveAllAsync(host, cancel).ConfigureAwait(false))[0];

    /// <summary>An address stands for itself, <c>0.0.0.0</c> and <c>::</c> too, which the resolver refuses. A name's
    /// come in the system's order, the families in turns (RFC 8305, section 4): at least one.</summary>
    /// <exception cref="SocketException">The name has no address.</exception>
    public static async Task<IReadOnlyList<IPAddress>> ResolveAllAsync(string host, CancellationToken cancel)
    {
        if (IPAddress.TryParse(host, out var address)) return [address];
        var found = await Dns.GetHostAddressesAsync(host, cancel).ConfigureAwait(false);
        return found.Length > 0 ? InTurns(found.Distinct()) : throw new SocketException((int)SocketError.HostNotFound);
    }

    internal static IReadOnlyList<IPAddress> InTurns(IEnumerable<IPAddress> addresses)
    {
        var families = addresses.GroupBy(address => address.AddressFamily).Select(family => family.ToList()).ToList();
        return [.. Enumerable.Range(0, families.Max(family => family.Count))
            .SelectMany(turn => families.Where(family => turn < family.Count).Select(family => family[turn]))];
    }
}
