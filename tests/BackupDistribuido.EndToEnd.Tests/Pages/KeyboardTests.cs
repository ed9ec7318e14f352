using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;
using Microsoft.Playwright;

namespace BackupDistribuido.EndToEnd.Tests.Pages;

/// <summary>The pages for somebody who has no mouse.</summary>
[Trait("Length", "long")]
public sealed class KeyboardTests(ITestOutputHelper log, Browser browser) : IClassFixture<Browser>, IDisposable
{
    private static readonly LocatorAssertionsToContainTextOptions Soon = new() { Timeout = 30_000 };

    private readonly Cluster _cluster = new(log);

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private static async Task<string> Address(BdistProcess node) =>
        (await node.Next("pages")).GetProperty("url").GetString()!;

    private static async Task<IPage> Live(IPage page)
    {
        await Expect(page.Locator("main[data-live]")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        return page;
    }

    [SkippableFact]
    public async Task Tab_reaches_everything_on_the_coordinators_pages_and_the_keys_work_it()
    {
        await _cluster.StartCoordinator("--ui", "127.0.0.1:0");
        await _cluster.Destination("nas");
        Assert.Equal(0, await _cluster.Origin(_cluster.Folder.SmallTree()).Exit());
        var page = await Live(await browser.Open(await Address(_cluster.Coordinator)));
        await Expect(page.Locator("[aria-labelledby=snapshots] .badge.good")).ToContainTextAsync("1/1", Soon);
        await ReachesEverything(page);

        await TabTo(page, page.GetByRole(AriaRole.Button, new() { Name = "Español" }));
        await page.Keyboard.PressAsync("Enter");
        await TabTo(page, page.GetByRole(AriaRole.Button, new() { Name = "Oscuro" }));
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator("html[lang=es]")).ToHaveAttributeAsync("data-scheme", "dark");
        await TabTo(page, page.GetByText("Saltar al contenido"));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("main")).ToBeFocusedAsync();

        await TabTo(page, page.Locator("[aria-labelledby=snapshots] a"));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".matrix .row .path").First).ToBeVisibleAsync();
        await ReachesEverything(page);
        await TabTo(page, page.Locator("input[type=search]"));
        await page.Keyboard.TypeAsync("sub/two");
        await Expect(page.Locator(".matching")).ToContainTextAsync("1 de ", Soon);
        await TabTo(page, page.Locator(".files input[type=checkbox]"));
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator(".matching")).ToContainTextAsync("0 de ", Soon);

        await TabTo(page, page.GetByRole(AriaRole.Link, new() { Name = "Historial" }));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("figure.chart")).ToHaveCountAsync(3);
        await ReachesEverything(page);
        await ShowsTheRun(page);
    }

    /// <summary>The history's charts have what the record says of the run.</summary>
    private async Task ShowsTheRun(IPage page)
    {
        var runs = await _cluster.Bdist.Run("runs", "--coordinator", _cluster.Address);
        var run = (await runs.Next("runs")).GetProperty("runs")[0];
        var bars = await page.Locator("figure.chart rect title").AllTextContentsAsync();
        var name = $"tree {run.GetProperty("snapshot").GetString()}: ";
        Assert.Equal(3, bars.Count);
        Assert.Matches($"^{name}[0-9]+,[0-9] s$", bars[0]);
        Assert.Equal([$"{name}{run.GetProperty("bytes").GetInt64()} B", $"{name}1/1"], bars.Skip(1));
    }

    [SkippableFact]
    public async Task An_origin_is_set_up_connected_and_started_by_keys_alone()
    {
        await _cluster.StartCoordinator();
        await _cluster.Destination("nas");
        _cluster.Folder.SmallTree();
        var origin = _cluster.Bdist.Start("origin", "--ui", "127.0.0.1:0", "--config",
            _cluster.Bdist.Config("origin.conf", $"backup.ui-roots = [ \"{_cluster.Folder.Path}\" ]"));
        var page = await Live(await browser.Open(await Address(origin)));

        await Press(page, "Browse…", "Enter");
        await ReachesEverything(page);
        await Press(page, _cluster.Folder.Path, "Enter");
        await Press(page, "source", "Space");
        await Press(page, "Choose this folder", "Enter");
        await Expect(page.Locator("#folder")).ToHaveValueAsync(_cluster.Folder["source"]);
        await TabTo(page, page.Locator("#coordinator"));
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync(_cluster.Address);
        await TabTo(page, page.Locator(".setup input[type=checkbox]"));
        await page.Keyboard.PressAsync("Space");
        await Press(page, "Connect", "Enter");
        await Expect(page.Locator(".count")).ToContainTextAsync("1 of 1 destinations: ready", Soon);
        await ReachesEverything(page);

        await TabTo(page, page.Locator(".setup input[type=checkbox]"));
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator(".safety.good")).ToContainTextAsync("PROTECTED 1/1", Soon);
    }

    private static async Task Press(IPage page, string button, string key)
    {
        await TabTo(page, page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }));
        await page.Keyboard.PressAsync(key);
    }

    /// <summary>Goes on to a control as a person does.</summary>
    private static async Task TabTo(IPage page, ILocator control)
    {
        for (var presses = 0; presses < 60; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await control.EvaluateAsync<bool>("one => one === document.activeElement")) return;
        }
        Assert.Fail($"no number of tabs leads to {control}");
    }

    /// <summary>Each thing that can be worked comes up, in the order of the page, and is seen to be the one.</summary>
    private static async Task ReachesEverything(IPage page)
    {
        var count = await page.EvaluateAsync<int>("""
            () => (window.all = [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')].filter(one => !one.disabled && one.checkVisibility())).length
            """);
        var reached = new List<int>();
        for (var presses = 0; presses < 2 * count + 4; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            var at = await page.EvaluateAsync<int>("() => window.all.indexOf(document.activeElement)");
            if (at < 0) continue;
            Assert.Equal("",
                await page.EvaluateAsync<string>(
                    "() => getComputedStyle(document.activeElement).outlineStyle === 'none' ? "
                    + "document.activeElement.outerHTML : ''"));
            reached.Add(at);
        }
        var first = reached.IndexOf(0);
        Assert.Equal(Enumerable.Range(0, count), reached.Skip(first).Take(count));
    }

    public void Dispose() => _cluster.Dispose();
}
