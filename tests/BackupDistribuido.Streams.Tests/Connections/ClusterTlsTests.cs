using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Streams.Tests.Connections;

public sealed class ClusterTlsTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task HoldersOfOneKeyTalk()
    {
        using var key = ClusterKey.Generate();
        using var bound = new CancellationTokenSource(Bound);
        var (client, server) = await PairAsync();
        var accepting = ClusterTls.AcceptAsync(server, key, bound.Token);
        await using var dialled = await ClusterTls.ConnectAsync(client, key, bound.Token);
        await using var accepted = await accepting;

        await dialled.WriteAsync("hello"u8.ToArray(), bound.Token);
        var heard = new byte[5];
        await accepted.ReadExactlyAsync(heard, bound.Token);

        Assert.Equal("hello"u8.ToArray(), heard);
        Assert.Equal(SslProtocols.Tls13, accepted.SslProtocol);
    }

    [Fact]
    public async Task AnotherKeyIsRefusedByBothSides()
    {
        using var key = ClusterKey.Generate();
        using var other = ClusterKey.Generate();
        using var bound = new CancellationTokenSource(Bound);
        var (client, server) = await PairAsync();
        var accepting = ClusterTls.AcceptAsync(server, key, bound.Token);

        await Assert.ThrowsAsync<AuthenticationException>(() => ClusterTls.ConnectAsync(client, other, bound.Token));
        await Assert.ThrowsAnyAsync<Exception>(() => accepting);
        Assert.False(bound.IsCancellationRequested);
    }

    private static async Task<(Stream Client, Stream Server)> PairAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        var server = await listener.AcceptTcpClientAsync();
        return (client.GetStream(), server.GetStream());
    }
}
