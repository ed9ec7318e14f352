using System.Net;
using System.Net.Http.Headers;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Web.Access;
using BackupDistribuido.Web.Feed;
using BackupDistribuido.Web.Metrics;
using BackupDistribuido.Web.Serving;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupDistribuido.Web.Tests.Metrics;

public sealed class OperatorEndpointsTests : IAsyncLifetime
{
    private const string Key = "a-key-that-is-in-a-file";

    private readonly HttpClient _http = new();
    private Func<ClusterStatus> _status = () => SampleStatus.Many;
    private NodeFeed _feed = null!;
    private PageServer _server = null!;

    public async Task InitializeAsync()
    {
        _feed = new NodeFeed(NodeRole.Coordinator, "", TimeProvider.System, new HandDesk());
        _server = await PageServer.StartAsync(new PageSettings(new IPEndPoint(IPAddress.Loopback, 0), "127.0.0.1", null, NullLoggerFactory.Instance,
            app => OperatorEndpoints.Map(app, _ => Task.Run(() => _status()), new MetricsFeed(TimeProvider.System)), AccessToken.Parse(Key)), _feed, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _feed.DisposeAsync();
        _http.Dispose();
    }

    private async Task<HttpResponseMessage> Get(string path, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_server.Address.Port}{path}");
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await _http.SendAsync(request);
    }

    [Theory]
    [InlineData("/healthz", "ok\n")]
    [InlineData("/readyz", "ready\n")]
    public async Task Whether_it_lives_and_answers_anyone_may_ask(string path, string said) => Assert.Equal(said, await (await Get(path)).Content.ReadAsStringAsync());

    [Fact]
    public async Task Metrics_are_for_whoever_has_the_key()
    {
        foreach (var wrong in new[] { null, "", Key + "x", Key[..^1] }) Assert.Equal(HttpStatusCode.Unauthorized, (await Get("/metrics", wrong)).StatusCode);

        var answer = await Get("/metrics", Key);

        Assert.Equal(MetricsDocument.ContentType, answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("\nbdist_destinations_connected ", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_coordinator_that_does_not_answer_is_alive_but_not_ready()
    {
        _status = () => throw new TimeoutException();

        Assert.Equal(HttpStatusCode.OK, (await Get("/healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Get("/readyz")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Get("/metrics", Key)).StatusCode);
    }
}
