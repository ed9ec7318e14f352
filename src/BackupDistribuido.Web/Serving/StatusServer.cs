using System.Net;
using System.Net.Sockets;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Web.Metrics;
using BackupDistribuido.Web.Pages;

namespace BackupDistribuido.Web.Serving;

/// <summary>
/// Serves a coordinator's status to browsers and monitors: <c>GET /</c> is the page, <c>/status.json</c> the same as JSON, <c>/metrics</c> what Prometheus reads, <c>/healthz</c> says that
/// this process lives, <c>/readyz</c> that its coordinator answers; anything else is refused. It changes nothing, asks
/// for no password and speaks no TLS: give it a loopback address, and whoever looks from elsewhere comes through ssh or a proxy. At most
/// <see cref="MaxConnections"/> at a time, each for <see cref="Patience"/> and one request; further ones wait in the kernel's queue.
/// </summary>
public sealed class StatusServer : IAsyncDisposable
{
    /// <summary>Connections that are served at the same time.</summary>
    public const int MaxConnections = 16;

    /// <summary>Longest head of a request, in bytes.</summary>
    public const int MaxHead = 8192;

    /// <summary>How long one connection may take, from its first byte to its last.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Socket _listener;
    private readonly Func<CancellationToken, Task<ClusterStatus>> _status;
    private readonly TimeProvider _clock;
    private readonly MetricsFeed _metrics;
    private readonly bool _isLoopback;
    private readonly SemaphoreSlim _places = new(MaxConnections);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;

    private StatusServer(Socket listener, Func<CancellationToken, Task<ClusterStatus>> status, MetricsFeed metrics, TimeProvider clock)
    {
        (_listener, _status, _metrics, _clock) = (listener, status, metrics, clock);
        Address = (IPEndPoint)listener.LocalEndPoint!;
        _isLoopback = IPAddress.IsLoopback(Address.Address);
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Begins to serve at <paramref name="listen"/>; port 0 lets the system choose.</summary>
    /// <param name="status">Asked once for each request, from any thread; its failure is answered with 503.</param>
    /// <exception cref="SocketException">The address is in use or not this machine's.</exception>
    public static StatusServer Start(IPEndPoint listen, Func<CancellationToken, Task<ClusterStatus>> status, MetricsFeed metrics, TimeProvider clock)
    {
        var listener = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(listen);
            listener.Listen(MaxConnections);
            return new StatusServer(listener, status, metrics, clock);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await _places.WaitAsync(_end.Token).ConfigureAwait(false);
                _ = ServeAsync(await _listener.AcceptAsync(_end.Token).ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // One that was gone before it was accepted, or no descriptors for now: the others are served all the same.
                _places.Release();
                await Task.WhenAny(Task.Delay(100, _end.Token)).ConfigureAwait(false);
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using (socket)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
                patience.CancelAfter(Patience);
                var request = await ReadAsync(socket, patience.Token).ConfigureAwait(false);
                var response = await AnswerAsync(request, patience.Token).ConfigureAwait(false);
                await SendAsync(socket, response.ToBytes(withBody: request?.Method != "HEAD"), patience.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // Whoever asked is gone or too slow; nobody is left to tell.
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>The request; null where what came is none, or has no end within <see cref="MaxHead"/>.</summary>
    private static async Task<StatusRequest?> ReadAsync(Socket socket, CancellationToken cancel)
    {
        var head = new byte[MaxHead];
        for (var length = 0; length < head.Length;)
        {
            var count = await socket.ReceiveAsync(head.AsMemory(length), cancel).ConfigureAwait(false);
            if (count == 0) return null;
            length += count;
            var end = head.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0) return StatusRequest.Parse(head.AsSpan(0, end));
        }
        return null;
    }

    private async Task<StatusResponse> AnswerAsync(StatusRequest? request, CancellationToken cancel)
    {
        if (request is null) return StatusResponse.Refusal("400 Bad Request");
        if (_isLoopback && !request.NamesLoopback) return StatusResponse.Refusal("421 Misdirected Request");
        if (request.Method is not ("GET" or "HEAD")) return StatusResponse.Refusal("405 Method Not Allowed");
        if (request.Path == "/healthz") return Ok("text/plain; charset=utf-8", "ok\n");
        if (request.Path is not ("/" or "/status.json" or "/metrics" or "/readyz")) return StatusResponse.Refusal("404 Not Found");
        try
        {
            var (status, now) = (await _status(cancel).ConfigureAwait(false), _clock.GetUtcNow());
            return request.Path switch
            {
                "/" => Ok("text/html; charset=utf-8", StatusPage.Render(status, now, request.Language)),
                "/metrics" => Ok(MetricsDocument.ContentType, MetricsDocument.Render(status, _metrics.State, _metrics.Started)),
                "/readyz" => Ok("text/plain; charset=utf-8", "ready\n"),
                _ => Ok("application/json", StatusDocument.Render(status, now) + "\n"),
            };
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            return StatusResponse.Refusal("503 Service Unavailable");
        }
    }

    private static StatusResponse Ok(string type, string body) => new("200 OK", type, body);

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes, cancel).ConfigureAwait(false)..];
        socket.Shutdown(SocketShutdown.Send);
        // A close with unread input would be a reset, and could overtake the answer. What still comes is dropped, for as long as there is patience.
        var rest = new byte[1024];
        while (await socket.ReceiveAsync(rest, cancel).ConfigureAwait(false) > 0)
        {
        }
    }

    /// <summary>Ends: open connections are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
    }
}
