using System.Diagnostics;
using System.Text.Json;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Processes;

/// <summary>A coordinator and those who come to it, one process each, on loopback ports that the system
/// chose.</summary>
/// <param name="common">Arguments that every node gets.</param>
internal sealed class Cluster(ITestOutputHelper log, params string[] common) : IDisposable
{
    private readonly string[] _common = common;

    public Bdist Bdist { get; } = new(log);

    public TemporaryFolder Folder => Bdist.Folder;

    /// <summary>The nodes that are started as the build of an earlier commit (<see cref="Bdist.Earlier"/>): names of
    /// destinations and origins, and <c>coordinator</c>. Which ones may change between two starts.</summary>
    public HashSet<string> Earlier { get; } = [];

    /// <summary>Where the coordinator listens.</summary>
    public string Address { get; private set; } = "127.0.0.1:0";

    /// <summary>The coordinator that was started last.</summary>
    public BdistProcess Coordinator { get; private set; } = null!;

    /// <summary>Starts a coordinator, at the address of the one before it if there was one.</summary>
    public async Task StartCoordinator(params string[] more)
    {
        Coordinator = Bdist.StartAs([Program("coordinator")],
            ["coordinator", "--listen", Address, .. _common, .. more]);
        Address = (await Coordinator.Next("listening")).GetProperty("address").GetString()!;
    }

    /// <summary>A coordinator whose runs wait only so long for lost destinations.</summary>
    public Task StartCoordinator(TimeSpan rejoinWait) =>
        StartCoordinator("--config",
            Bdist.Config("coordinator.conf", $"backup.run.rejoin-wait = \"{rejoinWait.TotalSeconds:0}s\""));

    /// <summary>Starts a destination whose root is the folder of its name, and waits until it is connected.</summary>
    public async Task<BdistProcess> Destination(string name, params string[] more)
    {
        var destination = StartDestination(name, more);
        await destination.Next("connected");
        return destination;
    }

    public BdistProcess StartDestination(string name, params string[] more) => StartDestinationBy([], name, more);

    /// <summary>As <see cref="StartDestination"/>, started by a program such as <c>strace</c>. <paramref name="more"/>
    /// may have another root.</summary>
    public BdistProcess StartDestinationBy(string[] starter, string name, params string[] more)
    {
        string[] root = more.Contains("--root") ? [] : ["--root", Folder[name]];
        return Bdist.StartAs([.. starter, Program(name)],
            ["destination", .. root, "--name", name, "--coordinator", Address, "--listen", "127.0.0.1:0", .. _common,
                .. more]);
    }

    public BdistProcess Origin(string source, params string[] more)
    {
        string[] name = more.Contains("--name") ? [] : ["--name", "tree"];
        return Bdist.StartAs([Program(more.Contains("--name") ? more[Array.IndexOf(more, "--name") + 1] : "tree")],
            ["origin", source, .. name, "--coordinator", Address, .. _common, .. more]);
    }

    public Replica Replica(string destination, string origin = "tree") => new(Folder, Folder[destination], origin);

    public async Task<JsonElement> Status()
    {
        var status = await Bdist.Run(["status", "--coordinator", Address, .. _common]);
        var said = await status.Next("status");
        Assert.Equal(said.GetProperty("protected").GetBoolean() ? 0 : 5, await status.Exit());
        return said;
    }

    /// <summary>Asks again and again until <c>bdist status</c> says so many; how long after <paramref name="since"/>
    /// that was.</summary>
    public async Task<TimeSpan> StatusCounts(int connected, long since, TimeSpan within)
    {
        while (true)
        {
            // A coordinator that gets no processor may not answer one of them in time.
            var status = await Bdist.Run(["status", "--coordinator", Address, .. _common]);
            if (await status.Exit() != 3
                && (await status.Next("status"))
                .GetProperty("connected").GetInt32() == connected) return Stopwatch.GetElapsedTime(since);
            Assert.True(Stopwatch.GetElapsedTime(since) < within,
                $"after {within} status still does not say {connected}");
        }
    }

    /// <summary>Asks a node to stop; it leaves cleanly.</summary>
    public static async Task Stop(params BdistProcess[] nodes)
    {
        foreach (var node in nodes) node.Signal(PosixSignal.Terminate);
        foreach (var node in nodes) Assert.Equal(0, await node.Exit());
    }

    public void Dispose() => Bdist.Dispose();

    private string Program(string node) =>
        Path.Combine(Earlier.Contains(node) ? Bdist.Earlier! : Bdist.Program, "bdist");
}
