using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Cli.Tests.Running;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Cli.Tests.Commands;

/// <summary>Commands that ask a coordinator: what they print, and the code that scripts rely on.</summary>
public sealed class QueryTests
{
    private static readonly DateTimeOffset Yesterday = DateTimeOffset.UtcNow.AddHours(-26);
    private static readonly IReadOnlyList<ReplicaHolder> Two =
        [new ReplicaHolder(Happenings.A, null), new ReplicaHolder(NodeName.Parse("cellar"), Yesterday)];

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 5)]
    [InlineData(null, 5)]
    public async Task Status_ends_with_0_where_all_is_protected_and_5_elsewhere(int? required, int code)
    {
        using var run = Asking(Holding(2, required));

        Assert.Equal(code, await run.Run("status"));

        Assert.Contains($"disk-a, cellar (offline, seen 26 h 00 min ago)\n", run.Out, StringComparison.Ordinal);
        Assert.Contains(required switch { 2 => "protected", 3 => "at risk", _ => "unknown" }, run.Out,
            StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Wait_ends_when_the_copies_are_there()
    {
        using var run = Asking(new ClusterStatus([], [], []), Holding(1, 2), null, Holding(2, 2));

        Assert.Equal(0, await run.Run("wait", "--origin", $"{Happenings.Origin}", "--timeout", "30s"));

        Assert.Equal($"protected: {Happenings.Origin} {Happenings.Snapshot}, 2/2\n", run.Out);
    }

    [Fact]
    public async Task Wait_ends_with_5_when_its_time_is_over()
    {
        using var run = Asking(Holding(2, 2));

        Assert.Equal(5,
            await run.Run("wait", "--origin", $"{Happenings.Origin}", "--copies", "3", "--timeout", "1s", "--output",
                "json"));

        Assert.StartsWith($$"""{"event":"at-risk","origin":"{{Happenings.Origin}}","snapshot":"{{Happenings.Snapshot}}","copies":2,"required":3,"standing":"at-risk","reasons":["2 of 3 copies"],"reasonCodes":["too-few-copies"],"time":""", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_without_a_time_gives_a_coordinator_up_that_does_not_come_back()
    {
        using var run = new BdistRun(new ScriptedNodes
        {
            Coordinator = new ScriptedCoordinator(Holding(1, 2),
            null)
        })
        { Clock = new JumpingClock() };

        Assert.Equal(3, await run.Run("wait", "--origin", $"{Happenings.Origin}").WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Contains("not reached", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Each look at it is a minute later.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private long _minutes;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Increment(ref _minutes) * TimeSpan.TicksPerMinute;
    }

    [Fact]
    public async Task Wait_waits_for_the_run_that_is_under_way()
    {
        var running = Holding(2,
            2) with
        {
            Runs =
                [new RunStatus(Happenings.Run, Happenings.Origin, Happenings.Snapshot, RunPhase.Copying, 0, 2, 0, 1)]
        };
        using var run = Asking(running);

        Assert.Equal(5, await run.Run("wait", "--origin", $"{Happenings.Origin}", "--timeout", "1s"));
    }

    [Fact]
    public async Task A_coordinator_that_was_never_reached_is_3_at_once()
    {
        using var run = Asking([null]);

        Assert.Equal(3, await run.Run("wait", "--origin", "laptop"));
        Assert.Equal(3, await run.Run("status", "--watch"));
    }

    [Fact]
    public async Task Wait_needs_an_origin()
    {
        using var run = Asking(Holding(2, 2));

        Assert.Equal(2, await run.Run("wait"));

        Assert.StartsWith("bdist wait: --origin is missing", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_are_a_table_or_an_object()
    {
        RunHistory[] runs =
        [
            new(Happenings.Run, Happenings.Origin, Happenings.Snapshot, 2, DateTimeOffset.UtcNow.AddSeconds(-20), null,
                null, 1)
            { Totals = default, Skipped = 0, Seconds = 0, Epochs = 1, Reason = Reason.None },
            new(RunId.Parse("0000000000000001"), Happenings.Origin, Happenings.Snapshot, 2, Yesterday,
                Yesterday.AddSeconds(75), RunOutcome.AtRisk, 1)
            {
                Totals = new TreeTotals(9, 1234, 1536),
                Skipped = 0,
                Seconds = 75,
                Epochs = 3,
                Reason = Reason.Text("nobody came back"),
            },
            new(RunId.Parse("0000000000000003"), Happenings.Origin, Happenings.Snapshot, 2, Yesterday,
                Yesterday.AddSeconds(75), RunOutcome.Protected, 2)
            {
                Totals = new TreeTotals(9, 10, 1536),
                Skipped = 0,
                Seconds = 75,
                Epochs = 3,
                Reason = Reason.None,
                Work = Happenings.Worked().Work,
            },
            new(RunId.Parse("0000000000000002"), Happenings.Origin, Happenings.Snapshot, 2, Yesterday, null, null, 1)
            { Totals = default, Skipped = 0, Seconds = 0, Epochs = 1, Reason = Reason.None },
        ];
        using var run =
            new BdistRun(new ScriptedNodes
            {
                Coordinator = new ScriptedCoordinator
                {
                    RunsAnswer = new RunsAnswer(runs,
                [Happenings.Run], null)
                }
            });

        Assert.Equal(0, await run.Run("runs", "--origin", "laptop", "--limit", "7"));
        Assert.Equal((NodeName.Parse("laptop"), 7), run.Nodes.Coordinator.Asked);
        var lines = run.Out.Split('\n');
        Assert.Matches("copying +1/2 +(- +){11}1$", lines[1]);
        Assert.Matches(@"26 h 00 min +at-risk +1/2 +1,234 +1\.5 KiB +(- +){8}1 min 15 s +3 +nobody came back$", lines[2]);
        Assert.Matches(@"protected +2/2 +10 +1\.5 KiB +1 +2 +3 +4 +5 +7\.0 KiB +6\.0 KiB +50,000 +1 min 15 s", lines[3]);
        Assert.Matches("unknown +1/2", lines[4]);
        Assert.Equal(0, await run.Run("runs", "--output", "json"));
        Assert.Equal((null, 20), run.Nodes.Coordinator.Asked);
        Assert.StartsWith($$"""{"event":"runs","runs":[{"run":"{{Happenings.Run}}","origin":"{{Happenings.Origin}}","snapshot":"{{Happenings.Snapshot}}","outcome":"copying","copies":1,"required":2,"epochs":1,"begun":""", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshots_say_who_has_them()
    {
        var answer = new SnapshotsAnswer([new SnapshotHistory(Happenings.Origin, Happenings.Snapshot, 2, Two)], null);
        using var run =
            new BdistRun(new ScriptedNodes { Coordinator = new ScriptedCoordinator { SnapshotsAnswer = answer } });

        Assert.Equal(0, await run.Run("snapshots"));
        Assert.Matches(@"2/2 +protected +disk-a, cellar \(offline, seen 26 h 00 min ago\)\n$", run.Out);
        Assert.Null(run.Nodes.Coordinator.Asked.Origin);
        Assert.Equal(0, await run.Run("snapshots", "--origin", "laptop", "--output", "json"));
        Assert.Equal(NodeName.Parse("laptop"), run.Nodes.Coordinator.Asked.Origin);
        Assert.Contains(
            "\"copies\":2,\"required\":2,\"protected\":true,\"destinations\":[{\"name\":\"disk-a\",\"checked\":\"not-re-read\"},{\"name\":\"cellar\",\"lastSeen\":\"", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_snapshots_are_asked_for_in_parts_and_what_is_not_listed_is_said()
    {
        var older = SnapshotId.Parse("20200101T000000Z");
        var cursor = new CatalogueCursor(Happenings.Snapshot, Happenings.Origin);
        var tree = new CatalogueTree(null, 9, 1234, 1536);
        var coordinator = new ScriptedCoordinator
        {
            SnapshotsAnswer = new SnapshotsAnswer(
                [new SnapshotHistory(Happenings.Origin, Happenings.Snapshot, 2, Two, tree)], null,
                new SnapshotListing(cursor, [], 0)),
            MoreSnapshots = new Dictionary<CatalogueCursor, SnapshotsAnswer>
            {
                [cursor] = new([new SnapshotHistory(Happenings.Origin, older, 2,
                    [new ReplicaHolder(NodeName.Parse("attic"), null, new Verification.Sound(Yesterday), 3)])], null,
                    new SnapshotListing(null, [NodeName.Parse("old")], 7)),
            },
        };
        using var run = new BdistRun(new ScriptedNodes { Coordinator = coordinator });

        Assert.Equal(0, await run.Run("snapshots", "laptop"));

        Assert.Equal(NodeName.Parse("laptop"), coordinator.Asked.Origin);
        var lines = run.Out.Split('\n');
        Assert.Matches(@"1,234 +1\.5 KiB +not re-read +2/2 +protected", lines[1]);
        Assert.Matches(@"20200101T000000Z .* - +- +26 h 00 min ago +1/2 +at risk +attic \(lacks 3 entries\)$", lines[2]);
        Assert.Contains("of old only the newest snapshots are known", run.Error, StringComparison.Ordinal);
        Assert.Contains("7 snapshots at destinations, the oldest, are left out", run.Error, StringComparison.Ordinal);

        Assert.Equal(0, await run.Run("snapshots", "--output", "json"));
        Assert.Contains("\"missing\":3", run.Out, StringComparison.Ordinal);
        Assert.Contains("\"newestOnly\":[\"old\"],\"leftOut\":7", run.Out, StringComparison.Ordinal);
        Assert.Equal(0, await run.Run("snapshots", "--limit", "1"));
        Assert.DoesNotContain("20200101T000000Z", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_coordinator_lists_what_its_record_has_and_that_is_said()
    {
        var answer = new SnapshotsAnswer([new SnapshotHistory(Happenings.Origin, Happenings.Snapshot, 2, Two)], null);
        using var run =
            new BdistRun(new ScriptedNodes { Coordinator = new ScriptedCoordinator { SnapshotsAnswer = answer } });

        Assert.Equal(0, await run.Run("snapshots"));

        Assert.Contains("2/2", run.Out, StringComparison.Ordinal);
        Assert.Contains("this coordinator is an older version", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_coordinator_without_a_record_says_so()
    {
        using var run =
            new BdistRun(new ScriptedNodes
            {
                Coordinator = new ScriptedCoordinator
                {
                    RunsAnswer = new RunsAnswer([], [],
                Reason.Text("it keeps no record"))
                }
            });

        Assert.Equal(2, await run.Run("runs"));

        Assert.Equal("bdist runs: the coordinator can't say: it keeps no record\n", run.Error);
    }

    private static BdistRun Asking(params ClusterStatus?[] states) =>
        new(new ScriptedNodes { Coordinator = new ScriptedCoordinator(states) });

    private static ClusterStatus Holding(int copies, int? required) =>
        new([], [],
            [new SnapshotStatus(Happenings.Origin, Happenings.Snapshot, copies, required, [.. Two.Take(copies)])]);
}
