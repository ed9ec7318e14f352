using System.Net;
using System.Net.Sockets;
using System.Text;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Web.Metrics;
using BackupDistribuido.Web.Serving;

namespace BackupDistribuido.Web.Tests.Serving;

/// <summary>Real requests over loopback.</summary>
public sealed class StatusServerTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Bound };
    private Func<ClusterStatus> _status = () => SampleStatus.OneOfEach;
    private StatusServer _server = null!;

    public Task InitializeAsync()
    {
        _server = StatusServer.Start(new IPEndPoint(IPAddress.Loopback, 0), _ => Task.FromResult(_status()), new MetricsFeed(TimeProvider.System), TimeProvider.System);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    private Uri At(string path) => new($"http://{_server.Address}{path}");

    [Theory]
    [InlineData("/", "text/html", "destination connected")]
    [InlineData("/?lang=es", "text/html", "destino conectado")]
    [InlineData("/status.json", "application/json", "\"connected\":1")]
    [InlineData("/metrics", "text/plain", "\nbdist_destinations_connected 1\n")]
    [InlineData("/readyz", "text/plain", "ready\n")]
    [InlineData("/healthz", "text/plain", "ok\n")]
    public async Task It_serves(string path, string type, string said)
    {
        using var response = await _client.GetAsync(At(path));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(said, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_request_asks_anew()
    {
        await _client.GetStringAsync(At("/"));
        _status = () => SampleStatus.Nobody;

        Assert.Contains("<strong>0</strong>", await _client.GetStringAsync(At("/")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/etc/passwd", HttpStatusCode.NotFound)]
    [InlineData("POST", "/", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/status.json", HttpStatusCode.MethodNotAllowed)]
    public async Task Anything_else_is_refused(string method, string path, HttpStatusCode code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), At(path));
        using var response = await _client.SendAsync(request);

        Assert.Equal(code, response.StatusCode);
    }

    [Fact]
    public async Task A_page_elsewhere_can_not_read_it_by_another_name()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, At("/")) { Headers = { Host = "example.org" } };
        using var response = await _client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("/", HttpStatusCode.ServiceUnavailable)]
    [InlineData("/metrics", HttpStatusCode.ServiceUnavailable)]
    [InlineData("/readyz", HttpStatusCode.ServiceUnavailable)]
    [InlineData("/healthz", HttpStatusCode.OK)]
    public async Task No_status_is_an_answer_too(string path, HttpStatusCode code)
    {
        _status = () => throw new InvalidOperationException();
        using var response = await _client.GetAsync(At(path));

        Assert.Equal(code, response.StatusCode);
    }

    [Fact]
    public async Task HEAD_has_no_body()
    {
        var text = await TalkAsync("HEAD / HTTP/1.1\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_without_end_is_refused_at_its_limit() =>
        Assert.StartsWith("HTTP/1.1 400 ", await TalkAsync("GET / HTTP/1.1\r\nX: " + new string('a', StatusServer.MaxHead)), StringComparison.Ordinal);

    [Fact]
    public async Task Idle_strangers_do_not_keep_others_out()
    {
        var strangers = Enumerable.Range(0, StatusServer.MaxConnections).Select(_ => new TcpClient()).ToList();
        foreach (var stranger in strangers) await stranger.ConnectAsync(_server.Address);

        Assert.Contains("connected", await _client.GetStringAsync(At("/status.json")), StringComparison.Ordinal);

        foreach (var stranger in strangers) stranger.Dispose();
    }

    [Fact]
    public async Task An_ended_server_takes_no_more()
    {
        await _server.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetStringAsync(At("/")));
    }

    private async Task<string> TalkAsync(string request)
    {
        using var bound = new CancellationTokenSource(Bound);
        using var client = new TcpClient();
        await client.ConnectAsync(_server.Address, bound.Token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), bound.Token);
        using var answer = new StreamReader(client.GetStream());
        return await answer.ReadToEndAsync(bound.Token);
    }
}
