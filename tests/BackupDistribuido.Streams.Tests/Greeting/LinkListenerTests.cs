using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Streams.Tests.Conversations;

namespace BackupDistribuido.Streams.Tests.Greeting;

public sealed class LinkListenerTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<LinkRefusal> _refused = new();
    private readonly ConcurrentQueue<AcceptedLink> _accepted = new();
    private LinkListener? _listener;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_listener is not null) await _listener.DisposeAsync();
        while (_accepted.TryDequeue(out var link)) link.Connection.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_admitted_parent_and_child_hear_each_others_greeting(bool secured)
    {
        var security = secured ? TestKeys.Cluster : null;
        var address = await Listen(security);
        var dialing = LinkDialer.DialAsync(address, Frames.Hello, security, CancellationToken.None, Eventually.Bound);
        await Eventually.Is(1, () => _accepted.Count);
        _accepted.TryPeek(out var link);
        Assert.Equal(Frames.Hello, link!.Hello);
        Assert.False(dialing.IsCompleted);
        await link.Connection.WriteAsync(Frames.Welcome, CancellationToken.None);
        var dialed = await dialing;
        Assert.Equal(Frames.Welcome, dialed.Welcome);
        dialed.Connection.Dispose();
        Assert.Empty(_refused);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refused_parent_hears_why(bool secured)
    {
        var security = secured ? TestKeys.Cluster : null;
        var address = await Listen(security, _ => Admission.Refused(ErrorCode.Epoch, Reason.Text("epoch 3 is over")));
        var thrown = await DialFails(address, security);
        Assert.Equal((ErrorCode.Epoch, "epoch 3 is over", true), (thrown.Code, thrown.Message, thrown.IsFromPeer));
        var refusal = Assert.Single(_refused);
        Assert.Equal((ErrorCode.Epoch, "epoch 3 is over"), (refusal.Code, refusal.Reason.ToString()));
        Assert.StartsWith("127.0.0.1:", refusal.Remote.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_parent_is_told_that_the_child_speaks_TLS()
    {
        var thrown = await DialFails(await Listen(TestKeys.Cluster), null);
        Assert.Equal((ErrorCode.Key, true), (thrown.Code, thrown.IsFromPeer));
        Assert.Contains("TLS only", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.Key, Assert.Single(_refused).Code);
    }

    [Fact]
    public async Task A_TLS_parent_is_told_that_the_child_speaks_plain()
    {
        var thrown = await DialFails(await Listen(null), TestKeys.Cluster);
        Assert.Equal((ErrorCode.Key, true), (thrown.Code, thrown.IsFromPeer));
        Assert.Contains("speaks plain", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.Key, Assert.Single(_refused).Code);
    }

    [Fact]
    public async Task Another_key_is_refused_on_both_sides()
    {
        var thrown = await DialFails(await Listen(TestKeys.New()), TestKeys.Cluster);
        Assert.Equal(ErrorCode.Key, thrown.Code);
        Assert.Contains("another key", thrown.Message, StringComparison.Ordinal);
        await Eventually.Is(1, () => _refused.Count);
        Assert.Equal(ErrorCode.Key, Assert.Single(_refused).Code);
    }

    [Fact]
    public async Task Without_a_certificate_nobody_gets_in()
    {
        var address = await Listen(TestKeys.Cluster);
        using var client = new TcpClient(address.Host, address.Port);
        using var tls = new System.Net.Security.SslStream(client.GetStream(), false, (_, _, _, _) => true);
        try
        {
            await tls.AuthenticateAsClientAsync("bdist");
            await tls.WriteAsync(Frames.Bytes(Frames.Hello));
            Assert.Equal(0, await tls.ReadAsync(new byte[1]));
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // Which of the two sides notices first is up to the TLS library.
        }
        await Eventually.Is(1, () => _refused.Count);
        Assert.Empty(_accepted);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", "syntax")]
    [InlineData("HELLO 3 0123456789abcdef 3 x x x x\n", "version")]
    [InlineData("ALIVE\n", "order")]
    [InlineData("SPOILED 1\n", "order")]
    [InlineData("HELLO 1 nonsense\n", "syntax")]
    public async Task A_stranger_gets_one_ERROR_line_and_the_door(string said, string code)
    {
        var address = await Listen(null);
        var answer = await Say(address, Encoding.ASCII.GetBytes(said));
        Assert.StartsWith($"ERROR {code} ", answer, StringComparison.Ordinal);
        Assert.Equal(answer.Length - 1, answer.IndexOf('\n'));
        Assert.Single(_refused);
    }

    [Fact]
    public async Task A_greeting_over_its_limit_is_refused_without_reading_on() =>
        Assert.StartsWith("ERROR limit ", await Say(await Listen(null), [.. Enumerable.Repeat((byte)'x', 100_000)]),
            StringComparison.Ordinal);

    [Fact]
    public async Task A_greeting_may_come_byte_by_byte()
    {
        var address = await Listen(null);
        using var client = new TcpClient(address.Host, address.Port) { NoDelay = true };
        foreach (var octet in Frames.Bytes(Frames.Hello)) await client.GetStream().WriteAsync(new[] { octet });
        await Eventually.Is(1, () => _accepted.Count);
    }

    [Fact]
    public async Task What_follows_the_greeting_at_once_is_not_lost()
    {
        var address = await Listen(null);
        using var client = new TcpClient(address.Host, address.Port);
        await client.GetStream().WriteAsync((byte[])[.. Frames.Bytes(Frames.Hello), .. "SPOILED 1\n"u8]);
        await Eventually.Is(1, () => _accepted.Count);
        _accepted.TryPeek(out var link);
        var rest = new byte[10];
        for (var filled = 0; filled < rest.Length;)
            filled += await link!.Connection.ReadAsync(rest.AsMemory(filled), CancellationToken.None);
        Assert.Equal("SPOILED 1\n"u8.ToArray(), rest);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_idle_or_slow_stranger_is_closed_in_time(bool secured)
    {
        var address = await Listen(secured ? TestKeys.Cluster : null, greetingTime: TimeSpan.FromMilliseconds(300));
        using var idle = new TcpClient(address.Host, address.Port);
        using var slow = new TcpClient(address.Host, address.Port);
        await slow.GetStream().WriteAsync(secured ? new byte[] { 22, 3, 1 } : "HEL"u8.ToArray());
        Assert.Contains("ERROR silence ", await ReadAll(idle), StringComparison.Ordinal);
        Assert.Contains("ERROR silence ", await ReadAll(slow), StringComparison.Ordinal);
        Assert.All(_refused, refusal => Assert.Equal(ErrorCode.Silence, refusal.Code));
    }

    [Fact]
    public async Task Beyond_what_it_takes_the_oldest_stranger_goes_and_whoever_comes_is_greeted()
    {
        var address = await Listen(null, maxStrangers: 2);
        var idle = Enumerable.Range(0, 2).Select(_ => new TcpClient(address.Host, address.Port)).ToArray();
        Assert.StartsWith("ERROR syntax ", await Say(address, "hello\n"u8.ToArray()), StringComparison.Ordinal);
        Assert.StartsWith("ERROR busy ", await await Task.WhenAny(idle.Select(ReadAll)), StringComparison.Ordinal);
        foreach (var client in idle) client.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_silent_strangers_of_one_address_keep_no_parent_out(bool secured)
    {
        var security = secured ? TestKeys.Cluster : null;
        var address = await Listen(security, greetingTime: TimeSpan.FromMinutes(1));
        var idle = Enumerable.Range(0, 160).Select(_ => new TcpClient(address.Host, address.Port)).ToArray();
        var dialing = LinkDialer.DialAsync(address, Frames.Hello, security, CancellationToken.None, Eventually.Bound);
        await Eventually.Is(1, () => _accepted.Count);
        _accepted.TryPeek(out var link);
        await link!.Connection.WriteAsync(Frames.Welcome, CancellationToken.None);
        (await dialing).Connection.Dispose();
        foreach (var client in idle) client.Dispose();
    }

    [Fact]
    public async Task A_link_has_the_peer_that_the_handshake_has_shown()
    {
        var address = await Listen(TestKeys.Cluster);
        var dialing =
            LinkDialer.DialAsync(address, Frames.Hello, TestKeys.Cluster, CancellationToken.None, Eventually.Bound);
        await Eventually.Is(1, () => _accepted.Count);
        _accepted.TryPeek(out var link);
        await link!.Connection.WriteAsync(Frames.Welcome, CancellationToken.None);
        using var dialed = (await dialing).Connection;
        Assert.Equal(TestKeys.Cluster.Peer, link.Connection.Peer);
        Assert.Equal(TestKeys.Cluster.Peer, dialed.Peer);
        Assert.NotNull(dialed.Peer.Key);
    }

    [Fact]
    public async Task Whoever_has_another_nodes_certificate_is_not_told_the_plans_secret()
    {
        using var said = new MemoryStream();
        var other = new AuthenticatedPeer(null, Name: NodeName.Parse("copy-2"));
        using var connection = new PeerConnection(said, new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1),
            _ => Task.CompletedTask, peer: other);

        var thrown = await Assert.ThrowsAsync<LinkException>(
            () => LinkDialer.GreetAsync(connection, Frames.Hello, "copy-1", CancellationToken.None));

        Assert.Equal(ErrorCode.Key, thrown.Code);
        var told = Encoding.ASCII.GetString(said.ToArray());
        Assert.StartsWith("ERROR key ", told, StringComparison.Ordinal);
        Assert.Equal(told.Length - 1, told.IndexOf('\n', StringComparison.Ordinal));
        Assert.DoesNotContain(Frames.Hello.Secret.ToString()!, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_greets_as_another_node_than_that_of_its_certificate_is_sent_away()
    {
        var reception = new LinkReception(_ => Admission.Granted, _accepted.Enqueue, _refused.Enqueue);
        var greeter = new LinkGreeter(reception);
        var parent = new AuthenticatedPeer(null, Name: NodeName.Parse("origin-2"));
        using var connection = new PeerConnection(new MemoryStream(Frames.Bytes(Frames.Hello)),
            new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1), _ => Task.CompletedTask, peer: parent);

        var thrown =
            await Assert.ThrowsAnyAsync<Exception>(() => greeter.GreetAsync(connection, CancellationToken.None));

        var line = greeter.Refuse(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1), thrown);
        Assert.StartsWith("ERROR key ", Encoding.ASCII.GetString(line.Span), StringComparison.Ordinal);
        Assert.Empty(_accepted);
        Assert.Single(_refused);
    }

    [Fact]
    public async Task A_child_that_never_answers_is_silent()
    {
        var address = await Listen(null);
        var thrown = await Assert.ThrowsAsync<LinkException>(() =>
            LinkDialer.DialAsync(address, Frames.Hello, null, CancellationToken.None, TimeSpan.FromMilliseconds(200)));
        Assert.Equal(ErrorCode.Silence, thrown.Code);
    }

    [Theory]
    [InlineData("WELCOME 1 0123456789abcdef 4 copy-1 0\n")]
    [InlineData("WELCOME 1 0123456789abcde0 3 copy-1 0\n")]
    [InlineData("WELCOME 1 0123456789abcdef 3 copy-2 0\n")]
    public async Task A_welcome_to_something_else_is_no_link(string welcome)
    {
        using var other = new TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var dialing = DialFails(NodeAddress.Parse(other.LocalEndpoint.ToString()!), null);
        using var child = await other.AcceptTcpClientAsync();
        await child.GetStream().WriteAsync(Encoding.ASCII.GetBytes(welcome));
        Assert.Equal(ErrorCode.Order, (await dialing).Code);
    }

    [Fact]
    public async Task Nobody_there_is_said_clearly()
    {
        var address = await Listen(null);
        await _listener!.DisposeAsync();
        var thrown = await DialFails(address, null);
        Assert.Contains(address.ToString(), thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_an_error_at_the_start()
    {
        var address = await Listen(null);
        var reception = new LinkReception(_ => Admission.Granted, _ => { }, _ => { });
        await Assert.ThrowsAsync<SocketException>(() =>
            LinkListener.StartAsync(address, reception, null, CancellationToken.None));
    }

    [Fact]
    public async Task A_dial_can_be_cancelled()
    {
        var address = await Listen(null);
        using var cancel = new CancellationTokenSource();
        var dialing = LinkDialer.DialAsync(address, Frames.Hello, null, cancel.Token);
        await Eventually.Is(1, () => _accepted.Count);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dialing);
    }

    private async Task<NodeAddress> Listen(ClusterKey? security, Func<HelloFrame, Admission>? admit = null,
        TimeSpan? greetingTime = null, int maxStrangers = 64)
    {
        var reception = new LinkReception(admit ?? (_ => Admission.Granted), _accepted.Enqueue, _refused.Enqueue)
        {
            GreetingTime = greetingTime ?? Eventually.Bound,
            MaxStrangers = maxStrangers,
        };
        _listener = await LinkListener.StartAsync(NodeAddress.Parse("127.0.0.1:0"), reception, security,
            CancellationToken.None);
        return _listener.Address;
    }

    private static Task<LinkException> DialFails(NodeAddress address, ClusterKey? security) =>
        Assert.ThrowsAsync<LinkException>(() =>
            LinkDialer.DialAsync(address, Frames.Hello, security, CancellationToken.None, Eventually.Bound));

    private static async Task<string> Say(NodeAddress address, byte[] said)
    {
        using var client = new TcpClient(address.Host, address.Port);
        await client.GetStream().WriteAsync(said);
        return await ReadAll(client);
    }

    private static async Task<string> ReadAll(TcpClient client)
    {
        using var limit = new CancellationTokenSource(Eventually.Bound);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        return await reader.ReadToEndAsync(limit.Token);
    }
}
