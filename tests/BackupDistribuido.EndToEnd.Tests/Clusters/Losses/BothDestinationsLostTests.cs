using System.Text.Json;
using System.Text.RegularExpressions;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Clusters.Losses;

/// <summary>Both destinations are killed in a run. The snapshot before it was protected: that must make nothing green,
/// in any place where it is said.</summary>
[Trait("Length", "long")]
public sealed partial class BothDestinationsLostTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log);
    private Uri _pages = null!;

    [Fact]
    public async Task Exit_codes_status_metrics_and_page_say_that_it_failed()
    {
        _cluster.Folder.Write("large/first", "x");
        await StartCoordinator();
        var (a, b) = (await _cluster.Destination("a"), await _cluster.Destination("b"));
        Assert.Equal(0, await _cluster.Origin(_cluster.Folder["large"], "--copies", "2").Exit());
        await Says("protected", 0, "Everything is protected", "good", safe: 1);

        var origin = _cluster.Origin(_cluster.Folder.LargeTree(64), "--copies", "2", "--limit", TreeMakers.LongEnough);
        await Task.WhenAll(a.Next("file-stored", IsLarge), b.Next("file-stored", IsLarge));
        a.Signal(PosixSignal.Kill);
        b.Signal(PosixSignal.Kill);

        Assert.Equal(5, await origin.Exit());
        Assert.Equal("failed", Assert.Single(origin.All("run-finished")).GetProperty("outcome").GetString());
        await Says("failed", 5, "Failed: tree", "bad", safe: 0);
        var wait =
            await _cluster.Bdist.Run("wait", "--origin", "tree", "--timeout", "0s", "--coordinator", _cluster.Address);
        Assert.Equal(5, await wait.Exit());

        // Nor does it when nobody remembers but the record.
        await _cluster.Coordinator.Kill();
        await StartCoordinator();
        await Says("failed", 5, "Failed: tree", "bad", safe: 0);
    }

    private async Task StartCoordinator()
    {
        await _cluster.StartCoordinator("--config",
            _cluster.Bdist.Config("coordinator.conf", "backup.run.rejoin-wait = \"1s\""), "--ui", "127.0.0.1:0");
        _pages = new Uri((await _cluster.Coordinator.Next("pages")).GetProperty("url").GetString()!);
    }

    private static bool IsLarge(JsonElement stored) => stored.GetProperty("path").GetString() != "first";

    /// <summary>The same word everywhere.</summary>
    private async Task Says(string word, int code, string headline, string tone, int safe)
    {
        var status = await _cluster.Bdist.Run("status", "--coordinator", _cluster.Address);
        Assert.Equal(code, await status.Exit());
        var said = await status.Next("status");
        Assert.Equal((word, headline, code == 0),
            (said.GetProperty("standing").GetString(), said.GetProperty("headline").GetString(),
                said.GetProperty("protected").GetBoolean()));
        var plain = await _cluster.Bdist.Run("status", "--output", "plain", "--coordinator", _cluster.Address);
        Assert.StartsWith($"{headline}\n", plain.Output, StringComparison.Ordinal);

        using var browser = new HttpClient();
        var page = await browser.GetStringAsync(_pages);
        Assert.Contains(headline, Safety().Match(page).Groups["text"].Value, StringComparison.Ordinal);
        Assert.Equal(tone, Safety().Match(page).Groups["tone"].Value);
        var metrics = (await browser.GetStringAsync(new Uri(_pages, "/metrics"))).Split('\n');
        Assert.Contains($"bdist_origin_standing{{origin=\"tree\",standing=\"{word}\"}} 1", metrics);
        Assert.Contains($"bdist_origin_protected{{origin=\"tree\"}} {safe}", metrics);
        Assert.Contains($"bdist_last_run_success{{origin=\"tree\"}} {safe}", metrics);
    }

    [GeneratedRegex("""class="card safety (?<tone>\w+)"[^>]*>\s*<strong>(?<text>[^<]*)""")]
    private static partial Regex Safety();

    public void Dispose() => _cluster.Dispose();
}
