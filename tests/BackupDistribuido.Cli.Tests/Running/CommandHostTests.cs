using BackupDistribuido.Cli.Tests.Output;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Hosting;
using Microsoft.Extensions.Logging;

namespace BackupDistribuido.Cli.Tests.Running;

public sealed class CommandHostTests
{
    [Fact]
    public async Task A_nodes_exit_is_the_commands()
    {
        using var run = new BdistRun(new ScriptedNodes { Script = (_, _) => Task.FromResult(ExitCode.AtRisk) });
        Assert.Equal(5, await run.Run("origin", "{source}"));
        Assert.Equal($"The log is in {run.LogFolder}/origin-nas-photos.log\n", run.Error);
    }

    [Fact]
    public async Task A_clear_failure_is_one_line()
    {
        using var run = new BdistRun(new ScriptedNodes
        {
            Script = (_, _) =>
            throw new CommandFailure(ExitCode.Busy, "the name x is in use")
        });
        Assert.Equal(6, await run.Run("origin", "{source}"));
        Assert.Equal($"bdist origin: the name x is in use\nThe log is in {run.LogFolder}/origin-nas-photos.log\n",
            run.Error);
    }

    [Fact]
    public async Task A_defect_is_one_line_and_its_stack_is_in_the_log()
    {
        using var run =
            new BdistRun(new ScriptedNodes { Script = (_, _) => throw new InvalidOperationException("oh\nno") });
        Assert.Equal(1, await run.Run("origin", "{source}"));
        Assert.Equal($"bdist origin: unexpected failure: oh no\nThe log is in {run.LogFolder}/origin-nas-photos.log\n",
            run.Error);
        Assert.Contains("   at BackupDistribuido",
            File.ReadAllText(Path.Combine(run.LogFolder, "origin-nas-photos.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_go_to_standard_output_and_files_only_where_wanted()
    {
        var nodes = new ScriptedNodes
        {
            Script = (context, _) =>
            {
                context.Report(new FileStored(Happenings.Path("a"), 1, 1));
                context.Report(Happenings.Finished());
                return Task.FromResult(ExitCode.Success);
            },
        };
        using var run = new BdistRun(nodes);
        Assert.Equal(0, await run.Run("origin", "{source}"));
        Assert.DoesNotContain("stored: a", run.Out, StringComparison.Ordinal);
        Assert.Contains("PROTECTED 2/2", run.Out, StringComparison.Ordinal);
        Assert.Equal(0, await run.Run("origin", "{source}", "--files"));
        Assert.Contains("stored: a (1 B, 1 copy)", run.Out, StringComparison.Ordinal);
        Assert.Equal(0, await run.Run("origin", "{source}", "--output", "json"));
        Assert.Equal(2, run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.All(run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.StartsWith("{\"event\":\"", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_damaged_replica_is_an_error_in_the_log_with_its_path_and_what_to_do()
    {
        var nodes = new ScriptedNodes
        {
            Script = (context, _) =>
            {
                context.Report(new ReplicaDamaged(Happenings.Origin, Happenings.Snapshot, Happenings.Damage,
                    Happenings.A));
                return Task.FromResult(ExitCode.Success);
            },
        };
        using var run = new BdistRun(nodes);

        Assert.Equal(0, await run.Run("coordinator"));

        Assert.Matches(" ERR node=coordinator .*DAMAGED at disk-a: .*such as a/b c; .*run the origin again",
            File.ReadAllText(Path.Combine(run.LogFolder, "coordinator.log")));
    }

    [Fact]
    public async Task Status_says_who_has_a_damaged_replica_and_when_each_was_verified()
    {
        var cluster = new ClusterStatus(
            [
                new NodeStatus(NodeRole.Destination, Happenings.A, NodeAddress.Parse("10.0.0.2:4054"),
                    DateTimeOffset.UtcNow, 3L << 30,
                        Verified: new Verification.Sound(DateTimeOffset.UtcNow.AddDays(-3.5))),
                new NodeStatus(NodeRole.Destination, Happenings.B, NodeAddress.Parse("10.0.0.3:4054"),
                    DateTimeOffset.UtcNow, 3L << 30, Verified: Happenings.Damage),
                new NodeStatus(NodeRole.Destination, NodeName.Parse("new"), NodeAddress.Parse("10.0.0.4:4054"),
                    DateTimeOffset.UtcNow, 3L << 30),
            ], [], [new SnapshotStatus(Happenings.Origin, Happenings.Snapshot, 1, 2,
                [new ReplicaHolder(Happenings.A, null), new ReplicaHolder(Happenings.B, null, Happenings.Damage)])]);
        using var run = new BdistRun(new ScriptedNodes { Coordinator = new ScriptedCoordinator(cluster) });

        Assert.Equal(5, await run.Run("status"));

        Assert.Matches(@"disk-a +10\.0\.0\.2:4054 .*3\.0 GiB  3 days ago\n.*disk-b .*  damaged\n.*new .*  -\n", run.Out);
        Assert.Matches(@"1/2 +at risk +disk-a, disk-b \(damaged\)\n", run.Out);
        Assert.All(run.Out.Split('\n').Take(5), line => Assert.InRange(line.Length, 0, 80));
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("es-ES")]
    public async Task Status_is_three_tables_or_one_object(string culture)
    {
        var cluster = new ClusterStatus(
            [new NodeStatus(NodeRole.Destination, Happenings.A, NodeAddress.Parse("10.0.0.2:4054"),
                DateTimeOffset.UtcNow.AddSeconds(-75.5), 3L << 30),
                    new NodeStatus(NodeRole.Origin, Happenings.Origin, null, DateTimeOffset.UtcNow, null)],
            [new RunStatus(Happenings.Run, Happenings.Origin, Happenings.Snapshot, RunPhase.Copying, 1, 2, 1536,
                1 << 20)], []);
        using var run = new BdistRun(new ScriptedNodes { Coordinator = new ScriptedCoordinator(cluster) });
        // An origin without a snapshot is not protected.
        Assert.Equal(5, await JsonViewTests.InCulture(culture, () => run.Run("status")));
        Assert.Contains("\n  destination  disk-a      10.0.0.2:4054  1 min 15 s  3.0 GiB\n", run.Out,
            StringComparison.Ordinal);
        Assert.Contains("\n  nas-photos  20261122T163305Z  copying  1/2     1.5 KiB of 1.0 MiB\n", run.Out,
            StringComparison.Ordinal);
        Assert.StartsWith("Copying: nas-photos\n\nConnected\n", run.Out, StringComparison.Ordinal);
        Assert.EndsWith(
            "  nas-photos  -         -    0/2     copying  -\n  nas-photos: a run is copying; no destination is known "
            + "to have a snapshot\n", run.Out, StringComparison.Ordinal);
        Assert.Equal(5, await run.Run("status", "--output", "json"));
        Assert.StartsWith(
            "{\"event\":\"status\",\"connected\":1,\"protected\":false,\"nodes\":[{\"role\":\"destination\",\"name\":\"disk-a\",\"address\":\"10.0.0.2:4054\",\"since\":\"", run.Out, StringComparison.Ordinal);
        Assert.Contains(
            "\"runs\":[{\"origin\":\"nas-photos\",\"snapshot\":\"20261122T163305Z\",\"state\":\"copying\",\"copies\":1,\"required\":2,\"bytesDone\":1536,\"bytesTotal\":1048576,\"run\":\"0123456789abcdef\",\"destinations\":[]}],\"snapshots\":[],\"origins\":[{\"name\":\"nas-photos\",\"standing\":\"copying\",\"protected\":false,\"required\":2,\"copies\":0,", run.Out, StringComparison.Ordinal);
    }
}
