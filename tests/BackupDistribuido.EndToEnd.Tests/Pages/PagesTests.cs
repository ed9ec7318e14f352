using System.Text;
using System.Text.RegularExpressions;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace BackupDistribuido.EndToEnd.Tests.Pages;

/// <summary>The pages in a real browser, with real nodes behind them.</summary>
[Trait("Length", "long")]
public sealed class PagesTests(ITestOutputHelper log, Browser browser) : IClassFixture<Browser>, IDisposable
{
    private static readonly LocatorAssertionsToContainTextOptions Soon = new() { Timeout = 30_000 };

    private readonly Cluster _cluster = new(log);

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private async Task<string> Coordinator()
    {
        await _cluster.StartCoordinator("--ui", "127.0.0.1:0");
        return await Address(_cluster.Coordinator);
    }

    private static async Task<string> Address(BdistProcess node) =>
        (await node.Next("pages")).GetProperty("url").GetString()!;

    private async Task<(BdistProcess Node, string Url)> Paged(string role)
    {
        var config = _cluster.Bdist.Config($"{role}.conf", $"backup.ui-roots = [ \"{_cluster.Folder.Path}\" ]");
        var node = _cluster.Bdist.Start(role, "--ui", "127.0.0.1:0", "--config", config);
        return (node, await Address(node));
    }

    [SkippableTheory]
    [InlineData("en", false, "destinations connected", "destination connected", "Everything is protected", "Dark")]
    [InlineData("es-ES", true, "destinos conectados", "destino conectado", "Todo está protegido", "Oscuro")]
    public async Task The_coordinator_shows_who_is_there_and_what_is_safe(string locale, bool phone, string none,
        string one, string safe, string dark)
    {
        var page = await browser.Open(await Coordinator(), locale, phone);
        await Expect(page.Locator(".count strong")).ToHaveTextAsync("0");
        await Expect(page.Locator(".count span")).ToHaveTextAsync(none);
        Assert.DoesNotContain("token", page.Url, StringComparison.Ordinal);

        await _cluster.Destination("nas");
        await Expect(page.Locator(".count strong")).ToHaveTextAsync("1");
        await Expect(page.Locator(".count span")).ToHaveTextAsync(one);
        var origin = _cluster.Origin(_cluster.Folder.SmallTree());
        Assert.Equal(0, await origin.Exit());
        await Expect(page.Locator(".safety.good strong")).ToHaveTextAsync(safe);
        await Expect(page.Locator("[aria-labelledby=snapshots] .badge.good")).ToContainTextAsync("1/1", Soon);

        await page.GetByRole(AriaRole.Button, new() { Name = dark }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-scheme", "dark");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
            "the page is wider than its window");
    }

