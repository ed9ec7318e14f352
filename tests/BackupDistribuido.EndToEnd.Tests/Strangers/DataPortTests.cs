using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Strangers;

/// <summary>Point 8, data: what comes to a destination's port without belonging there is told so and sent away, and the
/// destination goes on.</summary>
[Trait("Length", "long")]
public sealed class DataPortTests(ITestOutputHelper log) : IDisposable
{
    // The contract says 10 s.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);
    private static readonly string Hello =
        $"HELLO 1 0123456789abcdef 1 {new string('a', 64)} laptop first 20261122T163305Z\n";

    private readonly Cluster _cluster = new(log);

    [Fact]
    public async Task Strangers_get_an_error_and_the_door_and_the_destination_serves_on()
    {
        var source = _cluster.Folder.SmallTree();
        await _cluster.StartCoordinator();
        var destination = _cluster.StartDestination("first");
        var port = IPEndPoint.Parse((await destination.Next("listening")).GetProperty("address").GetString()!);
        await destination.Next("connected");
        (string What, string Sent)[] strangers =
        [
            ("garbage", "\0\u0001\u00ff garbage\n"), ("a web browser", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                ("a line without end", new string('x', 70_000)),
            ("a secret of no plan", Hello), ("another version", Hello.Replace("HELLO 1", "HELLO 3")),
                ("half a greeting", Hello[..20]),
            ("a frame before the greeting", "ALIVE\n"),
                ("an announced payload without greeting", "PAGE 0 0 1024 9223372036854775807\n"), ("nothing", ""),
        ];
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (what, sent) in strangers)
        {
            var began = Stopwatch.GetTimestamp();
            var (answer, from) = await Talk(port, sent);
            _cluster.Bdist.Note(
                FormattableString.Invariant(
                    $"measured: {what}: {Stopwatch.GetElapsedTime(began).TotalSeconds:0.00} s: {answer}"));
            Assert.True(answer.StartsWith("ERROR ", StringComparison.Ordinal)
                && answer.IndexOf('\n') == answer.Length - 1, $"{what}: '{answer}'");
            // The same of the same address is said once a minute.
            if (told.Add(answer))
                await destination.Next("warning",
                    one => one.GetProperty("message").GetString()!.Contains(from, StringComparison.Ordinal));
        }
        Assert.Equal(strangers.Length - 1, told.Count);
        Assert.Equal([".bdist"],
            Directory.GetFileSystemEntries(_cluster.Folder["first"]).Select(path => Path.GetFileName(path)));
        Assert.Equal(0, await _cluster.Origin(source).Exit());
        _cluster.Replica("first").IsFaithfulTo(source);
    }

    [Fact]
    public async Task Many_idle_strangers_at_once_do_not_keep_a_run_out()
    {
        var source = _cluster.Folder.SmallTree();
        await _cluster.StartCoordinator();
        var destination = _cluster.StartDestination("first");
        var port = IPEndPoint.Parse((await destination.Next("listening")).GetProperty("address").GetString()!);
        await destination.Next("connected");
        var idle = await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            var socket = new TcpClient(AddressFamily.InterNetwork);
            await socket.ConnectAsync(port);
            return socket;
        }));
        Assert.Equal(0, await _cluster.Origin(source).Exit());
        foreach (var one in idle) one.Dispose();
        _cluster.Replica("first").IsFaithfulTo(source);
    }

    [Fact]
    public async Task With_a_key_a_plain_stranger_is_sent_away_and_named()
    {
        var made = _cluster.Bdist.StartBare([Path.Combine(Bdist.Program, "bdist")], "key", "cluster.key");
        Assert.Equal(0, await made.Exit());
        using var cluster = new Cluster(log, "--key", _cluster.Folder["cluster.key"]);
        var source = cluster.Folder.SmallTree();
        await cluster.StartCoordinator();
        var destination = cluster.StartDestination("first");
        var port = IPEndPoint.Parse((await destination.Next("listening")).GetProperty("address").GetString()!);
        await destination.Next("connected");
        var (answer, from) = await Talk(port, Hello);
        Assert.StartsWith("ERROR ", answer);
        var warning = await destination.Next("warning",
            one => one.GetProperty("message").GetString()!.Contains(from, StringComparison.Ordinal));
        _cluster.Bdist.Note($"{answer}{warning}");
        Assert.Equal(0, await cluster.Origin(source).Exit());
        cluster.Replica("first").IsFaithfulTo(source);
    }

    public void Dispose() => _cluster.Dispose();

    /// <summary>Says something, hears to the end; what came, and the own address that the destination should
    /// name.</summary>
    private static async Task<(string Answer, string From)> Talk(IPEndPoint port, string text)
    {
        using var bound = new CancellationTokenSource(Bound);
        using var stranger = new TcpClient(AddressFamily.InterNetwork);
        await stranger.ConnectAsync(port, bound.Token);
        var from = stranger.Client.LocalEndPoint!.ToString()!;
        var stream = stranger.GetStream();
        var heard = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(text), bound.Token);
            await stream.CopyToAsync(heard, bound.Token);
        }
        catch (IOException)
        {
            // It closed while there was still something to say.
        }
        return (Encoding.Latin1.GetString(heard.ToArray()), from);
    }
}
