using System.Net;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Web.Feed;
using BackupDistribuido.Web.Metrics;
using BackupDistribuido.Web.Serving;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupDistribuido.Web.Tests.Metrics;

/// <summary>Over HTTP, through the pages' door.</summary>
public sealed class OperatorEndpointsTests : IAsyncLifetime
{
    private const string Key = "0123456789abcdef";

    private readonly HttpClient _http =
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
    private readonly List<IAsyncDisposable> _open = [];
    private Func<Task<ClusterStatus>> _status = () => Task.FromResult(SampleStatus.OneOfEach);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var one in _open) await one.DisposeAsync();
        _http.Dispose();
    }

    [Theory]
    [InlineData("/healthz", "ok\n")]
    [InlineData("/readyz", "ready\n")]
    public async Task Health_is_open_and_tells_no_names(string path, string said)
    {
        var answer = await Get(await Serve(), path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(said, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_coordinator_that_does_not_answer_is_alive_and_not_ready()
    {
        var server = await Serve(MetricsKey.Parse(Key));
        _status = () => throw new TimeoutException();
        Assert.Equal(HttpStatusCode.OK, (await Get(server, "/healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Get(server, "/readyz")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Get(server, "/metrics", $"Bearer {Key}")).StatusCode);
    }

    [Fact]
    public async Task Metrics_are_for_who_has_their_key()
    {
        var answer = await Get(await Serve(MetricsKey.Parse($"{Key}\n")), "/metrics", $"Bearer {Key}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("\nbdist_destinations_connected 1\n", await answer.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer 0123456789abcdeg")]
    [InlineData("Basic 0123456789abcdef")]
    public async Task Others_get_nothing(string? authorization)
    {
        var answer = await Get(await Serve(MetricsKey.Parse(Key)), "/metrics", authorization);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Without_a_key_they_are_behind_the_pages_door()
    {
        var server = await Serve();
        var answer = await Get(server, "/metrics", $"Bearer {Key}");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.DoesNotContain("bdist_", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var entered = await _http.GetAsync(new Uri(server.Url));
        var cookie = entered.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        using var request = new HttpRequestMessage(HttpMethod.Get,
            new Uri(new Uri(server.Url), "/metrics"))
        { Headers = { { "Cookie", cookie } } };
        Assert.Contains("bdist_destinations_connected",
            await (await _http.SendAsync(request)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcde")]
    [InlineData("0123456789 abcdef")]
    [InlineData("0123456789abcdefñ")]
    public void A_key_that_could_be_guessed_or_not_be_sent_is_none(string text) =>
        Assert.Throws<FormatException>(() => MetricsKey.Parse(text));

    private async Task<PageServer> Serve(MetricsKey? key = null)
    {
        var feed = new NodeFeed(NodeRole.Coordinator, "", TimeProvider.System,
            new HandQueries { Status = () => SampleStatus.OneOfEach });
        var endpoints = new OperatorEndpoints(_ => _status(), new MetricsFeed(TimeProvider.System), key);
        var server = await PageServer.StartAsync(new PageSettings(new IPEndPoint(IPAddress.Loopback, 0), "127.0.0.1",
            null, NullLoggerFactory.Instance, endpoints.Map), feed, CancellationToken.None);
        _open.AddRange([server, feed]);
        return server;
    }

    private async Task<HttpResponseMessage> Get(PageServer server, string path, string? authorization = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(server.Url), path));
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await _http.SendAsync(request);
    }
}
