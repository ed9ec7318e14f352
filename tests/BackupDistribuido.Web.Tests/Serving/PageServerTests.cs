using System.Net;
using System.Net.Sockets;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Web.Access;
using BackupDistribuido.Web.Feed;
using BackupDistribuido.Web.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupDistribuido.Web.Tests.Serving;

/// <summary>The pages of a coordinator, asked over HTTP as a browser and as others would.</summary>
public sealed class PageServerTests : IAsyncLifetime
{
    private readonly HandQueries _queries = new() { Status = () => SampleStatus.Many };
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private NodeFeed _feed = null!;
    private PageServer _server = null!;

    public async Task InitializeAsync()
    {
        _feed = new NodeFeed(NodeRole.Coordinator, "", TimeProvider.System, _queries);
        _server = await PageServer.StartAsync(new PageSettings(new IPEndPoint(IPAddress.Loopback, 0), "127.0.0.1",
            PasswordHash.Of("correct horse"), NullLoggerFactory.Instance,
            app => app.MapGet("/healthz", () => "ok").WithMetadata(new OpenEndpoint()))
        {
            Origins = [new Uri("https://backup.example.org")],
        }, _feed, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _feed.DisposeAsync();
        _http.Dispose();
    }

    private Uri At(string path) => new($"http://127.0.0.1:{_server.Address.Port}{path}");

    private async Task<HttpResponseMessage> Get(string path, string? cookie = null,
        params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, At(path));
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await _http.SendAsync(request);
    }

