using System.Net;
using System.Net.Sockets;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Transfer.Receiving;

namespace BackupDistribuido.Transfer.Tests.Receiving;

public sealed class ReceptionTests
{
    [Fact]
    public async Task A_link_that_does_not_come_up_leaves_no_child_waiting()
    {
        using var link = new HandLink(_ => { });
        var (self, child) = (NodeName.Parse("a"), NodeName.Parse("b"));
        var hello = new HelloFrame(RunId.New(), new Epoch(1), LinkSecret.New(), HandLink.Origin, self, HandLink.Id);
        var (parent, _) = await Pair();
        var (dialed, far) = await Pair();
        var (pool, deadlines) = (new BufferPool(), new LinkDeadlines());
        var branch = new ChildBranch(child, new DialedLink(new WelcomeFrame(hello.Run, hello.Epoch, child, 0), dialed),
            pool, deadlines);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Reception.BeginAsync(
            new AcceptedLink(hello, parent), self, link.Replica, [branch], (_, _) =>
                { }, new LinkTerms(pool, deadlines), null!, new CancellationToken(canceled: true)));

        using (far)
        await using (var stream = new NetworkStream(far))
        using (var said = new StreamReader(stream))
        {
            Assert.StartsWith("ERROR stopping ", await said.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20)),
                StringComparison.Ordinal);
        }
    }

    private static async Task<(PeerConnection Near, Socket Far)> Pair()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await far.ConnectAsync(listener.LocalEndPoint!);
        return (PeerConnection.Plain(await listener.AcceptAsync()), far);
    }
}
