using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Clusters;

/// <summary>Point 3: not enough destinations.</summary>
[Collection(Alone.Name)]
[Trait("Category", Alone.Name)]
[Trait("Length", "long")]
public sealed class WaitingTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log);

    [Fact]
    public async Task Nothing_is_copied_every_change_is_told_and_the_wait_ends_with_3()
    {
        var source = _cluster.Folder.SmallTree();
        await _cluster.StartCoordinator();
        var origin = _cluster.Origin(source, "--copies", "3", "--wait", "12s");
        await origin.Count(0);
        var first = await _cluster.Destination("first");
        await origin.Count(1);
        var second = await _cluster.Destination("second");
        await origin.Count(2);
        await Cluster.Stop(first);
        await origin.Count(1);
        Assert.Equal(3, await origin.Exit());
        Assert.Empty(origin.All("run-started"));
        Assert.Empty(_cluster.Replica("first").Snapshots);
        Assert.Empty(_cluster.Replica("second").Snapshots);
        IsOneClearLine(origin.Error, "1");
        await Cluster.Stop(second);
    }

    [Fact]
    public async Task A_coordinator_that_is_never_reached_counts_as_none()
    {
        _cluster.Folder.SmallTree();
        var origin = _cluster.Bdist.Start("origin", "source", "--coordinator", "127.0.0.1:1", "--wait", "7s");
        await origin.Next("disconnected", _ => true, TimeSpan.FromSeconds(10));
        Assert.Equal(3, await origin.Exit());
        IsOneClearLine(origin.Error, "127.0.0.1:1");
    }

    [Fact]
    public async Task With_start_with_it_begins_when_the_wait_ends_and_says_that_copies_are_missing()
    {
        var source = _cluster.Folder.SmallTree();
        await _cluster.StartCoordinator(TimeSpan.FromSeconds(2));
        await _cluster.Destination("only");
        var origin = _cluster.Origin(source, "--copies", "2", "--start-with", "1", "--wait", "3s");
        await origin.Count(1);
        await origin.Next("run-started");
        Assert.Equal(5, await origin.Exit());
        var end = Assert.Single(origin.All("run-finished"));
        Assert.Equal(("at-risk", 1, 5),
            (end.GetProperty("outcome").GetString(), end.GetProperty("copies").GetInt32(),
                end.GetProperty("exit").GetInt32()));
        Assert.Empty(origin.All("protected"));
        _cluster.Replica("only").IsFaithfulTo(source);
    }

    [Fact]
    public async Task A_destination_that_comes_while_the_run_waits_for_it_is_filled()
    {
        var source = _cluster.Folder.SmallTree();
        await _cluster.StartCoordinator();
        await _cluster.Destination("first");
        var origin = _cluster.Origin(source, "--copies", "2", "--start-with", "1", "--wait", "2s");
        await origin.Next("replica-counted");
        await _cluster.Destination("late");
        Assert.Equal(0, await origin.Exit());
        _cluster.Replica("late").IsFaithfulTo(source);
    }

    [Theory]
    [InlineData(PosixSignal.Interrupt, 130)]
    [InlineData(PosixSignal.Terminate, 143)]
    [InlineData(PosixSignal.Hangup, 143)]
    public async Task Asked_to_stop_while_it_waits_it_says_so_by_its_exit_code(object signal, int code)
    {
        var source = _cluster.Folder.SmallTree();
        await _cluster.StartCoordinator();
        var origin = _cluster.Origin(source);
        await origin.Count(0);
        origin.Signal((PosixSignal)signal);
        Assert.Equal(code, await origin.Exit());
        await _cluster.Coordinator.Next("left");
    }

    public void Dispose() => _cluster.Dispose();

    private static void IsOneClearLine(string error, string says)
    {
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.StartsWith("bdist", StringComparison.Ordinal)).ToList();
        Assert.Contains(says, Assert.Single(lines));
        Assert.DoesNotContain("   at ", error);
    }
}
