using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;
using Microsoft.Playwright;

namespace BackupDistribuido.EndToEnd.Tests.Pages;

/// <summary>An origin's run stands still and goes on by its page's button.</summary>
[Trait("Length", "long")]
public sealed class PauseTests(ITestOutputHelper log, Browser browser) : IClassFixture<Browser>, IDisposable
{
    private static readonly LocatorAssertionsToContainTextOptions Soon = new() { Timeout = 30_000 };

    private readonly Cluster _cluster = new(log);

    [SkippableFact]
    public async Task Nothing_is_sent_nobody_is_lost_and_only_the_rest_is_sent_when_it_goes_on()
    {
        var source = _cluster.Folder.LargeTree(192);
        await _cluster.StartCoordinator(TimeSpan.FromSeconds(3));
        var origin =
            _cluster.Origin(source, "--copies", "2", "--topology", "chain", "--limit", "16MB/s", "--ui", "127.0.0.1:0");
        var page = await browser.Open((await origin.Next("pages")).GetProperty("url").GetString()!, "es", phone: true);
        // The run begins when the page lives: a busy machine opens it no faster than it copies.
        await Assertions.Expect(page.Locator("main[data-live]")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        var first = await _cluster.Destination("first");
        var second = await _cluster.Destination("second");
        await second.Next("file-stored");

        await page.GetByRole(AriaRole.Button, new() { Name = "Pausar" }).ClickAsync();
        await origin.Next("run-paused");
        await _cluster.Coordinator.Next("run-paused");
        await Assertions.Expect(page.Locator("[aria-labelledby=progress] .badge.warn"))
            .ToContainTextAsync("en pausa", Soon);
        await Assertions.Expect(page.Locator(".safety.warn")).ToContainTextAsync("En pausa", Soon);
        // All of the tree is one page, and not all of it is sent.
        await Assertions.Expect(page.Locator(".files .matching")).ToHaveTextAsync(
            new System.Text.RegularExpressions.Regex(@"^1\.?012 de 1\.?012$"), new() { Timeout = 30_000 });
        // What it says that it has sent is no more than that: with its links gone the origin must not read on for
        // nobody.
        Assert.InRange((await Run()).GetProperty("bytesDone").GetInt64(), 1, 150L << 20);
        var before = Received();
        Assert.InRange(before, 1, 191L << 20);

        // Longer than the wait for content that is owed, and for those who are away: one is switched off meanwhile, and
        // the coordinator starts anew.
        await Cluster.Stop(second);
        await _cluster.Coordinator.Kill();
        await _cluster.StartCoordinator(TimeSpan.FromSeconds(3));
        await _cluster.Coordinator.Next("run-paused");
        await Task.Delay(TimeSpan.FromSeconds(18));
        Assert.Equal("paused", (await Run()).GetProperty("state").GetString());
        await _cluster.Destination("second");
        Assert.Equal(before, Received());
        Assert.DoesNotContain(origin.All("destination-lost"),
            lost => lost.GetProperty("destination").GetString() == "first");

        await page.GetByRole(AriaRole.Button, new() { Name = "Reanudar" }).ClickAsync();
        Assert.Equal("protected", (await origin.Next("run-finished")).GetProperty("outcome").GetString());
        foreach (var name in new[] { "first", "second" }) _cluster.Replica(name).IsFaithfulTo(source);
        var received = first.All("file-stored").Select(one => one.GetProperty("path").GetString()).ToList();
        Assert.Equal((1012, 1012), (received.Count, received.Distinct().Count()));
        Assert.Single(origin.All("run-paused"));
        Assert.Single(_cluster.Coordinator.All("run-paused"));
    }

    private async Task<System.Text.Json.JsonElement> Run() =>
        Assert.Single((await _cluster.Status()).GetProperty("runs").EnumerateArray());

    /// <summary>Bytes that the first destination has on its disk.</summary>
    private long Received() =>
        long.Parse(_cluster.Folder.Do("du -sb first | cut -f 1"), System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose() => _cluster.Dispose();
}
