using System.Diagnostics;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Clusters.Losses;

/// <summary>Point 4: a destination that is killed, frozen, closed or asked to leave. What is measured goes to the
/// test's log; the bounds leave room for a busy machine.</summary>
[Collection(Alone.Name)]
[Trait("Category", Alone.Name)]
[Trait("Length", "long")]
public sealed class LostDestinationTests(ITestOutputHelper log) : IDisposable
{
    // Leaving takes 1 s, a killed one is noticed within 5 s, a frozen one within 10 s: the contract. Twice that here.
    private static readonly TimeSpan LeaveBound = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan KillBound = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FreezeBound = TimeSpan.FromSeconds(20);

    private readonly Cluster _cluster = new(log);

    [Fact]
    public async Task One_that_leaves_is_forgotten_at_once()
    {
        var (origin, _, second) = await Waiting();
        var asked = second.Signal(PosixSignal.Terminate);
        Note("SIGTERM", await origin.Count(1, asked, LeaveBound));
        Assert.Equal(0, await second.Exit());
        await _cluster.StatusCounts(1, asked, LeaveBound);
        await _cluster.Destination("second");
        await origin.Count(2);
    }

    [Fact]
    public async Task A_closed_terminal_is_a_leave()
    {
        var (origin, _, second) = await Waiting();
        var closed = second.Signal(PosixSignal.Hangup);
        Note("SIGHUP", await origin.Count(1, closed, LeaveBound));
        Assert.Equal(0, await second.Exit());
    }

