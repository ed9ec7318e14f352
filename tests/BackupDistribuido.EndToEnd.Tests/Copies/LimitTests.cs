using System.Diagnostics;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Copies;

/// <summary>A run goes no faster than its nodes may send and receive, and fails for that no link.</summary>
public sealed class LimitTests(ITestOutputHelper log) : IDisposable
{
    // LargeTree(16): what it has in files alone.
    private const double Bytes = 16_777_216 + 2_000_000;

    private readonly Cluster _cluster = new(log);

    [Fact]
    public async Task What_an_origin_sends_to_all_destinations_together_keeps_to_its_limit()
    {
        var source = _cluster.Folder.LargeTree(16);
        await _cluster.StartCoordinator();
        foreach (var name in new[] { "first", "second" }) await _cluster.Destination(name);

        var took = await Run(source, "--topology", "star", "--limit", "8MB/s");

        Assert.True(took.TotalSeconds > (2 * Bytes / 8e6) - 0.5, $"{took} for two copies of {Bytes} bytes");
        foreach (var name in new[] { "first", "second" }) _cluster.Replica(name).IsFaithfulTo(source);
    }

    [Fact]
    [Trait("Length", "long")]
    public async Task A_destination_with_a_limit_in_a_chain_holds_those_behind_it_to_it()
    {
        var source = _cluster.Folder.LargeTree(16);
        await _cluster.StartCoordinator();
        await _cluster.Destination("first", "--limit", "8MB/s");
        await _cluster.Destination("second");

        var took = await Run(source, "--topology", "chain");

        Assert.True(took.TotalSeconds > (Bytes / 8e6) - 0.5, $"{took} for {Bytes} bytes");
        foreach (var name in new[] { "first", "second" }) _cluster.Replica(name).IsFaithfulTo(source);
    }

    public void Dispose() => _cluster.Dispose();

    private async Task<TimeSpan> Run(string source, params string[] more)
    {
        var origin = _cluster.Origin(source, ["--copies", "2", .. more]);
        await origin.Next("run-started");
        var began = Stopwatch.GetTimestamp();
        Assert.Equal(0, await origin.Exit());
        var took = Stopwatch.GetElapsedTime(began);
        Assert.Single(origin.All("run-started"));
        Assert.Empty(origin.All("destination-lost"));
        _cluster.Bdist.Note(FormattableString.Invariant($"measured: {took.TotalSeconds:0.0} s"));
        return took;
    }
}
