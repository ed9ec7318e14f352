using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;
using Microsoft.Playwright;

namespace BackupDistribuido.EndToEnd.Tests.Pages;

/// <summary>
/// What somebody looks at stays where it is while figures change. Measured is what the browser counts as a layout shift
/// (the Layout Instability specification): the part of the window that something visible has moved in, times how far it
/// has.
/// </summary>
[Trait("Length", "long")]
public sealed class JumpTests(ITestOutputHelper log, Browser browser) : IClassFixture<Browser>, IDisposable
{
    /// <summary>Up to here a page counts as steady, over its whole life (Core Web Vitals); and a hundredth of that
    /// nobody sees.</summary>
    private const double Steady = 0.1, Unseen = Steady / 100;

    private const string Observe = """
        window.shifts = [];
        new PerformanceObserver(list => {
            for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push([entry.value, entry.sources.map(one => {
                const node = one.node?.nodeType === 1 ? one.node : one.node?.parentElement;
                return `${node?.tagName}.${node?.className} ${node?.closest('section,article')?.getAttribute('aria-labelledby') ?? ''} ${one.previousRect.x},${one.previousRect.y} ${one.previousRect.width}x${one.previousRect.height} > ${one.currentRect.x},${one.currentRect.y} ${one.currentRect.width}x${one.currentRect.height}`;
            }).join('; ')]);
        }).observe({ type: 'layout-shift', buffered: true });
        """;

    private readonly Cluster _cluster = new(log);

    [SkippableFact]
    public async Task Nothing_moves_while_a_run_goes_on_and_what_opens_when_it_begins_opens_once_and_stays()
    {
        await _cluster.StartCoordinator("--ui", "127.0.0.1:0");
        var url = await Address(_cluster.Coordinator);
        await _cluster.Destination("first");
        var second = _cluster.StartDestination("second", "--ui", "127.0.0.1:0");
        var secondUrl = await Address(second);
        var origin =
            _cluster.Origin(_cluster.Folder.LargeTree(64), "--copies", "3", "--limit", "16MB/s", "--ui", "127.0.0.1:0");
        var originUrl = await Address(origin);
        var pages = new Dictionary<string, IPage>();
        foreach (var phone in new[] { false, true })
        {
            var where = phone ? " on a phone" : "";
            pages[$"overview{where}"] = await browser.Open(url, phone: phone);
            pages[$"origin{where}"] = await browser.Open(originUrl, phone: phone);
            pages[$"destination{where}"] = await browser.Open(secondUrl, "es", phone);
        }
        foreach (var page in pages.Values)
        {
            await Assertions.Expect(page.Locator("main[data-live]")).ToBeVisibleAsync(new() { Timeout = 60_000 });
            await page.EvaluateAsync(Observe);
        }
        await _cluster.Destination("third");
        await second.Next("file-stored");
        foreach (var page in pages.Where(page => page.Key.StartsWith("overview", StringComparison.Ordinal)))
            await Assertions.Expect(page.Value.Locator(".run .plan")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        foreach (var page in pages.Where(page => page.Key.StartsWith("destination", StringComparison.Ordinal)))
            await Assertions.Expect(page.Value.Locator(".newest tbody tr").First)
                .ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Task.Delay(TimeSpan.FromSeconds(2));
        var begun = await Shifts(pages);
        await Task.Delay(TimeSpan.FromSeconds(4));
        var during = await Shifts(pages);
        Assert.Empty(origin.All("protected"));
        Assert.Equal("protected", (await origin.Next("run-finished")).GetProperty("outcome").GetString());
        await Task.Delay(TimeSpan.FromSeconds(2));
        var ended = await Shifts(pages);
        foreach (var name in pages.Keys)
            log.WriteLine(
                $"{name}: beginning {begun[name].Sum():0.000}, while it goes on {during[name].Sum():0.0000}, end "
                + $"{ended[name].Sum():0.000}");
        foreach (var name in pages.Keys)
        {
            Assert.True(during[name].Sum() < Unseen, $"{name}: it jumps");
            Assert.True(ended[name].Sum() < Steady, $"{name}: it jumps when a run ends");
            // What there is to see of a run that begins opens once, whole.
            Assert.True(begun[name].Order().SkipLast(1).Sum() < Steady / 2,
                $"{name}: it jumps again and again when a run begins");
        }
    }

    private static async Task<string> Address(BdistProcess node) =>
        (await node.Next("pages")).GetProperty("url").GetString()!;

    /// <summary>What has moved since it was asked last.</summary>
    private async Task<Dictionary<string, List<double>>> Shifts(Dictionary<string, IPage> pages)
    {
        var all = new Dictionary<string, List<double>>();
        foreach (var (name, page) in pages)
        {
            var shifts = await page.EvaluateAsync<System.Text.Json.JsonElement>("window.shifts.splice(0)");
            foreach (var shift in shifts.EnumerateArray()) log.WriteLine($"{name}: {shift[0]} {shift[1]}");
            all[name] = [.. shifts.EnumerateArray().Select(shift => shift[0].GetDouble())];
        }
        return all;
    }

    public void Dispose() => _cluster.Dispose();
}
