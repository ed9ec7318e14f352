using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Remoting;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Actors.Tests.Carriers;

public sealed class RefusalTests : IDisposable
{
    private readonly ClusterKey _key = ClusterKey.Generate();
    private readonly ClusterKey _other = ClusterKey.Generate();

    public void Dispose()
    {
        _key.Dispose();
        _other.Dispose();
    }

    [Fact]
    public Task AnotherKey() =>
        BothSaySoAsync(_key, _other, "coordinator Warning*does not have this cluster's key",
            "node Warning*does not have this cluster's key");

    [Fact]
    public Task NoKeyWhereOneIsWanted() =>
        BothSaySoAsync(_key, null, "coordinator Warning*it does not use TLS", "node Warning*requires the cluster's key");

    [Fact]
    public Task AKeyWhereThereIsNone() =>
        BothSaySoAsync(null, _key, "coordinator Warning*this coordinator has none",
            "node Warning*does not have this cluster's key");

    [Fact]
    public async Task SomethingElseThanANode()
    {
        await using var cluster = TestCluster.Of();
        using var stranger = new TcpClient();
        await stranger.ConnectAsync(cluster.Endpoint);
        await stranger.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());

        var answer =
            await new StreamReader(stranger.GetStream(), Encoding.ASCII).ReadToEndAsync().WaitAsync(TestCluster.Bound);

        Assert.StartsWith("ERROR [control.not-ours]", answer, StringComparison.Ordinal);
        await cluster.LoggedAsync("not a BackupDistribuido node");
    }

    [Fact]
    public async Task NobodyHasTheCoordinatorsName()
    {
        await using var cluster = TestCluster.Of();
        using var stranger = new TcpClient();
        await stranger.ConnectAsync(cluster.Endpoint);
        await stranger.GetStream().WriteAsync("BDIST-CONTROL/1 coordinator\n"u8.ToArray());

        Assert.StartsWith("ERROR ",
            await new StreamReader(stranger.GetStream(), Encoding.ASCII).ReadLineAsync()
                .WaitAsync(TestCluster.Bound), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASilentStrangerIsClosed()
    {
        await using var cluster = TestCluster.Of(_key,
            limits: new PendingConnectionLimits(TimeSpan.FromMilliseconds(300)));
        using var stranger = new TcpClient();
        await stranger.ConnectAsync(cluster.Endpoint);

        Assert.Equal(0, await stranger.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(TestCluster.Bound));
    }

    [Fact]
    public async Task WhoOnlyLooksWhetherThePortIsOpenIsNoWarning()
    {
        await using var cluster = TestCluster.Of();
        using (var passer = new TcpClient())
        {
            await passer.ConnectAsync(cluster.Endpoint);
            passer.Client.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, await passer.Client.ReceiveAsync(new byte[1]).WaitAsync(TestCluster.Bound));
        }
        using var stranger = new TcpClient();
        await stranger.ConnectAsync(cluster.Endpoint);
        await stranger.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());

        await cluster.LoggedAsync("not a BackupDistribuido node");
        Assert.DoesNotContain(cluster.Logs,
            line => line.Contains("Warning", StringComparison.Ordinal)
                && line.Contains("without a word", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AFrameBeyondTheLimitEndsTheConnection()
    {
        await using var cluster = TestCluster.Of();
        using var stranger = new TcpClient();
        await stranger.ConnectAsync(cluster.Endpoint);
        await stranger.GetStream().WriteAsync("BDIST-CONTROL/1 n-0\n"u8.ToArray());
        var lost = ReconnectionTests.Count<CarrierLost>(cluster.Coordinator);
        await stranger.GetStream().WriteAsync(new byte[] { 0xff, 0xff, 0xff, 0xff, 2, 1, 0, 0, 0 });

        await Until.TrueAsync(() =>
            lost.Any(l => l.Reason.ToString().Contains("beyond the limit", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ACoordinatorThatIsSomethingElseIsNamed()
    {
        using var web = new TcpListener(System.Net.IPAddress.Loopback, 0);
        web.Start();
        _ = web.AcceptTcpClientAsync()
            .ContinueWith(t => t.Result.GetStream().Write("HTTP/1.1 400 Bad Request\r\n\r\n"u8), TaskScheduler.Default);
        await using var cluster = TestCluster.Of();
        var node = cluster.Start("node",
            ControlEndpoint.ForNode(NodeAddress.Of(System.Net.IPAddress.Loopback,
                ((System.Net.IPEndPoint)web.LocalEndpoint).Port), null));

        node.ActorSelection(ControlAddress.CoordinatorActor).Tell(new Ping("hello"));

        await cluster.LoggedAsync("it is not a BackupDistribuido node");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ManySilentStrangersOfOneAddressKeepNoNodeOut(bool secured)
    {
        using var key = secured ? ClusterKey.Generate() : null;
        await using var cluster = TestCluster.Of(key);
        var idle = Enumerable.Range(0, 300).Select(_ => new TcpClient("127.0.0.1", cluster.Endpoint.Port)).ToArray();
        cluster.Coordinator.ActorOf(EchoActor.Props(), "coordinator");

        // Before a stranger's 8 s are over.
        Assert.Equal("coordinator: hello",
            await ControlTransportTests.AskAsync(cluster.Node(key), "hello").WaitAsync(TimeSpan.FromSeconds(6)));
        foreach (var client in idle) client.Dispose();
    }

    [Fact]
    public async Task NobodyThereIsSaid()
    {
        await using var cluster = TestCluster.Of();
        var node = cluster.Node();
        await cluster.Coordinator.Terminate();
        var seen = ReconnectionTests.Count<CoordinatorUnreachable>(node);

        node.ActorSelection(ControlAddress.CoordinatorActor).Tell(new Ping("hello"));

        await cluster.LoggedAsync("Cannot reach the coordinator at 127.0.0.1:");
        await Until.TrueAsync(() => !seen.IsEmpty);
        Assert.False(seen.First().Refused);
    }

    private static async Task BothSaySoAsync(ClusterKey? coordinators, ClusterKey? nodes, params string[] lines)
    {
        await using var cluster = TestCluster.Of(coordinators);
        var reached = false;
        cluster.Coordinator.ActorOf(EchoActor.Props(_ => reached = true), "coordinator");
        var node = cluster.Node(nodes);
        var echo = node.ActorOf(EchoActor.Props(_ => reached = true));

        node.ActorSelection(ControlAddress.CoordinatorActor).Tell(new Ping("hello"), echo);

        foreach (var parts in lines.Select(line => line.Split('*')))
        {
            await Until.TrueAsync(
                () => cluster.Logs.Any(l => parts.All(p => l.Contains(p, StringComparison.Ordinal))),
                () => $"'{parts[0]}…{parts[1]}' is not in\n{string.Join('\n', cluster.Logs)}");
        }
        Assert.All(cluster.Logs, line => Assert.DoesNotContain("\n", line, StringComparison.Ordinal));
        Assert.False(reached);
    }
}
