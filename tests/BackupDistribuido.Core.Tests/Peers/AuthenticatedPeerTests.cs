using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Tests.Peers;

public sealed class AuthenticatedPeerTests
{
    private static readonly NodeName Nas = NodeName.Parse("nas"), Other = NodeName.Parse("other");
    private static readonly Sha256Digest Key = Sha256Digest.Of("certificate"u8);
    private static readonly AuthenticatedPeer Named = new(Key, NodeRole.Destination, Nas, "id-1");

    [Fact]
    public void Where_the_handshake_knows_nothing_a_claim_stands()
    {
        Assert.Null(AuthenticatedPeer.Unknown.WhyNot(Nas));
        Assert.Null(new AuthenticatedPeer(Key).WhyNot(NodeRole.Origin, new NodeIdentity(Nas, "id-1", 1)));
    }

    [Fact]
    public void Where_it_knows_better_the_claim_does_not_count()
    {
        Assert.Null(Named.WhyNot(Nas));
        Assert.Equal("its certificate is that of 'nas'", Named.WhyNot(Other)?.ToString());
        Assert.Null(Named.WhyNot(NodeRole.Destination, new NodeIdentity(Nas, "id-1", 7)));
        Assert.NotNull(Named.WhyNot(NodeRole.Origin, new NodeIdentity(Nas, "id-1", 7)));
        Assert.NotNull(Named.WhyNot(NodeRole.Destination, new NodeIdentity(Other, "id-1", 7)));
        Assert.NotNull(Named.WhyNot(NodeRole.Destination, new NodeIdentity(Nas, "id-2", 7)));
    }
}