    private async Task<string> Enter()
    {
        var answer = await _http.GetAsync(new Uri(_server.Url));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/", answer.Headers.Location!.ToString());
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        return cookie.Split(';')[0];
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/history")]
    [InlineData("/status.json")]
    [InlineData("/_blazor/negotiate")]
    [InlineData("/alive")]
    [InlineData("/?token=")]
    [InlineData("/?token=7NGYrF4c1Pj7b6aDEOllPxU3rIFCZkWxoMIcBuMkfA8")]
    public async Task Without_the_token_there_is_nothing(string path)
    {
        var answer = await Get(path);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.DoesNotContain("nas", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_printed_address_opens_the_pages_and_the_token_leaves_the_address()
    {
        var page = await (await Get("/", await Enter())).Content.ReadAsStringAsync();

        Assert.Contains("destinations connected", page, StringComparison.Ordinal);
        Assert.Contains("cellar", page, StringComparison.Ordinal);
        Assert.DoesNotContain("token", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_leaves_the_address_of_whoever_has_a_session_already()
    {
        var again = await Get(new Uri(_server.Url).PathAndQuery, await Enter());

        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
        Assert.Equal("/", again.Headers.Location!.ToString());
    }

    [Fact]
    public async Task The_browser_gets_its_language_and_a_choice_wins()
    {
        var cookie = await Enter();

        Assert.Contains("destinos conectados",
            await (await Get("/", cookie, ("Accept-Language", "es-MX,en;q=0.5"))).Content.ReadAsStringAsync(),
                StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\"",
            await (await Get("/", cookie + "; bdist-language=en",
                ("Accept-Language", "es"))).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\"",
            await (await Get("/", cookie, ("Accept-Language", "fr"))).Content.ReadAsStringAsync(),
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("192.168.1.10")]
    [InlineData("127.0.0.1.evil.example")]
    public async Task A_foreign_name_for_this_address_is_refused(string host) =>
        Assert.Equal(HttpStatusCode.MisdirectedRequest,
            (await Get("/", await Enter(), ("Host", $"{host}:{_server.Address.Port}"))).StatusCode);

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("null")]
    public async Task Another_page_can_ask_for_nothing(string origin) =>
        Assert.Equal(HttpStatusCode.Forbidden, (await Get("/_blazor", await Enter(), ("Origin", origin))).StatusCode);

    [Fact]
    public async Task Every_answer_tells_the_browser_what_it_may()
    {
        foreach (var answer in new[] { await Get("/"), await Get("/", await Enter()),
            await Get("/", null, ("Host", "evil.example")) })
        {
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        }
    }

    [Fact]
    public async Task Everything_that_a_page_fetches_is_there_and_nothing_else()
    {
        var cookie = await Enter();
        var page = await (await Get("/", cookie)).Content.ReadAsStringAsync();
        var fetched = System.Text.RegularExpressions.Regex.Matches(page, "(?:href|src)=\"(/assets/[^\"]+)\"")
            .Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.Equal(6, fetched.Count);
        foreach (var path in fetched)
        {
            var answer = await Get(path, cookie);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True((await answer.Content.ReadAsByteArrayAsync()).Length > 100, path);
        }
        foreach (var path in new[] { "/assets/../etc/passwd", "/assets/%2e%2e/appsettings.json", "/bdist.dll",
            "/assets/app.css", "/_framework/blazor.web.js" })
            Assert.Equal(HttpStatusCode.NotFound, (await Get(path, cookie)).StatusCode);
    }

    [Fact]
    public async Task A_password_opens_them_too_and_a_wrong_one_does_not()
    {
        var wrong = await _http.PostAsync(At("/enter"), new FormUrlEncodedContent([new("password", "wrong horse")]));
        var right = await _http.PostAsync(At("/enter"), new FormUrlEncodedContent([new("password", "correct horse")]));

        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Contains("That is not the password.", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK,
            (await Get("/", Assert.Single(right.Headers.GetValues("Set-Cookie")).Split(';')[0])).StatusCode);
    }

    [Fact]
    public async Task Programs_ask_what_is_open_to_all_without_a_session()
    {
        Assert.Equal("ok", await (await Get("/healthz")).Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.MisdirectedRequest,
            (await Get("/healthz", null, ("Host", "evil.example"))).StatusCode);
    }

    [Fact]
    public async Task A_coordinator_that_does_not_answer_is_said_to()
    {
        _queries.Status = () => throw new TimeoutException("it hangs");
        var cookie = await Enter();

        Assert.Contains("it hangs", await (await Get("/", cookie)).Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Get("/status.json", cookie)).StatusCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_IOException()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        await Assert.ThrowsAnyAsync<IOException>(() => PageServer.StartAsync(
            new PageSettings((IPEndPoint)other.LocalEndpoint, "127.0.0.1", null, NullLoggerFactory.Instance), _feed,
                CancellationToken.None));
    }

    // As nginx sends it: with "proxy_set_header Host $host", or without, when it names the address that it dials.
    [Theory]
    [InlineData("backup.example.org")]
    [InlineData(null)]
    public async Task Behind_a_proxy_that_ends_TLS_everything_works(string? host)
    {
        (string, string)[] proxy = [.. host is null ? Array.Empty<(string, string)>() : [("Host", host)],
            ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "203.0.113.5")];
        Assert.Equal(HttpStatusCode.Unauthorized, (await Get("/", null, proxy)).StatusCode);
        var right = await Guess("correct horse", [.. proxy, ("Origin", "https://backup.example.org")]);
        Assert.Equal("/", right.Headers.Location!.ToString());
        var cookie = Assert.Single(right.Headers.GetValues("Set-Cookie"));
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, (await Get("/", cookie.Split(';')[0], proxy)).StatusCode);
        Assert.NotEqual(HttpStatusCode.Forbidden,
            (await Get("/_blazor", cookie.Split(';')[0],
                [.. proxy, ("Origin", "https://backup.example.org")])).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden,
            (await Get("/_blazor", cookie.Split(';')[0],
                [.. proxy, ("Origin", "https://evil.example.org")])).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden,
            (await Get("/_blazor", cookie.Split(';')[0],
                [.. proxy, ("Origin", "http://backup.example.org")])).StatusCode);
    }

    [Fact]
    public async Task Guessing_slows_the_guesser_and_neither_another_address_nor_a_session()
    {
        var cookie = await Enter();
        (string, string) guesser = ("X-Forwarded-For", "10.0.0.1, 203.0.113.66"), owner =
            ("X-Forwarded-For", "203.0.113.5");
        var guesses = Enumerable.Range(0, 20).Select(_ => Guess("wrong horse", guesser)).ToList();
        var begun = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.Equal(HttpStatusCode.Redirect, (await Guess("correct horse", owner)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Get("/", cookie)).StatusCode);
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(begun).TotalSeconds, 0, 10);
        var answers = await Task.WhenAll(guesses);
        Assert.InRange(answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized), 1, 5);
        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.True(refused.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.Contains("Too many attempts from your address.", await refused.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silent_connections_keep_no_page_out()
    {
        var cookie = await Enter();
        var idle = Enumerable.Range(0, 400).Select(_ => new TcpClient("127.0.0.1", _server.Address.Port)).ToList();
        using var fresh = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, At("/status.json"));
        request.Headers.Add("Cookie", cookie);
        using var answer = await fresh.SendAsync(request).WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        // One of somebody with a session is never the one that goes.
        foreach (var client in idle) client.Dispose();
    }

    private Task<HttpResponseMessage> Guess(string password, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post,
            At("/enter"))
        { Content = new FormUrlEncodedContent([new("password", password)]) };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return _http.SendAsync(request);
    }
}
