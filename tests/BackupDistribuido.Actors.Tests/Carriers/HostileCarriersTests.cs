using System.Net;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Tests;

namespace BackupDistribuido.Actors.Tests.Carriers;

/// <summary>What strangers do to the control port.</summary>
public sealed class HostileCarriersTests : HostileConnections
{
    private TestCluster? _cluster;

    protected override string Greeting => "BDIST-CONTROL/1 n-0123456789abcdef";

    protected override Task<IPEndPoint> ListenAsync(ClusterKey? key, TimeSpan greetingTime)
    {
        _cluster = TestCluster.Of(key, limits: new PendingConnectionLimits(greetingTime));
        return Task.FromResult(_cluster.Endpoint);
    }

    protected override async Task StopAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    protected override async Task BelongAsync(IPEndPoint port, ClusterKey? key)
    {
        using var greeted = await SecuredDialer.DialAsync(NodeAddress.Of(port.Address, port.Port), key,
            (connection, over) => CarrierHandshake.DialAsync(connection, "n-1", over), CancellationToken.None);
    }
}