    [SkippableFact]
    public async Task The_language_is_switched_on_the_page_and_stays()
    {
        var page = await browser.Open(await Coordinator());
        await Expect(page.Locator(".count span")).ToHaveTextAsync("destinations connected");
        await page.GetByRole(AriaRole.Button, new() { Name = "Español" }).ClickAsync();
        await Expect(page.Locator(".count span")).ToHaveTextAsync("destinos conectados");
        await page.ReloadAsync();
        await Expect(page.Locator(".count span")).ToHaveTextAsync("destinos conectados");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "es");
    }

    [SkippableFact]
    public async Task An_origin_and_a_destination_are_set_up_on_their_pages_and_copy()
    {
        await _cluster.StartCoordinator();
        _cluster.Folder.SmallTree();
        var (originNode, originUrl) = await Paged("origin");
        var (_, destinationUrl) = await Paged("destination");
        var origin = await browser.Open(originUrl);
        await Expect(origin.Locator(".connection")).ToContainTextAsync("not connected");

        await Fill(origin, "/etc");
        await Expect(origin.Locator(".connection"))
            .ToContainTextAsync("/etc is not in a folder that may be chosen here");
        await origin.Locator("input[type=checkbox]").UncheckAsync();
        await Fill(origin, _cluster.Folder["source"]);
        await Expect(origin.Locator(".connection")).ToContainTextAsync($"connected to {_cluster.Address}", Soon);
        await Expect(origin.Locator(".count")).ToContainTextAsync("0 of 1 destinations: waiting for one more", Soon);

        var destination = await browser.Open(destinationUrl, "es", phone: true);
        await Fill(destination, _cluster.Folder["copies"], "Conectar");
        await Expect(destination.Locator(".connection")).ToContainTextAsync("conectado a", Soon);
        await Expect(origin.Locator(".count")).ToContainTextAsync("1 of 1 destinations: ready", Soon);
        Assert.Empty(originNode.All("run-started"));

        await origin.Locator("input[type=checkbox]").CheckAsync();
        await Expect(origin.Locator(".safety.good")).ToContainTextAsync("PROTECTED 1/1", Soon);
        await Expect(destination.Locator("[aria-labelledby=held] tbody tr"))
            .ToHaveCountAsync(1, new() { Timeout = 15_000 });
        await destination.GetByRole(AriaRole.Button, new() { Name = "Desconectar" }).ClickAsync();
        await Expect(destination.Locator(".connection")).ToContainTextAsync("sin conectar", Soon);
        Assert.Contains($"backup.origin.source = \"{_cluster.Folder["source"]}\"",
            await File.ReadAllTextAsync(_cluster.Folder["origin.conf"]), StringComparison.Ordinal);
    }

    private async Task Fill(IPage page, string folder, string connect = "Connect")
    {
        await page.Locator("#folder").FillAsync(folder);
        await page.Locator("#coordinator").FillAsync(_cluster.Address);
        await page.GetByRole(AriaRole.Button, new() { Name = connect, Exact = true }).ClickAsync();
    }

    [SkippableFact]
    public async Task The_files_of_a_run_are_found_by_name_and_closing_the_page_harms_nothing()
    {
        var url = await Coordinator();
        await _cluster.Destination("first");
        await _cluster.Destination("second");
        // The run stays: one destination of three does not come.
        var origin =
            _cluster.Origin(_cluster.Folder.TwoThousandFiles(), "--copies", "3", "--start-with", "2", "--wait", "10s");
        var page = await browser.Open(url);
        await page.GetByRole(AriaRole.Link, new() { Name = "Files" }).ClickAsync();
        await Expect(page.Locator(".matching")).ToContainTextAsync("of", Soon);
        await Expect(page.Locator(".matrix .head")).ToContainTextAsync("second", Soon);
        await Expect(page.Locator("svg .node")).ToHaveCountAsync(3);
        await page.Locator("input[type=search]").FillAsync("no such file");
        await Expect(page.Locator(".matching")).ToContainTextAsync("0 of", Soon);
        await page.Locator("input[type=search]").FillAsync("");
        await Expect(page.Locator(".matrix .rows .row").First).ToBeVisibleAsync();
        await page.CloseAsync();

        var id = origin.All("run-started")[0].GetProperty("run").GetString();
        await _cluster.Destination("third");
        Assert.Equal(0, await origin.Exit());
        // The origin is gone with its run; those who hold the snapshot have the names.
        page = await browser.Open(url);
        await page.GotoAsync(new Uri(new Uri(url), $"run/{id}").ToString());
        await Expect(page.Locator(".matrix .head")).ToContainTextAsync("third", Soon);
        await page.Locator("input[type=search]").FillAsync("d7/f3");
        await Expect(page.Locator(".matrix .row .path").First).ToContainTextAsync("d7/f3", Soon);
        await Expect(page.Locator(".matrix .cell.lacks")).ToHaveCountAsync(0);
        await page.Locator(".files input[type=checkbox]").CheckAsync();
        await Expect(page.Locator(".matching")).ToContainTextAsync("0 of", Soon);
    }

    [SkippableFact]
    public async Task A_page_whose_connection_breaks_heals_and_one_whose_node_is_gone_says_so()
    {
        var url = await Coordinator();
        var page = await browser.Open("about:blank");
        IWebSocketRoute? socket = null;
        await page.RouteWebSocketAsync(new Regex("/_blazor"), route =>
        {
            socket = route;
            route.ConnectToServer();
        });
        await page.GotoAsync(url);
        await Expect(page.Locator("main[data-live]")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Expect(page.Locator(".count strong")).ToHaveTextAsync("0");
        var broken = socket;
        await broken!.CloseAsync();
        await _cluster.Destination("nas");
        await Expect(page.Locator(".count strong")).ToHaveTextAsync("1", new() { Timeout = 60_000 });
        await Expect(page.Locator("#lost")).ToBeHiddenAsync();
        Assert.NotSame(broken, socket);

        await _cluster.Coordinator.Kill();
        await Expect(page.Locator("#lost")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        // Started again it has another key: the page asks for the new address.
        await _cluster.StartCoordinator("--ui", $"127.0.0.1:{new Uri(url).Port}");
        await Expect(page.Locator("main")).ToContainTextAsync("Open the address that bdist printed", Soon);

        // What its record has of its earlier life is told like what happens now, in the reader's language.
        page = await browser.Open(await Address(_cluster.Coordinator), "es");
        await Expect(page.Locator(".events li")
            .Filter(new() { HasText = "Se ha conectado: destino nas; 1 destino conectado" }))
            .ToHaveCountAsync(2, new() { Timeout = 30_000 });
    }

    [SkippableFact]
    public async Task An_answer_that_is_lost_with_a_connection_does_not_stop_the_page()
    {
        var url = await Coordinator();
        var page = await browser.Open("about:blank");
        var sockets = 0;
        await page.RouteWebSocketAsync(new Regex("/_blazor"), route =>
        {
            var server = route.ConnectToServer();
            if (++sockets > 1) return;
            route.OnMessage(async message =>
            {
                if (message.Binary is { } bytes
                    && Encoding.Latin1.GetString(bytes)
                    .Contains("EndInvokeJSFromDotNet", StringComparison.Ordinal)) await route.CloseAsync();
                else if (message.Binary is { } other) server.Send(other);
                else server.Send(message.Text!);
            });
        });
        await page.GotoAsync(url);
        await _cluster.Destination("nas");
        await Expect(page.Locator(".count strong")).ToHaveTextAsync("1", new() { Timeout = 60_000 });
        Assert.True(sockets > 1);
    }

    [SkippableFact]
    public async Task A_form_sends_what_it_shows_though_what_was_typed_was_lost_with_a_connection()
    {
        await _cluster.StartCoordinator();
        var (_, url) = await Paged("destination");
        var page = await browser.Open("about:blank");
        var lost = 0;
        await page.RouteWebSocketAsync(new Regex("/_blazor"), route =>
        {
            var server = route.ConnectToServer();
            route.OnMessage(message =>
            {
                if (message.Binary is { } bytes
                    && Encoding.Latin1.GetString(bytes).Contains("copies", StringComparison.Ordinal)
                    && lost++ == 0) return;
                if (message.Binary is { } other) server.Send(other);
                else server.Send(message.Text!);
            });
        });
        await page.GotoAsync(url);
        await Fill(page, _cluster.Folder["copies"]);
        await Expect(page.Locator(".connection")).ToContainTextAsync($"connected to {_cluster.Address}", Soon);
        Assert.InRange(lost, 2, 10);
    }

    [SkippableFact]
    public async Task A_page_whose_connection_breaks_before_it_lives_is_opened_anew()
    {
        var url = await Coordinator();
        var page = await browser.Open("about:blank");
        var sockets = 0;
        await page.RouteWebSocketAsync(new Regex("/_blazor"), async route =>
        {
            if (++sockets > 1) route.ConnectToServer();
            else await route.CloseAsync();
        });
        await page.GotoAsync(url);
        await Expect(page.Locator("main[data-live]")).ToBeVisibleAsync(new() { Timeout = 60_000 });
    }

    [SkippableTheory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task No_serious_fault_of_accessibility_is_found(bool phone, bool dark)
    {
        var url = await Coordinator();
        await _cluster.Destination("first");
        var destination = await _cluster.Destination("second");
        Assert.Equal(0, await _cluster.Origin(_cluster.Folder.SmallTree(), "--copies", "2").Exit());
        await Cluster.Stop(destination);
        var (_, originUrl) = await Paged("origin");
        foreach (var path in new[] { "", "history", "snapshot/tree", "not-found" })
            await Check(await browser.Open(url, phone: phone, dark: dark), path);
        var setup = await browser.Open(originUrl, "es", phone, dark);
        await setup.GetByRole(AriaRole.Button, new() { Name = "Examinar…" }).ClickAsync();
        await Check(setup, "");
    }

    private async Task Check(IPage page, string path)
    {
        if (path.Length > 0) await page.GotoAsync(new Uri(new Uri(page.Url), path).ToString());
        await Expect(page.Locator("h1").First).ToBeAttachedAsync();
        await Task.Delay(1500);
        var found = await page.RunAxe();
        var serious = found.Violations.Where(fault => fault.Impact is "serious" or "critical").ToList();
        foreach (var fault in serious)
            log.WriteLine(
                $"{page.Url}: {fault.Id} {fault.Help}: "
                + $"{string.Join(" | ", fault.Nodes.Take(3).Select(node => node.Html))}");
        Assert.Empty(serious.Select(fault => fault.Id));
    }

    public void Dispose() => _cluster.Dispose();
}
