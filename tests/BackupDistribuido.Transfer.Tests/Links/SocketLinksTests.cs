using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Streams.Tests.Conversations;
using BackupDistribuido.Transfer.Links;

namespace BackupDistribuido.Transfer.Tests.Links;

public class PlainSocketLinksTests : LinkContract
{
    internal override Task<Listening> Listen(Func<HelloFrame, Admission> admit, Action<IParentLink> accepted) =>
        Over(null, admit, accepted);

    internal static async Task<Listening> Over(ClusterKey? security, Func<HelloFrame, Admission> admit,
        Action<IParentLink> accepted)
    {
        var listener = await LinkListener.StartAsync(NodeAddress.Parse("127.0.0.1:0"),
            new LinkReception(admit, accepted, _ => { }), security, CancellationToken.None);
        return new Listening(listener.Address, new SocketLinks(security), listener.DisposeAsync);
    }
}

public class SecuredSocketLinksTests : LinkContract
{
    internal override Task<Listening> Listen(Func<HelloFrame, Admission> admit, Action<IParentLink> accepted) =>
        PlainSocketLinksTests.Over(TestKeys.Cluster, admit, accepted);
}
