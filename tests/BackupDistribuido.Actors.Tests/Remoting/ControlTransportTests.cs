using System.Net;
using Akka.Actor;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Actors.Tests.Remoting;

public sealed class ControlTransportTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ANodeTalksWithTheCoordinator(bool withKey)
    {
        using var key = withKey ? ClusterKey.Generate() : null;
        await using var cluster = TestCluster.Of(key);
        cluster.Coordinator.ActorOf(EchoActor.Props(), "coordinator");

        Assert.Equal("coordinator: hello", await AskAsync(cluster.Node(key), "hello"));
    }

    [Fact]
    public async Task EveryNameAndAddressReachesTheCoordinatorAtTheSameTime()
    {
        await using var cluster = TestCluster.Of(at: new IPEndPoint(IPAddress.IPv6Any, 0));
        cluster.Coordinator.ActorOf(EchoActor.Props(), "coordinator");
        string[] hosts = ["127.0.0.1", "localhost", "[::1]", "127.0.0.2", Dns.GetHostName()];

        var answers = await Task.WhenAll(hosts.Select(host => AskAsync(cluster.Node(host: host), host)));

        Assert.Equal(hosts.Select(host => $"coordinator: {host}"), answers);
    }

    internal static async Task<string> AskAsync(ActorSystem node, string text)
    {
        // Delivery is at most once: the question is repeated until it is answered, as our nodes do.
        var answer = "";
        await Until.TrueAsync(async () =>
        {
            try
            {
                answer = (await node.ActorSelection(ControlAddress.CoordinatorActor)
                    .Ask<Pong>(new Ping(text), TimeSpan.FromMilliseconds(500))).Text;
                return true;
            }
            catch (AskTimeoutException)
            {
                return false;
            }
        });
        return answer;
    }
}
