using System.Net;
using System.Net.Sockets;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Peers;

/// <summary>Honest conversations with peers that were written from docs/protocol.md alone, in both roles in each of
/// them: a hundred in all.</summary>
[Trait("Length", "long")]
public sealed class HonestPeersTests(ITestOutputHelper log) : IDisposable
{
    private const int Destinations = 4;
    private const int RunsOfEachShape = 11;

    private Relays? _relays;

    private Relays Relays => _relays ??= new Relays(log);

    private Cluster Cluster => Relays.Cluster;

    private TemporaryFolder Folder => Relays.Folder;

    [SkippableFact]
    public void They_pass_their_own_tests_against_each_other_and_the_examples_of_the_text() =>
        Relays.Run("-m unittest -q test_examples test_peers 2>&1");

    [SkippableFact]
    public async Task Star_and_chain()
    {
        var source = Tree("source");
        await Cluster.StartCoordinator();
        var relays = new List<BdistProcess>();
        for (var one = 1; one <= Destinations; one++) relays.Add((await Relays.Destination($"d{one}")).Relay);
        using var places = new SemaphoreSlim(5);
        await Task.WhenAll(from topology in new[] { "star", "chain" }
                           from run in Enumerable.Range(1, RunsOfEachShape)
                           select RunAsync(topology, $"{topology}{run}"));

        async Task RunAsync(string topology, string name)
        {
            await places.WaitAsync();
            var origin = Cluster.Origin(source, "--name", name, "--copies", $"{Destinations}", "--topology", topology);
            Assert.Equal(0, await origin.Exit());
            places.Release();
            var run = Assert.Single(origin.All("run-started")).GetProperty("run").GetString()!;
            foreach (var relay in relays) await EndedWell(relay, run);
            for (var one = 1; one <= Destinations; one++) Cluster.Replica($"d{one}", name).IsFaithfulTo(source);
        }
    }

    [SkippableFact]
    public async Task Twenty_pages_through_two_of_them()
    {
        Folder.Do("mkdir -p source/{1..20}; cd source; seq 20000 | split -l 1 -a 5 -d - f; for i in {1..20}; do mv f*$((i - 1))?? $i/ 2>/dev/null || true; done; find . -type f | wc -l | grep -qx 20000");
        await Cluster.StartCoordinator();
        var relays = new[] { (await Relays.Destination("d1")).Relay, (await Relays.Destination("d2")).Relay };
        var origin = Cluster.Origin(Folder["source"], "--copies", "2", "--topology", "chain");
        Assert.Equal(0, await origin.Exit());
        var run = Assert.Single(origin.All("run-started")).GetProperty("run").GetString()!;
        foreach (var relay in relays) await EndedWell(relay, run);
        foreach (var name in new[] { "d1", "d2" }) Cluster.Replica(name).IsFaithfulTo(Folder["source"]);
    }

    [SkippableFact]
    public async Task Destinations_that_call()
    {
        var source = Tree("source");
        await Cluster.StartCoordinator();
        await Cluster.Destination("closed", "--config",
            Cluster.Bdist.Config("closed.conf", "backup.destination.inbound = off"));
        await Task.WhenAll(Enumerable.Range(1, 4).Select(async run =>
        {
            var (relay, port) = await Relays.Start($"call{run}", $"call{run}.address", kind: "--call");
            var listen = FreePort();
            Folder.Write($"call{run}.address", $"127.0.0.1:{listen}");
            var origin = Cluster.Origin(source, "--name", $"call{run}", "--config", Cluster.Bdist.Config(
                $"call{run}.conf",
                $"""
                backup.origin.listen = "127.0.0.1:{listen}"
                backup.origin.advertise = "127.0.0.1:{port}"
                """));
            Assert.Equal(0, await origin.Exit());
            Assert.NotEmpty(relay.All("called"));
            var started = Assert.Single(origin.All("run-started")).GetProperty("run").GetString()!;
            await EndedWell(relay, started);
            Cluster.Replica("closed", $"call{run}").IsFaithfulTo(source);
        }));
    }

