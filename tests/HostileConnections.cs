using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Tests;

/// <summary>
/// What strangers do to a port, of either plane: none of it keeps out who belongs there, and each is closed in its
/// time. Both planes' test projects compile this file.
/// </summary>
public abstract class HostileConnections : IAsyncLifetime
{
    /// <summary>Longest wait for what must come about; the machine may be busy.</summary>
    protected static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300), Long = TimeSpan.FromMinutes(5);

    private readonly List<IDisposable> _ends = [];
    private readonly ClusterKey _key = ClusterKey.Generate(), _other = ClusterKey.Generate();
    private IPEndPoint _port = null!;

    /// <summary>The greeting of one that belongs here, without its line feed.</summary>
    protected abstract string Greeting { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var end in _ends) end.Dispose();
        await StopAsync();
        _key.Dispose();
        _other.Dispose();
    }

    /// <summary>Opens the port, once in a test.</summary>
    protected abstract Task<IPEndPoint> ListenAsync(ClusterKey? key, TimeSpan greetingTime);

    /// <summary>Closes the port; may be called again, and without one.</summary>
    protected abstract Task StopAsync();

    /// <summary>Dials as one that belongs here, and returns when it was answered.</summary>
    protected abstract Task BelongAsync(IPEndPoint port, ClusterKey? key);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_silent_one_is_closed_in_time(bool secured)
    {
        var key = await Open(secured, Short);
        await EndAsync(Come());
        await LetsInAsync(key);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Half_a_greeting_is_closed_in_time(bool secured)
    {
        var key = await Open(secured, Short);
        var half = Come();
        await half.GetStream().WriteAsync(Half(secured));
        await EndAsync(half);
        await LetsInAsync(key);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_greeting_that_comes_too_slowly_is_closed_in_time(bool secured)
    {
        var key = await Open(secured, Short);
        var slow = Come();
        var ending = EndAsync(slow);
        foreach (var octet in Half(secured))
        {
            if (ending.IsCompleted) break;
            try
            {
                await slow.GetStream().WriteAsync(new[] { octet });
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                break;
            }
            await Task.WhenAny(ending, Task.Delay(50));
        }
        await ending;
        await LetsInAsync(key);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Garbage_is_closed_at_once(bool secured)
    {
        var key = await Open(secured, Long);
        var random = new Random(20261129);
        for (var i = 0; i < 20; i++)
        {
            var garbage = new byte[random.Next(600, 2000)];
            random.NextBytes(garbage);
            // Each second one begins as TLS does.
            garbage[0] = (byte)(i % 2 == 0 ? 22 : 'G');
            var stranger = Come();
            await stranger.GetStream().WriteAsync(garbage);
            await EndAsync(stranger);
        }
        await LetsInAsync(key);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_sends_much_and_reads_late_is_closed_without_a_reset(bool secured)
    {
        var key = await Open(secured, Long);
        var stranger = Come();
        var stream = stranger.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(new string('x', 30_000)));
        stranger.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        Assert.StartsWith("ERROR ", await reader.ReadToEndAsync().WaitAsync(Bound), StringComparison.Ordinal);
        await LetsInAsync(key);
    }

    [Fact]
    public async Task Another_key_is_refused()
    {
        var key = await Open(secured: true, Long);
        await Assert.ThrowsAnyAsync<Exception>(() => BelongAsync(_port, _other)).WaitAsync(Bound);
        await Assert.ThrowsAnyAsync<Exception>(() => BelongAsync(_port, null)).WaitAsync(Bound);
        await LetsInAsync(key);
    }

    [Fact]
    public async Task TLS_without_a_certificate_is_refused()
    {
        var key = await Open(secured: true, Long);
        await using var tls = new SslStream(Come().GetStream(), false, (_, _, _, _) => true);
        try
        {
            await tls.AuthenticateAsClientAsync("bdist").WaitAsync(Bound);
            await tls.WriteAsync(Encoding.ASCII.GetBytes(Greeting + "\n"));
            var answer = new byte[1];
            Assert.True(await tls.ReadAsync(answer).AsTask().WaitAsync(Bound) == 0 || answer[0] == 'E');
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // Which of the two sides notices first is up to the TLS library.
        }
        await LetsInAsync(key);
    }

    [Fact]
    public async Task A_key_where_there_is_none_is_refused()
    {
        await Open(secured: false, Long);
        await Assert.ThrowsAnyAsync<Exception>(() => BelongAsync(_port, _other)).WaitAsync(Bound);
        await LetsInAsync(null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_flood_of_half_greetings_from_one_address_keeps_nobody_out(bool secured)
    {
        var key = await Open(secured, Long);
        for (var i = 0; i < 300; i++)
        {
            var half = Come();
            try
            {
                await half.GetStream().WriteAsync(Half(secured));
            }
            catch (IOException)
            {
                // Its place was needed.
            }
        }
        await LetsInAsync(key);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_flood_of_silent_ones_from_one_address_keeps_nobody_out(bool secured)
    {
        var key = await Open(secured, Long);
        for (var i = 0; i < 160; i++) Come();
        await LetsInAsync(key);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_flood_from_many_addresses_keeps_nobody_out(bool secured)
    {
        var key = await Open(secured, Long);
        for (var i = 0; i < 300; i++) Come(new IPAddress([127, 0, 1, (byte)(i % 60 + 1)]));
        await LetsInAsync(key);
    }

    [Fact]
    public async Task All_are_sent_away_when_the_node_stops()
    {
        await Open(secured: false, Long);
        var (silent, half) = (Come(), Come());
        await half.GetStream().WriteAsync(Half(secured: false));
        await LetsInAsync(null);
        await StopAsync().WaitAsync(Bound);
        await EndAsync(silent);
        await EndAsync(half);
    }

    private async Task<ClusterKey?> Open(bool secured, TimeSpan greetingTime)
    {
        var key = secured ? _key : null;
        _port = await ListenAsync(key, greetingTime);
        return key;
    }

    private Task LetsInAsync(ClusterKey? key) => BelongAsync(_port, key).WaitAsync(Bound);

    private TcpClient Come(IPAddress? from = null)
    {
        var stranger = new TcpClient(new IPEndPoint(from ?? IPAddress.Loopback, 0)) { NoDelay = true };
        _ends.Add(stranger);
        stranger.Connect(_port);
        return stranger;
    }

    // A TLS record is announced, with a ClientHello, that never comes whole.
    private byte[] Half(bool secured) =>
        secured ? [22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3, .. new byte[20]] : Encoding.ASCII.GetBytes(Greeting[..^1]);

    private static async Task EndAsync(TcpClient stranger)
    {
        try
        {
            await stranger.GetStream().CopyToAsync(Stream.Null).WaitAsync(Bound);
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }
}
