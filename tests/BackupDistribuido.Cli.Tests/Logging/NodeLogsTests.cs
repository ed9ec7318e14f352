using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.Hosting.Logging;
using BackupDistribuido.Cli.Tests.Running;
using BackupDistribuido.Core.Exits;
using Microsoft.Extensions.Logging;

namespace BackupDistribuido.Cli.Tests.Logging;

public sealed class NodeLogsTests
{
    private const ExitCode Done = ExitCode.Success;

    [Fact]
    public async Task Run_node_and_epoch_stand_on_a_line_from_a_scope_and_from_an_actor()
    {
        using var run = new BdistRun(new ScriptedNodes
        {
            Script = async (context, _) =>
            {
                var log = context.Loggers.CreateLogger("here");
                using (log.BeginScope(new Dictionary<string, object> { ["Run"] = "r1", ["Epoch"] = 3 }))
                    log.LogInformation("in a scope");
                var setup = ActorSystemSetup.Create(
                    BootstrapSetup.Create()
                        .WithConfig(
                            ConfigurationFactory.ParseString(
                                "akka { loglevel = INFO, stdout-loglevel = OFF, loggers = "
                                + "[\"Akka.Hosting.Logging.LoggerFactoryLogger, Akka.Hosting\"] }")),
                    new LoggerFactorySetup(context.Loggers));
                var system = ActorSystem.Create("logs", setup);
                Akka.Event.Logging.GetLogger(system, "actor").WithContext("Run", "r2").WithContext("Epoch", 4)
                    .Info("in an actor, {0}", 7);
                await system.Terminate();
                return Done;
            },
        });
        Assert.Equal(0, await run.Run("origin", "{source}"));
        var lines = File.ReadAllLines(Path.Combine(run.LogFolder, "origin-nas-photos.log"));
        Assert.Contains(lines,
            line => line.Contains(" INF node=origin/nas-photos run=r1 epoch=3 in a scope", StringComparison.Ordinal));
        Assert.Contains(lines,
            line => line.Contains(" INF node=origin/nas-photos run=r2 epoch=4 ", StringComparison.Ordinal)
                && line.Contains("in an actor, 7", StringComparison.Ordinal));
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task Warnings_go_to_standard_error_without_their_stack()
    {
        using var run = new BdistRun(new ScriptedNodes
        {
            Script = (context, _) =>
            {
                context.Loggers.CreateLogger("here").LogWarning(new InvalidOperationException("x"), "careful");
                return Task.FromResult(Done);
            },
        });
        Assert.Equal(0, await run.Run("coordinator", "--output", "json"));
        Assert.Matches(@"^\S+ \S+ \S+ WRN node=coordinator run= epoch= careful\n$", run.Error);
        Assert.Equal("", run.Out);
    }

    [Fact]
    public async Task A_configured_folder_that_cannot_be_written_is_refused()
    {
        using var run = new BdistRun();
        var file = run.File("c.conf", "backup.log.folder = \"{folder}/c.conf/logs\"");
        Assert.Equal(2, await run.Run("coordinator", "--config", file));
        Assert.StartsWith($"bdist: backup.log.folder {run.Folder}/c.conf/logs: it can't be written", run.Error,
            StringComparison.Ordinal);
        Assert.Null(run.Nodes.Started);
    }

    [Fact]
    public async Task A_default_folder_that_cannot_be_written_is_a_warning()
    {
        using var run = new BdistRun();
        run.File("logs", "a file is in the way");
        Assert.Equal(0, await run.Run("coordinator"));
        Assert.Contains("warning: no log files: ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_bounded_in_size_and_number()
    {
        using var run = new BdistRun(new ScriptedNodes
        {
            Script = (context, _) =>
            {
                var log = context.Loggers.CreateLogger("here");
                for (var i = 0; i < 40; i++) log.LogInformation("{Text}", new string('x', 100_000));
                return Task.FromResult(Done);
            },
        });
        var file = run.File("c.conf", "backup.log { max-size-mib = 1, files = 2, folder = \"{folder}/mine\" }");
        Assert.Equal(0, await run.Run("coordinator", "--config", file));
        var files = new DirectoryInfo(Path.Combine(run.Folder, "mine")).GetFiles();
        Assert.Equal(2, files.Length);
        Assert.All(files, one => Assert.InRange(one.Length, 1, 1_300_000));
    }

    [Fact]
    public async Task Log_files_are_their_owners_alone()
    {
        using var run = new BdistRun();
        Assert.Equal(0, await run.Run("coordinator"));
        var file = Assert.Single(Directory.GetFiles(run.LogFolder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(run.LogFolder));
        // One that a version before this made for everybody.
        File.SetUnixFileMode(file,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Assert.Equal(0, await run.Run("coordinator"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task What_other_nodes_say_is_harmless_in_the_log_and_looks_like_no_line_of_ours()
    {
        using var run = new BdistRun(new ScriptedNodes
        {
            Script = (context, _) =>
            {
                context.Loggers.CreateLogger("here")
                    .LogWarning("it says {Reason}", "x\u001b[2J\n2026-01-01 PROTECTED \u202e");
                return Task.FromResult(Done);
            },
        });
        Assert.Equal(0, await run.Run("coordinator", "--output", "json"));
        var file = File.ReadAllText(Assert.Single(Directory.GetFiles(run.LogFolder)));
        Assert.Contains("it says x%1B[2J 2026-01-01 PROTECTED %E2%80%AE\n", file, StringComparison.Ordinal);
        Assert.EndsWith("it says x%1B[2J 2026-01-01 PROTECTED %E2%80%AE\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_changes_no_exit_code_and_is_said_once()
    {
        using var run = new BdistRun(new ScriptedNodes
        {
            Script = (context, _) =>
            {
                var log = context.Loggers.CreateLogger("here");
                for (var i = 0; i < 10; i++) log.LogInformation("line {Number}", i);
                return Task.FromResult(Done);
            },
        });
        Directory.CreateDirectory(run.LogFolder);
        // What is written there has no room, as on a full disk.
        File.CreateSymbolicLink(Path.Combine(run.LogFolder, "coordinator.log"), "/dev/full");
        Assert.Equal(0, await run.Run("coordinator"));
        Assert.Single(run.Error.Split('\n'),
            line => line.Contains("the log can't be written", StringComparison.Ordinal));
    }
}
