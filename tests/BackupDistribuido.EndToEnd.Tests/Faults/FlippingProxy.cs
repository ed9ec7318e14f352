using System.Net;
using System.Net.Sockets;

namespace BackupDistribuido.EndToEnd.Tests.Faults;

/// <summary>
/// A wire between an origin and a destination's data port that counts what goes down each connection and, in the first
/// so many of them, flips one bit of the byte behind <see cref="Marker"/>.
/// </summary>
internal sealed class FlippingProxy : IDisposable
{
    /// <summary>32 bytes, each another one, that no text has.</summary>
    public static readonly byte[] Marker = [.. Enumerable.Range(0, 32).Select(i => (byte)(0x80 + i))];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<long> _sent = [];
    private readonly int _flips;

    /// <param name="flips">In how many connections a bit is flipped.</param>
    public FlippingProxy(int flips)
    {
        _flips = flips;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where it is dialled.</summary>
    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>The data port that it leads to.</summary>
    public IPEndPoint? Target { get; set; }

    /// <summary>Bytes that went down each connection so far.</summary>
    public IReadOnlyList<long> Sent
    {
        get { lock (_sent) return [.. _sent]; }
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var parent = await _listener.AcceptTcpClientAsync(_end.Token);
            var child = new TcpClient();
            await child.ConnectAsync(Target!, _end.Token);
            int number;
            lock (_sent)
            {
                number = _sent.Count;
                _sent.Add(0);
            }
            _ = DownAsync(parent, child, number);
            _ = UpAsync(child, parent);
        }
    }

    private async Task DownAsync(TcpClient parent, TcpClient child, int number)
    {
        var buffer = new byte[64 * 1024];
        var matched = 0;
        for (int bytes; (bytes = await parent.GetStream().ReadAsync(buffer, _end.Token)) > 0;)
        {
            if (number < _flips) Flip(buffer.AsSpan(0, bytes), ref matched);
            lock (_sent) _sent[number] += bytes;
            await child.GetStream().WriteAsync(buffer.AsMemory(0, bytes), _end.Token);
        }
        child.Client.Shutdown(SocketShutdown.Send);
    }

    private async Task UpAsync(TcpClient child, TcpClient parent)
    {
        await child.GetStream().CopyToAsync(parent.GetStream(), _end.Token);
        parent.Client.Shutdown(SocketShutdown.Send);
    }

    /// <summary>The marker may lie over two reads: <paramref name="matched"/> is how much of it has come.</summary>
    private static void Flip(Span<byte> bytes, ref int matched)
    {
        foreach (ref var one in bytes)
        {
            if (matched == Marker.Length) one ^= 0x10;
            // No byte of the marker comes twice, so a mismatch can only be its new beginning.
            matched = matched < Marker.Length && one == Marker[matched] ? matched + 1 : one == Marker[0] ? 1 : 0;
        }
    }
}
