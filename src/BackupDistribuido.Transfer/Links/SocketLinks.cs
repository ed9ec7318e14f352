using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Transfer.Links;

/// <summary>Links over sockets, under TLS where there is a key (<paramref name="key"/>; null: plain).</summary>
public sealed class SocketLinks(ClusterKey? key) : ILinks
{
    /// <inheritdoc/>
    public bool AreProven => false;

    /// <inheritdoc/>
    public async Task<IChildLink> DialAsync(NodeAddress address, HelloFrame hello, TimeSpan patience,
        CancellationToken cancel) =>
        (await LinkDialer.DialAsync(address, hello, key, cancel, patience).ConfigureAwait(false)).Waiting(cancel);
}
