using System.Diagnostics;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Clusters.Losses;

/// <summary>Point 5: the coordinator goes and comes back.</summary>
[Collection(Alone.Name)]
[Trait("Category", Alone.Name)]
[Trait("Length", "long")]
public sealed class CoordinatorRestartTests(ITestOutputHelper log) : IDisposable
{
    // The contract says 5 s.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    private readonly Cluster _cluster = new(log);

    [Theory]
    [InlineData(PosixSignal.Terminate, 0)]
    [InlineData(PosixSignal.Kill, 0)]
    [InlineData(PosixSignal.Terminate, 12)]
    public async Task All_register_again_and_a_waiting_origin_goes_on_waiting(object signal, int secondsAway)
    {
        var source = _cluster.Folder.SmallTree();
        await _cluster.StartCoordinator();
        var origin = _cluster.Origin(source, "--copies", "2");
        var first = await _cluster.Destination("first");
        await origin.Count(1);

        _cluster.Coordinator.Signal((PosixSignal)signal);
        await _cluster.Coordinator.Exit();
        await origin.Next("disconnected", _ => true, Bound);
        await first.Next("disconnected", _ => true, Bound);
        await Task.Delay(TimeSpan.FromSeconds(secondsAway));
        Assert.False(origin.HasExited);

        var started = Stopwatch.GetTimestamp();
        await _cluster.StartCoordinator();
        await origin.Next("connected", _ => true, Bound);
        await first.Next("connected", _ => true, Bound);
        _cluster.Bdist.Note(
            FormattableString.Invariant(
                $"measured: {signal}, {secondsAway} s away: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s from the coordinator's start until all are back"));
        Assert.Empty(origin.All("run-started"));
        await _cluster.Destination("second");
        Assert.Equal(0, await origin.Exit());
        _cluster.Replica("first").IsFaithfulTo(source);
        _cluster.Replica("second").IsFaithfulTo(source);
    }

    [Fact]
    public async Task A_run_outlives_its_coordinator()
    {
        var source = _cluster.Folder.LargeTree(128);
        await _cluster.StartCoordinator();
        var first = await _cluster.Destination("first");
        await _cluster.Destination("second");
        var origin = _cluster.Origin(source, "--copies", "2", "--limit", TreeMakers.LongEnough);
        await first.Next("file-stored");
        _cluster.Coordinator.Signal(PosixSignal.Kill);
        await _cluster.Coordinator.Exit();
        await _cluster.StartCoordinator();
        Assert.Equal(0, await origin.Exit());
        _cluster.Replica("first").IsFaithfulTo(source);
        _cluster.Replica("second").IsFaithfulTo(source);
        Assert.Single(_cluster.Replica("first").Snapshots);
    }

    public void Dispose() => _cluster.Dispose();
}
