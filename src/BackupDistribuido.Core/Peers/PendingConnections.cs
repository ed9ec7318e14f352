using System.Net;

namespace BackupDistribuido.Core.Peers;

/// <summary>
/// Connected peers that have not yet proven that they belong here: bounded in all and per address. A new one is always
/// admitted; if there is no room, the oldest goes, of its own address if that has too many, else of the address that
/// has the most: so an address that fills a port pushes out its own connections. An IPv6 network of 64 bits is one
/// address. Safe from any thread.
/// </summary>
/// <param name="most">Most in all.</param>
/// <param name="mostOfOne">Most of one address.</param>
public sealed class PendingConnections(int most, int mostOfOne)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, LinkedList<Pending>> _byAddress = [];
    private int _count;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _count;
        }
    }

    /// <summary>The key of an address here: itself, IPv4 in IPv6 as IPv4, and of IPv6 the network, because the owner of
    /// one address has the whole network.</summary>
    public static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 4) return address;
        if (!address.Equals(IPAddress.IPv6Loopback)) bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    /// <summary>A peer connected from there. It is a stranger until the result is disposed of;
    /// <paramref name="sendAway"/> is called when its place is needed, at most once, by the thread of the newcomer, and
    /// must not block.</summary>
    public IDisposable Enter(IPAddress from, Action sendAway)
    {
        var stranger = new Pending(this, NetworkOf(from), sendAway);
        Pending? goes = null;
        lock (_gate)
        {
            if (!_byAddress.TryGetValue(stranger.From, out var own))
                own = _byAddress[stranger.From] = new LinkedList<Pending>();
            own.AddLast(stranger.Place);
            _count++;
            if (own.Count > mostOfOne) goes = own.First!.Value;
            else if (_count > most) goes = _byAddress.Values.MaxBy(one => one.Count)!.First!.Value;
            if (goes is not null) Remove(goes);
        }
        goes?.SendAway();
        return stranger;
    }

    private void Leave(Pending stranger)
    {
        lock (_gate) Remove(stranger);
    }

    private void Remove(Pending stranger)
    {
        if (stranger.Place.List is not { } own) return;
        own.Remove(stranger.Place);
        if (own.Count == 0) _byAddress.Remove(stranger.From);
        _count--;
    }

    private sealed class Pending : IDisposable
    {
        private readonly PendingConnections _all;

        public Pending(PendingConnections all, IPAddress from, Action sendAway)
        {
            (_all, From, SendAway) = (all, from, sendAway);
            Place = new LinkedListNode<Pending>(this);
        }

        public IPAddress From { get; }

        public Action SendAway { get; }

        public LinkedListNode<Pending> Place { get; }

        public void Dispose() => _all.Leave(this);
    }
}
