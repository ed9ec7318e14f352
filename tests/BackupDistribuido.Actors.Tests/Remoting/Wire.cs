using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace BackupDistribuido.Actors.Tests.Remoting;

/// <summary>A wire to the coordinator that a test can cut (as a killed process does), and hold still (as a frozen one,
/// or a pulled cable).</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _to;
    private readonly ConcurrentBag<TcpClient> _ends = [];
    private volatile TaskCompletionSource _flowing = new();

    public Wire(IPEndPoint to)
    {
        _to = to;
        _flowing.SetResult();
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Cut()
    {
        while (_ends.TryTake(out var end)) end.Dispose();
    }

    public void Hold() => _flowing = new TaskCompletionSource();

    public void LetGo() => _flowing.TrySetResult();

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        LetGo();
        Cut();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient near;
            var far = new TcpClient();
            try
            {
                near = await _listener.AcceptTcpClientAsync();
                _ends.Add(near);
                _ends.Add(far);
                await far.ConnectAsync(_to);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                if (!_listener.Server.IsBound) return;
                continue;
            }
            _ = CopyAsync(near, far);
            _ = CopyAsync(far, near);
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        var buffer = new byte[8192];
        try
        {
            for (int count; (count = await from.GetStream().ReadAsync(buffer)) > 0;)
            {
                await _flowing.Task;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It was cut.
        }
        from.Dispose();
        to.Dispose();
    }
}
