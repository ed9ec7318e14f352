using BackupDistribuido.Hosting.Processes;

namespace BackupDistribuido.Cli.Tests.Running;

public sealed class ConfinementTests
{
    private const string Required = "backup.destination.landlock = required";

    private readonly Sandbox _sandbox = new();

    [Fact]
    public async Task A_destination_is_confined_to_its_root_and_its_logs_before_it_is_started()
    {
        using var run = new BdistRun { Confinement = _sandbox };
        await Assert.ThrowsAsync<StartedOver>(() => run.Run("destination", "--root", "{source}"));
        Assert.Equal([run.Source, run.LogFolder], _sandbox.Entered);
        Assert.Null(run.Nodes.Started);
        Assert.Null(run.Nodes.MadeRoot);
        Assert.Empty(Directory.GetFiles(run.LogFolder));
    }

    [Fact]
    public async Task A_root_that_is_not_there_is_made_before()
    {
        using var run = new BdistRun { Confinement = _sandbox };
        _sandbox.BeforeEntering = () => Assert.NotNull(run.Nodes.MadeRoot);
        await Assert.ThrowsAsync<StartedOver>(() => run.Run("destination", "--root", "{folder}/new"));
        Assert.Equal(Path.Combine(run.Folder, "new"), run.Nodes.MadeRoot!.Root);
    }

    [Fact]
    public async Task Once_confined_it_starts_and_the_log_says_so()
    {
        _sandbox.IsOn = true;
        using var run = new BdistRun { Confinement = _sandbox };
        Assert.Equal(0, await run.Run("destination", "--root", "{source}", "--name", "d"));
        Assert.NotNull(run.Nodes.Started);
        Assert.Contains($"landlock: on: this process can write below {run.Source} and {run.LogFolder} only", Log(run),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backup.destination.landlock = off", "landlock: off, as it is configured")]
    [InlineData("", "landlock: off: no such thing")]
    public async Task Where_it_is_off_or_missing_the_log_says_so(string hocon, string says)
    {
        _sandbox.WhyMissing = hocon.Length == 0 ? "no such thing" : null;
        using var run = new BdistRun { Confinement = _sandbox };
        Assert.Equal(0,
            await run.Run("destination", "--root", "{source}", "--name", "d", "--config", run.File("d.conf", hocon)));
        Assert.Null(_sandbox.Entered);
        Assert.Contains(says, Log(run), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_it_is_required_and_missing_or_refused_nothing_starts(bool missing)
    {
        _sandbox.WhyMissing = missing ? "no such thing" : null;
        _sandbox.BeforeEntering = () => throw new IOException("no such thing");
        using var run = new BdistRun { Confinement = _sandbox };
        Assert.Equal(2, await run.Run("destination", "--root", "{source}", "--config", run.File("d.conf", Required)));
        Assert.Equal("bdist: backup.destination.landlock is required, but no such thing; choose auto to go without\n",
            run.Error);
        Assert.Null(run.Nodes.Started);
    }

    [Fact]
    public async Task An_origin_and_a_copy_are_not_confined()
    {
        using var run = new BdistRun { Confinement = _sandbox };
        Assert.Equal(0, await run.Run("origin", "{source}"));
        Assert.Equal(0, await run.Run("copy", "{source}", "{folder}/a"));
        Assert.Null(_sandbox.Entered);
    }

    private static string Log(BdistRun run) => File.ReadAllText(Path.Combine(run.LogFolder, "destination-d.log"));

    private sealed class StartedOver : Exception;

    private sealed class Sandbox : IConfinement
    {
        public string? WhyMissing { get; set; }
        public bool IsOn { get; set; }
        public Action BeforeEntering { get; set; } = () => { };
        public IReadOnlyList<string>? Entered { get; private set; }

        public void Enter(IReadOnlyList<string> folders)
        {
            BeforeEntering();
            Entered = folders;
            throw new StartedOver();
        }
    }
}
