using System.Net;
using System.Text.Json;
using BackupDistribuido.EndToEnd.Tests.Processes;

namespace BackupDistribuido.EndToEnd.Tests.Peers;

/// <summary>
/// A cluster in which each destination's data port is reached through a relay of <c>tests/peer</c>: a child and a
/// parent that were written from docs/protocol.md alone.
/// </summary>
internal sealed class Relays : IDisposable
{
    private static readonly string Scripts = Path.Combine(Bdist.Beside, "peer");

    public Relays(ITestOutputHelper log)
    {
        Cluster = new Cluster(log);
        Skip.IfNot(Cluster.Folder.Run("python3 -c 'import datetime; datetime.UTC'").Exit == 0,
            "There is no python3 of version 3.11 or newer.");
    }

    public Cluster Cluster { get; }

    public TemporaryFolder Folder => Cluster.Folder;

    /// <summary>Runs one of the scripts to its end; what it printed.</summary>
    public string Run(string arguments) => Folder.Do($"cd '{Scripts}' && python3 -B {arguments}");

    /// <summary>Starts a relay that says where it listens, and what it leads to is read from
    /// <paramref name="target"/>.</summary>
    public async Task<(BdistProcess Process, int Port)> Start(string name, string target, int port = 0,
        string kind = "--pair", params string[] more)
    {
        var relay = Cluster.Bdist.StartBare(["python3", "-B", Path.Combine(Scripts, "between.py")],
            ["--store", Folder[$"{name}.relay"], kind, $"127.0.0.1:{port}=@{Folder[target]}", .. more]);
        return (relay, (await relay.Next("listening")).GetProperty("port").GetInt32());
    }

    /// <summary>A destination behind a relay of its own, and that relay.</summary>
    public async Task<(BdistProcess Destination, BdistProcess Relay, int Port)> Destination(string name,
        params string[] more)
    {
        var (relay, port) = await Start(name, $"{name}.address", more: more);
        var destination = Cluster.StartDestination(name, "--advertise", $"127.0.0.1:{port}");
        var address = IPEndPoint.Parse((await destination.Next("listening")).GetProperty("address").GetString()!);
        Folder.Write($"{name}.address", address.ToString());
        await destination.Next("connected");
        return (destination, relay, port);
    }

    /// <summary>Both ends of one relay's conversations of a run: how many ended well, and what errors were
    /// said.</summary>
    public static (int Up, int Down, IReadOnlyList<string> Errors) Of(BdistProcess relay, string run)
    {
        return (Done("up"), Done("down"), [.. relay.All("got-error").Concat(relay.All("sent-error")).Where(IsOfRun)
            .Select(one => one.ToString())]);

        int Done(string link) => relay.All("done")
            .Count(one => IsOfRun(one) && one.GetProperty("link").ValueEquals(link));

        bool IsOfRun(JsonElement one) => one.TryGetProperty("run", out var of) && of.ValueEquals(run);
    }

    public void Dispose() => Cluster.Dispose();
}
