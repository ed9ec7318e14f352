using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace BackupDistribuido.EndToEnd.Tests.Pages;

/// <summary>A destination reads its replicas again: by its page's button and by itself.</summary>
[Trait("Length", "long")]
public sealed class VerifyTests(ITestOutputHelper log, Browser browser) : IClassFixture<Browser>, IDisposable
{
    private static readonly LocatorAssertionsToContainTextOptions Soon = new() { Timeout = 30_000 };

    private readonly Cluster _cluster = new(log);

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private static async Task<string> Address(BdistProcess node) =>
        (await node.Next("pages")).GetProperty("url").GetString()!;

    [SkippableFact]
    public async Task The_button_finds_a_flipped_byte_and_protection_falls_until_another_run_has_mended_it()
    {
        await _cluster.StartCoordinator("--ui", "127.0.0.1:0");
        var coordinator = await browser.Open(await Address(_cluster.Coordinator));
        var (node, page) = await Destination("en");
        var source = _cluster.Folder.SmallTree();
        Assert.Equal(0, await _cluster.Origin(source).Exit());
        await Expect(coordinator.Locator(".safety.good")).ToContainTextAsync("Everything is protected", Soon);

        await page.GetByRole(AriaRole.Button, new() { Name = "Verify now" }).ClickAsync();
        await node.Next("replica-verified");
        await Expect(page.Locator("[aria-labelledby=held] tbody td").Nth(1)).ToContainTextAsync("ago", Soon);
        Assert.False(Holder(await _cluster.Status()).GetProperty("damaged").GetBoolean());

        FlipAByte("one");
        await page.GetByRole(AriaRole.Button, new() { Name = "Verify now" }).ClickAsync();
        Assert.Equal("one", (await node.Next("replica-damaged")).GetProperty("first").GetString());
        await Expect(page.Locator("[aria-labelledby=held] .badge.bad")).ToContainTextAsync("damaged", Soon);
        await Expect(coordinator.Locator(".safety.bad")).ToContainTextAsync("At risk", Soon);
        await Expect(coordinator.Locator("[aria-labelledby=snapshots]")).ToContainTextAsync("nas (damaged)", Soon);
        Assert.Equal("nas",
            (await _cluster.Coordinator.Next("replica-damaged")).GetProperty("destination").GetString());
        await SaysDamaged();
        _cluster.Folder.Do(
            "grep -q ' ERR .*DAMAGED at nas.* one;' logs/coordinator.log; grep -q ' ERR .*DAMAGED: .* one;' "
            + "logs/destination.log");

        // Who begins anew knows it still: the destination, and a coordinator, also while the destination is away.
        await Cluster.Stop(node);
        await SaysDamaged();
        await Cluster.Stop(_cluster.Coordinator);
        await _cluster.StartCoordinator();
        await SaysDamaged();
        (node, page) = await Destination("es-ES", phone: true);
        await Expect(page.Locator("[aria-labelledby=held] .badge.bad")).ToContainTextAsync("dañada", Soon);
        await SaysDamaged();
        Assert.Equal("",
            await page.EvaluateAsync<string>(
                "document.documentElement.scrollWidth <= innerWidth ? '' : [...document.querySelectorAll('main "
                + "*')].filter(one => one.getBoundingClientRect().right > innerWidth).map(one => "
                + "one.outerHTML.slice(0, 80)).join('\\n')"));
        Assert.Empty((await page.RunAxe()).Violations.Where(fault => fault.Impact is "serious" or "critical")
            .Select(fault => fault.Id));

        // The next snapshot takes from the damaged one only what is right, and is read again by itself.
        Assert.Equal(0, await _cluster.Origin(source).Exit());
        await node.Next("replica-verified");
        await page.GetByRole(AriaRole.Button, new() { Name = "Verificar ahora" }).ClickAsync();
        await node.Next("replica-verified");
        _cluster.Replica("nas").IsFaithfulTo(source);
        Assert.True((await _cluster.Status()).GetProperty("protected").GetBoolean());
    }

    [Fact]
    public async Task With_a_period_it_looks_by_itself()
    {
        await _cluster.StartCoordinator();
        var config = _cluster.Bdist.Config("destination.conf", "backup.destination.verify-every = 2s");
        var node = await _cluster.Destination("nas", "--config", config);
        var source = _cluster.Folder.SmallTree();
        Assert.Equal(0, await _cluster.Origin(source).Exit());
        await node.Next("replica-verified");

        FlipAByte("sub/two");

        Assert.Equal("sub/two", (await node.Next("replica-damaged")).GetProperty("first").GetString());
        await _cluster.Coordinator.Next("replica-damaged");
        await SaysDamaged();
    }

    [SkippableFact]
    public async Task What_its_own_user_may_not_read_is_no_damage_and_is_counted()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "it takes root to read such a tree");
        Skip.If(_cluster.Folder.Run("setpriv --reuid=65534 --regid=65534 --clear-groups true").Exit != 0,
            "setpriv is not here");
        _cluster.Folder.Do($"""
            mkdir -p source/closed/below nobodys logs state; echo in > source/closed/below/in; echo closed > source/closed-file; echo open > source/open; chmod 0 source/closed source/closed-file
            cp -r '{Bdist.Program}' program; chmod -R a+rX program; chmod a+rx . ; chmod 0777 logs state; chown 65534:65534 nobodys
            """);
        await _cluster.StartCoordinator();
        var config = _cluster.Bdist.Config("destination.conf", "backup.destination.verify-every = 2s");
        var node = _cluster.Bdist.StartAs(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
            _cluster.Folder["program/bdist"]],
            "destination", "--root", _cluster.Folder["nobodys"], "--name", "nobodys", "--coordinator", _cluster.Address,
                "--listen", "127.0.0.1:0", "--config", config);
        await node.Next("connected");
        Assert.Equal(0, await _cluster.Origin(_cluster.Folder["source"]).Exit());

        Assert.Equal(3, (await node.Next("replica-verified")).GetProperty("unread").GetInt64());

        _cluster.Folder.Do("echo more > nobodys/tree/latest/more");
        Assert.Equal("more", (await node.Next("replica-damaged")).GetProperty("first").GetString());
    }

    private async Task<(BdistProcess Node, IPage Page)> Destination(string locale, bool phone = false)
    {
        var node = await _cluster.Destination("nas", "--ui", "127.0.0.1:0");
        var url = node.All("pages").Single().GetProperty("url").GetString()!;
        return (node, await browser.Open(url, locale, phone));
    }

    private async Task SaysDamaged()
    {
        var status = await _cluster.Status();
        Assert.False(status.GetProperty("protected").GetBoolean());
        Assert.Equal(0,
            Assert.Single(status.GetProperty("snapshots").EnumerateArray()).GetProperty("copies").GetInt32());
        Assert.True(Holder(status).GetProperty("damaged").GetBoolean());
    }

    private static System.Text.Json.JsonElement Holder(System.Text.Json.JsonElement status) =>
        status.GetProperty("snapshots")[0].GetProperty("destinations")[0];

    /// <summary>As a disk does: its times stay as they were.</summary>
    private void FlipAByte(string file) => _cluster.Folder.Do($"""
        cd '{_cluster.Replica("nas").Latest}/'
        touch -r '{file}' '{_cluster.Folder["times"]}'; printf '\377' | dd of='{file}' bs=1 conv=notrunc status=none; touch -r '{_cluster.Folder["times"]}' '{file}'
        """);

    public void Dispose() => _cluster.Dispose();
}
