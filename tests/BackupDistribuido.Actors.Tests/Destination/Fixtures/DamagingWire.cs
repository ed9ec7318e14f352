using System.Net;
using System.Net.Sockets;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Actors.Tests.Destination.Fixtures;

/// <summary>Stands between a parent and a child, and writes one text over another of the same length in what goes down,
/// on the first so many connections.</summary>
internal sealed class DamagingWire : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    public DamagingWire(NodeAddress child, string right, string wrong, int connections)
    {
        Assert.Equal(right.Length, wrong.Length);
        _listener.Start();
        _ = AcceptAsync(child, System.Text.Encoding.ASCII.GetBytes(right), System.Text.Encoding.ASCII.GetBytes(wrong),
            connections);
    }

    public NodeAddress Address => NodeAddress.Parse(_listener.LocalEndpoint.ToString()!);

    private async Task AcceptAsync(NodeAddress child, byte[] right, byte[] wrong, int connections)
    {
        for (var number = 1; !_stop.IsCancellationRequested; number++)
        {
            var (parent, to) =
                (await _listener.AcceptSocketAsync(_stop.Token), new Socket(SocketType.Stream, ProtocolType.Tcp));
            await to.ConnectAsync(child.Host.ToString(), child.Port);
            _ = PumpAsync(to, parent, _ => { });
            var isDamaged = number <= connections;
            _ = PumpAsync(parent, to, bytes =>
            {
                if (isDamaged && bytes.Span.IndexOf(right) is var at and >= 0) wrong.CopyTo(bytes[at..]);
            });
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Action<Memory<byte>> change)
    {
        var buffer = new byte[1 << 20];
        try
        {
            for (int count; (count = await from.ReceiveAsync(buffer, _stop.Token)) > 0;)
            {
                change(buffer.AsMemory(0, count));
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stop.Token);
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            from.Close();
            to.Close();
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
    }
}
