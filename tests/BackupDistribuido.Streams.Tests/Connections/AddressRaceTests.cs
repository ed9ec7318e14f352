using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Streams.Tests.Connections;

public sealed class AddressRaceTests
{
    private static readonly IPAddress V6 = IPAddress.IPv6Loopback, V4 = IPAddress.Loopback, Other =
        IPAddress.Parse("127.0.0.2");

    private static Task<string> Race(int port, params IPAddress[] addresses) => Race(port, (socket, _) =>
    {
        var place = ((IPEndPoint)socket.RemoteEndPoint!).Address.ToString();
        socket.Dispose();
        return Task.FromResult(place);
    }, addresses);

    private static Task<string> Race(int port, Func<Socket, CancellationToken, Task<string>> converse,
        params IPAddress[] addresses) =>
        AddressRace.ConnectAsync(addresses, port, converse, new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token,
            TimeSpan.FromSeconds(8));

    // A listener whose queue is full takes no connection more, and says nothing: packets to it vanish.
    private static (TcpListener Listener, List<Socket> Filling) Dead(IPAddress address, int port)
    {
        var listener = new TcpListener(address, port);
        listener.Start(0);
        var filling = Enumerable.Range(0, 4).Select(_ =>
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            try { socket.Connect(address, ((IPEndPoint)listener.LocalEndpoint).Port); } catch (SocketException) { }
            return socket;
        }).ToList();
        Thread.Sleep(100);
        return (listener, filling);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_address_where_packets_vanish_costs_a_moment(bool v6IsDead)
    {
        var (dead, alive) = v6IsDead ? (V6, V4) : (V4, V6);
        var (silent, filling) = Dead(dead, 0);
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        using var living = new TcpListener(alive, port);
        living.Start();
        var begun = Stopwatch.GetTimestamp();
        Assert.Equal(alive.ToString(), await Race(port, dead, alive));
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, 0.2, 3);
        foreach (var socket in filling) socket.Dispose();
        silent.Dispose();
    }

    [Fact]
    public async Task One_that_refuses_costs_nothing()
    {
        using var living = new TcpListener(V4, 0);
        living.Start();
        var begun = Stopwatch.GetTimestamp();
        Assert.Equal("127.0.0.1", await Race(((IPEndPoint)living.LocalEndpoint).Port, Other, V6, V4));
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, 0, 0.2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_answers_and_is_not_the_right_one_or_silent_is_passed_over(bool silent)
    {
        using var wrong = new TcpListener(Other, 0);
        wrong.Start();
        var port = ((IPEndPoint)wrong.LocalEndpoint).Port;
        using var right = new TcpListener(V4, port);
        right.Start();
        Assert.Equal("127.0.0.1", await Race(port, Converse, Other, V4));

        async Task<string> Converse(Socket socket, CancellationToken cancel)
        {
            using var mine = socket;
            var place = ((IPEndPoint)socket.RemoteEndPoint!).Address;
            if (place.Equals(Other) && silent) await socket.ReceiveAsync(new byte[1], cancel);
            return place.Equals(Other) ? throw new InvalidOperationException("another program") : place.ToString();
        }
    }

    [Fact]
    public async Task The_most_telling_failure_is_what_is_said()
    {
        using var wrong = new TcpListener(V4, 0);
        wrong.Start();
        var port = ((IPEndPoint)wrong.LocalEndpoint).Port;
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => Race(port, (socket, _) =>
        {
            socket.Dispose();
            throw new InvalidOperationException("another program");
        }, V4, Other, V6));
        Assert.Equal("another program", thrown.Message);
        await Assert.ThrowsAsync<SocketException>(() => Race(port, Other));
    }

    [Fact]
    public void Families_take_turns() => Assert.Equal(["::1", "127.0.0.1", "::2", "127.0.0.2", "::3"],
        HostAddress.InTurns(new[] { "::1", "::2", "::3", "127.0.0.1", "127.0.0.2" }.Select(IPAddress.Parse))
            .Select(address => address.ToString()));
}
