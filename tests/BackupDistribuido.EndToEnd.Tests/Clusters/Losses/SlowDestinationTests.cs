using System.Diagnostics;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Clusters.Losses;

/// <summary>A destination that would hold the others back is sent what it lacks after them.</summary>
[Trait("Length", "long")]
public sealed class SlowDestinationTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log);

    [Fact]
    public async Task The_others_do_not_wait_for_it_and_it_gets_its_copy_after_them()
    {
        var source = _cluster.Folder.LargeTree(48);
        await _cluster.StartCoordinator();
        await _cluster.Destination("first");
        // 50 MB at 2 MB/s: 25 s.
        var slow = await _cluster.Destination("slow", "--limit", "2MB/s");
        var third = await _cluster.Destination("third");
        var began = Stopwatch.GetTimestamp();
        var origin = _cluster.Origin(source, "--copies", "2", "--start-with", "2", "--topology", "star");
        await third.Next("replica-stored");
        _cluster.Bdist.Note(
            FormattableString.Invariant(
                $"measured: the others have it after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s"));

        Assert.Empty(slow.All("replica-stored"));
        var status = await _cluster.Bdist.Run("status", "--coordinator", _cluster.Address, "--output", "plain");
        Assert.Contains("slow is served after the others", status.Output, StringComparison.Ordinal);
        Assert.Equal(0, await origin.Exit());
        _cluster.Bdist.Note(
            FormattableString.Invariant(
                $"measured: all have it after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s"));
        Assert.Empty(origin.All("destination-lost"));
        foreach (var name in new[] { "first", "slow", "third" }) _cluster.Replica(name).IsFaithfulTo(source);
    }

    public void Dispose() => _cluster.Dispose();
}
