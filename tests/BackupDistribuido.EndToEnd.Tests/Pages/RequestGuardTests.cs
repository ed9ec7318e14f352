using System.Net;
using System.Net.Sockets;
using BackupDistribuido.EndToEnd.Tests.Processes;
using Microsoft.Playwright;

namespace BackupDistribuido.EndToEnd.Tests.Pages;

/// <summary>Who gets to a node's pages, and from where. Pages beyond loopback are at an address that this test gives to
/// the machine for a while.</summary>
public sealed class RequestGuardTests(ITestOutputHelper log, Browser browser) : IClassFixture<Browser>, IDisposable
{
    private const string Outside = "10.199.77.1";

    private readonly Cluster _cluster = new(log);

    [SkippableFact]
    public async Task Beyond_loopback_a_password_is_needed_and_lets_in()
    {
        Skip.IfNot(_cluster.Folder.Run($"ip address replace {Outside}/32 dev lo").Exit == 0,
            "this machine can't be given another address here");
        var open = _cluster.Bdist.Start("coordinator", "--listen", "127.0.0.1:0", "--ui", $"{Outside}:0");
        Assert.Equal(2, await open.Exit());
        Assert.Contains("without a password anyone who reaches it could see and change things", open.ToString(),
            StringComparison.Ordinal);

        var set = _cluster.Folder.Do($"echo 'correct horse' | '{Bdist.Program}/bdist' password");
        Assert.DoesNotContain("horse", set, StringComparison.Ordinal);
        var plain = _cluster.Bdist.Start("coordinator", "--listen", "127.0.0.1:0", "--ui", $"{Outside}:0", "--config",
            _cluster.Bdist.Config("plain.conf", set));
        Assert.Equal(2, await plain.Exit());
        Assert.Contains("the password would cross the network unencrypted", plain.ToString(), StringComparison.Ordinal);
        await _cluster.StartCoordinator("--ui", $"{Outside}:0", "--config",
            _cluster.Bdist.Config("closed.conf", set + "\nbackup.ui-insecure = true"));
        var url = (await _cluster.Coordinator.Next("pages")).GetProperty("url").GetString()!;

        var page = await browser.Open(url, "es-ES", phone: true);
        await page.GetByLabel("Contraseña").FillAsync("battery staple");
        await page.GetByRole(AriaRole.Button, new() { Name = "Entrar" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Esa no es la contraseña.");
        Assert.Equal(0, await page.Locator(".count").CountAsync());
        await page.GetByLabel("Contraseña").FillAsync("correct horse");
        await page.GetByRole(AriaRole.Button, new() { Name = "Entrar" }).ClickAsync();
        await Assertions.Expect(page.Locator(".count strong")).ToHaveTextAsync("0");

        using var stranger =
            new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(url) };
        Assert.Equal(HttpStatusCode.Unauthorized, await Asks(HttpMethod.Get, "/run/1", null, null));
        // A name of somebody else's that leads here, and a page of somebody else's that has the browser ask.
        Assert.Equal(HttpStatusCode.MisdirectedRequest, await Asks(HttpMethod.Get, "/", "backups.example", null));
        Assert.Equal(HttpStatusCode.Forbidden, await Asks(HttpMethod.Post, "/enter", null, "http://backups.example"));

        async Task<HttpStatusCode> Asks(HttpMethod method, string path, string? host, string? origin)
        {
            using var request = new HttpRequestMessage(method, path);
            if (host is not null) request.Headers.Host = host;
            if (origin is not null) request.Headers.Add("Origin", origin);
            using var answer = await stranger.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Where_its_own_port_is_taken_a_coordinator_goes_on_without_pages_and_says_so()
    {
        using var other = new TcpListener(IPAddress.Loopback, 8080);
        try
        {
            other.Start();
        }
        catch (SocketException)
        {
            // It is taken already.
        }
        await _cluster.StartCoordinator("--ui", "on");

        var warning = await _cluster.Coordinator.Next("warning");
        Assert.Contains("no page: 127.0.0.1:8080 is not available", warning.GetProperty("message").GetString(),
            StringComparison.Ordinal);
        await _cluster.Destination("nas");
    }

    public void Dispose()
    {
        _cluster.Dispose();
        _cluster.Folder.Run($"ip address delete {Outside}/32 dev lo", "/");
    }
}