    [Fact]
    public async Task A_killed_one_is_forgotten_and_counts_again_when_it_is_back()
    {
        var (origin, _, second) = await Waiting();
        var killed = second.Signal(PosixSignal.Kill);
        Note("SIGKILL, origin", await origin.Count(1, killed, KillBound));
        Note("SIGKILL, status", await _cluster.StatusCounts(1, killed, KillBound));
        await _cluster.Coordinator.Next("left", one => one.GetProperty("name").GetString() == "second");
        await _cluster.Destination("second");
        await origin.Count(2);
        await _cluster.StatusCounts(2, killed, KillBound + TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_frozen_one_is_forgotten_and_counts_again_when_it_thaws() => await Freeze(TimeSpan.Zero);

    [Fact]
    [Trait("Length", "slow")]
    public async Task One_that_was_frozen_past_the_quarantine_counts_again_by_itself() =>
        await Freeze(TimeSpan.FromSeconds(40));

    [Fact]
    public async Task One_that_is_killed_in_a_run_is_named_and_the_others_finish()
    {
        var source = _cluster.Folder.LargeTree(128);
        await _cluster.StartCoordinator();
        await _cluster.Destination("first");
        var victim = await _cluster.Destination("victim");
        await _cluster.Destination("third");
        var origin = _cluster.Origin(source, "--copies", "2", "--limit", TreeMakers.LongEnough);
        await victim.Next("file-stored");
        var killed = victim.Signal(PosixSignal.Kill);
        await origin.Next("destination-lost", one => one.GetProperty("destination").GetString() == "victim");
        Assert.Equal(0, await origin.Exit());
        Note("killed in a run, to the end", Stopwatch.GetElapsedTime(killed));
        Assert.Equal("first stored, third stored, victim failed", States(origin));
        Assert.Empty(_cluster.Replica("victim").Snapshots);
        _cluster.Replica("first").IsFaithfulTo(source);
        _cluster.Replica("third").IsFaithfulTo(source);
    }

    [Fact]
    public async Task One_that_freezes_in_a_run_is_named_and_the_others_finish()
    {
        var source = _cluster.Folder.LargeTree(128);
        await _cluster.StartCoordinator();
        await _cluster.Destination("first");
        var victim = await _cluster.Destination("victim");
        var origin = _cluster.Origin(source, "--copies", "1", "--limit", TreeMakers.LongEnough);
        await victim.Next("file-stored");
        var frozen = victim.Signal(PosixSignal.Stop);
        Assert.Equal(0, await origin.Exit());
        Note("frozen in a run, to the end", Stopwatch.GetElapsedTime(frozen));
        Assert.Equal("first stored, victim failed", States(origin));
        _cluster.Replica("first").IsFaithfulTo(source);
        Assert.Empty(_cluster.Replica("victim").Snapshots);
        victim.Signal(PosixSignal.Continue);
        await _cluster.StatusCounts(2, Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Too_few_are_left_and_nobody_comes_back_then_the_tree_is_at_risk()
    {
        var source = _cluster.Folder.LargeTree(128);
        await _cluster.StartCoordinator(TimeSpan.FromSeconds(3));
        await _cluster.Destination("first");
        var victim = await _cluster.Destination("victim");
        var origin = _cluster.Origin(source, "--copies", "2", "--limit", TreeMakers.LongEnough);
        await victim.Next("file-stored");
        victim.Signal(PosixSignal.Kill);
        Assert.Equal(5, await origin.Exit());
        var end = Assert.Single(origin.All("run-finished"));
        Assert.Equal(("at-risk", 1, 2),
            (end.GetProperty("outcome").GetString(), end.GetProperty("copies").GetInt32(),
                end.GetProperty("required").GetInt32()));
        Assert.Empty(origin.All("protected"));
        _cluster.Replica("first").IsFaithfulTo(source);
    }

    [Fact]
    public async Task One_that_is_killed_in_a_run_and_started_again_is_filled_to_the_end()
    {
        var source = _cluster.Folder.LargeTree(128);
        await _cluster.StartCoordinator();
        await _cluster.Destination("first");
        var victim = await _cluster.Destination("victim");
        var origin = _cluster.Origin(source, "--copies", "2", "--limit", TreeMakers.LongEnough);
        await victim.Next("file-stored");
        victim.Signal(PosixSignal.Kill);
        await victim.Exit();
        await _cluster.Destination("victim");
        Assert.Equal(0, await origin.Exit());
        Assert.Equal("first stored, victim stored", States(origin));
        _cluster.Replica("first").IsFaithfulTo(source);
        _cluster.Replica("victim").IsFaithfulTo(source);
        Assert.Equal(_cluster.Replica("first").Snapshots, _cluster.Replica("victim").Snapshots);
    }

    public void Dispose() => _cluster.Dispose();

    private async Task Freeze(TimeSpan longer)
    {
        var (origin, _, second) = await Waiting();
        var frozen = second.Signal(PosixSignal.Stop);
        Note("SIGSTOP, origin", await origin.Count(1, frozen, FreezeBound));
        Note("SIGSTOP, status", await _cluster.StatusCounts(1, frozen, FreezeBound));
        await Task.Delay(longer);
        var thawed = second.Signal(PosixSignal.Continue);
        Note($"SIGCONT after {longer.TotalSeconds:0} s more", await origin.Count(2, thawed));
        await _cluster.StatusCounts(2, thawed, TimeSpan.FromSeconds(60));
        await _cluster.Destination("third");
        Assert.Equal(0, await origin.Exit());
        _cluster.Replica("second").IsFaithfulTo(_cluster.Folder["source"]);
    }

    /// <summary>An origin that waits for a third destination, and two that are there.</summary>
    private async Task<(BdistProcess Origin, BdistProcess First, BdistProcess Second)> Waiting()
    {
        var source = _cluster.Folder.SmallTree();
        await _cluster.StartCoordinator();
        var origin = _cluster.Origin(source, "--copies", "3");
        var first = await _cluster.Destination("first");
        var second = await _cluster.Destination("second");
        await origin.Count(2);
        return (origin, first, second);
    }

    private static string States(BdistProcess origin) =>
        string.Join(", ", Assert.Single(origin.All("run-finished")).GetProperty("destinations").EnumerateArray()
        .Select(one => $"{one.GetProperty("name").GetString()} {one.GetProperty("state").GetString()}")
        .Order(StringComparer.Ordinal));

    private void Note(string what, TimeSpan took) =>
        _cluster.Bdist.Note(FormattableString.Invariant($"measured: {what}: {took.TotalSeconds:0.00} s"));
}
