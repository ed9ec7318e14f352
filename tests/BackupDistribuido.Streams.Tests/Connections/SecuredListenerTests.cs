using System.Net;
using System.Net.Sockets;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Streams.Tests.Connections;

/// <summary>A name may have several addresses, and whoever knows it may dial any of them.</summary>
public sealed class SecuredListenerTests
{
    private static readonly IPAddress Other = IPAddress.Parse("127.0.0.2"), Elsewhere = IPAddress.Parse("203.0.113.7");

    [Fact]
    public async Task It_listens_at_all_addresses_of_a_name_at_one_port()
    {
        using var greeter = new Greeter();
        await using var listener = SecuredListener.Bind([IPAddress.Loopback, Other], 0);
        listener.Start(greeter, null, new PendingConnectionLimits(TimeSpan.FromSeconds(8)));
        foreach (var address in new[] { IPAddress.Loopback, Other })
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address, listener.LocalEndPoint.Port);
            await socket.SendAsync("H"u8.ToArray());
            Assert.True(await greeter.Served.WaitAsync(TimeSpan.FromSeconds(15)));
        }
    }

    [Fact]
    public async Task An_address_of_another_machine_is_left_out_where_one_is_here()
    {
        await using (var listener = SecuredListener.Bind([Elsewhere, IPAddress.Loopback], 0))
            Assert.Equal(IPAddress.Loopback, listener.LocalEndPoint.Address);
        Assert.Equal(SocketError.AddressNotAvailable,
            Assert.Throws<SocketException>(() => SecuredListener.Bind([Elsewhere], 0)).SocketErrorCode);
    }

    [Fact]
    public async Task One_that_is_in_use_is_an_error_though_another_one_is_free()
    {
        await using var first = SecuredListener.Bind([Other], 0);

        var refused = Assert.Throws<SocketException>(() =>
            SecuredListener.Bind([IPAddress.Loopback, Other], first.LocalEndPoint.Port));

        Assert.Equal(SocketError.AddressAlreadyInUse, refused.SocketErrorCode);
        // And what was taken before it is free again.
        await using var again = SecuredListener.Bind([IPAddress.Loopback], first.LocalEndPoint.Port);
    }

    private sealed class Greeter : IGreeter, IDisposable
    {
        public void Dispose() => Served.Dispose();

        public SemaphoreSlim Served { get; } = new(0);

        public Task GreetAsync(PeerConnection connection, CancellationToken cancel)
        {
            Served.Release();
            connection.Dispose();
            return Task.CompletedTask;
        }

        public ReadOnlyMemory<byte> Refuse(IPEndPoint remote, Exception why) => default;

        public void CouldNotAccept(SocketException why)
        {
        }
    }
}