    [SkippableFact]
    public async Task Resumption_after_a_relay_was_killed_in_the_middle()
    {
        Folder.Do("mkdir source; head -c 24000000 /dev/urandom > source/big; head -c 100000 /dev/urandom > source/z");
        var source = Folder["source"];
        await Cluster.StartCoordinator();
        var (_, relay, port) = await Relays.Destination("victim");
        var origin = Cluster.Origin(source, "--limit", "6MB/s");
        await origin.Next("run-started");
        await UntilStaged("victim", "big", 8_000_000);
        await relay.Kill();
        var (again, _) = await Relays.Start("victim.again", "victim.address", port);
        Assert.Equal(0, await origin.Exit());
        var last = origin.All("run-started")[^1].GetProperty("run").GetString()!;
        await EndedWell(again, last, isOnly: false);
        Cluster.Replica("victim").IsFaithfulTo(source);
        Cluster.Replica("victim").HasNoLeftovers();
    }

    [SkippableFact]
    public async Task A_file_that_is_written_before_its_turn_and_others_that_go()
    {
        Folder.Do("""
            mkdir -p source/z; head -c 40000000 /dev/urandom > source/a; echo one > source/again; head -c 30000 /dev/urandom > source/z/1; ln source/z/1 source/z/2
            for i in $(seq 1500); do ln -s x source/z/l$i; done; head -c 30000 /dev/urandom > source/z/m; ln source/z/m source/z/n
            """);
        var source = Folder["source"];
        await Cluster.StartCoordinator();
        var relays = new[] { (await Relays.Destination("d1")).Relay, (await Relays.Destination("d2")).Relay };
        var origin = Cluster.Origin(source, "--copies", "2", "--topology", "chain", "--limit", "8MB/s");
        await UntilStaged("d1", "a", 1_000_000);
        File.AppendAllText(Path.Combine(source, "again"), "more\n");
        foreach (var gone in new[] { "1", "2", "m", "n" }) File.Delete(Path.Combine(source, "z", gone));
        // Protected, without what went.
        Assert.Equal(4, await origin.Exit());
        var run = Assert.Single(origin.All("run-started")).GetProperty("run").GetString()!;
        foreach (var relay in relays)
        {
            await EndedWell(relay, run);
            var passed = relay.All("passed").Select(one => one.GetProperty("verb").GetString()).ToList();
            Assert.Contains("AGAIN", passed);
            Assert.Equal(4, passed.Count(verb => verb == "OMIT"));
        }
        foreach (var name in new[] { "d1", "d2" }) Cluster.Replica(name).ChecksumsPass();
        Folder.Do("diff -r --no-dereference source d1/tree/latest/ && diff -r --no-dereference source d2/tree/latest/");
    }

    public void Dispose() => _relays?.Dispose();

    /// <summary>Both links of a relay ended with DONE, and nobody said ERROR. A child waits up to 15 s for its parent
    /// to close, also behind the run's end.</summary>
    private static async Task EndedWell(BdistProcess relay, string run, bool isOnly = true)
    {
        for (var patience = 0; Relays.Of(relay, run) is ( < 1, _, { Count: 0 }) or (_, < 1, { Count: 0 }); patience++)
        {
            Assert.True(patience < 500, $"run {run} did not end at the relay\n{relay}");
            await Task.Delay(50);
        }
        var (up, down, errors) = Relays.Of(relay, run);
        if (isOnly) Assert.Empty(errors);
        Assert.Equal((1, 1), (up, down));
    }

    private async Task UntilStaged(string destination, string file, long size)
    {
        for (var patience = 0; Staged(destination, file) < size; patience++)
        {
            Assert.True(patience < 1500, $"{destination} has not {size} bytes of {file}");
            await Task.Delay(20);
        }
    }

    private long Staged(string destination, string file)
    {
        var staging = Path.Combine(Folder[destination], "tree", "staging");
        return Directory.Exists(staging) ? Directory.GetDirectories(staging)
            .Select(one => new FileInfo(Path.Combine(one, "tree", file))).Sum(one => one.Exists ? one.Length : 0) : 0;
    }

    private string Tree(string name)
    {
        Folder.Do($"""
            mkdir -p {name}/sub/empty {name}/odd; cd {name}
            for i in $(seq 30); do head -c $((i * 411)) /dev/urandom > sub/f$i; done
            head -c 700000 /dev/urandom > big; truncate -s 3M sparse; echo end >> sparse; : > empty
            ln big odd/another; ln -s nowhere link; echo odd > odd/$'\xff\n %'; mkfifo pipe
            """);
        return Folder[name];
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
