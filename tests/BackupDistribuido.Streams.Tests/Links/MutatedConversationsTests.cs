using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Streams.Tests.Conversations;
using Xunit.Abstractions;

namespace BackupDistribuido.Streams.Tests.Links;

/// <summary>
/// Conversations with something wrong in them, against a live listener whose links are received to their end. Most are
/// wrong behind the greeting only. BDIST_FUZZ sets how many (default 2,000); the seed is fixed, so that a failure can
/// be repeated.
/// </summary>
public class MutatedConversationsTests(ITestOutputHelper output) : StreamSpec
{
    /// <summary>Bytes by which the heap may grow from a tenth of the conversations to their end.</summary>
    private const long MostGrowth = 16 << 20;

    private const int Seed = 20261122;
    private const int AtOnce = 16;

    private static readonly LinkDeadlines Deadlines = new() { Progress = Eventually.Bound };

    private int _refused;
    private int _past;
    private int _open;
    private volatile Exception? _strange;

    [Fact]
    public async Task They_end_in_an_ERROR_line_or_a_clean_end_and_the_listener_goes_on()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("BDIST_FUZZ"), NumberStyles.None,
            CultureInfo.InvariantCulture, out var set) ? set : 2_000;
        var reception = new LinkReception(_ => Admission.Granted, link => _ = Receive(link),
            _ => Interlocked.Increment(ref _refused))
        { MaxStrangers = 2 * AtOnce };
        await using var listener =
            await LinkListener.StartAsync(NodeAddress.Parse("127.0.0.1:0"), reception, null, Never);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce };
        var begun = System.Diagnostics.Stopwatch.StartNew();
        await Parallel.ForAsync(0, count / 10, options,
            async (i, _) => await Converse(listener.Address, new Random(Seed + i)));
        await Eventually.Is(0, () => Volatile.Read(ref _open));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await Parallel.ForAsync(count / 10, count, options,
            async (i, _) => await Converse(listener.Address, new Random(Seed + i)));
        await Eventually.Is(0, () => Volatile.Read(ref _open));
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine(FormattableString.Invariant(
            $"{count} conversations in {begun.Elapsed.TotalSeconds:0.0} s, {_past} past the greeting, heap {before >> 10} KiB and {growth >> 10} KiB more, {Environment.WorkingSet >> 20} MiB resident"));
        Assert.InRange(growth, long.MinValue, MostGrowth);
        Assert.InRange(_past, count / 2, count);
        Assert.NotEqual(0, _refused);
        Assert.Null(_strange);
        Assert.Equal(0, Pool.Outstanding);

        // It serves the next one as if nothing had been.
        var dialed = await Soon(LinkDialer.DialAsync(listener.Address, Frames.Hello, null, Never, Eventually.Bound));
        Assert.Equal(Frames.Welcome, dialed.Welcome);
        dialed.Connection.Dispose();
        await Eventually.Is(0, () => Volatile.Read(ref _open));
    }

    private async Task Receive(AcceptedLink link)
    {
        Interlocked.Increment(ref _open);
        Interlocked.Increment(ref _past);
        try
        {
            var child = await ChildEnd.OpenAsync(link, Frames.Welcome, Pool, Deadlines, () => true, Never);
            var taken = child.Down.RunForeach(parcel => parcel.Release(), Materializer);
            child.Send(Frames.Done);
            await Task.WhenAll(taken, child.Completion);
        }
        catch (Exception e) when (e is LinkException or ProtocolException)
        {
            // The only ways in which a link may fail.
        }
        catch (Exception e)
        {
            _strange ??= e;
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private static async Task Converse(NodeAddress address, Random random)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address.Host, address.Port);
        var stream = client.GetStream();
        var said = Mutated(random);
        var answer = ReadAll(stream);
        try
        {
            for (var rest = said.AsMemory(); !rest.IsEmpty;)
            {
                var count = random.Next(4) == 0 ? Math.Min(rest.Length, random.Next(1, 200)) : rest.Length;
                await stream.WriteAsync(rest[..count]);
                rest = rest[count..];
            }
            if (random.Next(20) == 0) client.Client.LingerState = new LingerOption(true, 0);
            else client.Client.Shutdown(SocketShutdown.Send);
            if (client.Client.LingerState is { Enabled: true }) client.Close();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The other side had heard enough.
        }
        var text = await answer.WaitAsync(Eventually.Bound);
        Assert.All(text.Split('\n')[..^1],
            line => Assert.Matches("^(WELCOME [12] |ALIVE$|DONE |ERROR [a-z]+ .)", line));
    }

    private static async Task<string> ReadAll(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[1024];
        try
        {
            for (int count; (count = await stream.ReadAsync(buffer)) > 0;)
                text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Reset, by either side.
        }
        return text.ToString();
    }

    private static byte[] Mutated(Random random)
    {
        var hello = Frames.Bytes(Frames.Hello);
        var rest = Frames.Bytes(
            new PageFrame(0, 0, 2, random.Next(300), Frames.Digest), new DataFrame(0, 0, random.Next(5000)),
                new EndFrame(0, 5, Frames.Digest), new AgainFrame(0, random.Next(100)), new SpoiledFrame(1),
                    Frames.Seal);
        var beforeTheGreeting = random.Next(5) == 0;
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            if (beforeTheGreeting) hello = Change(hello, random);
            else rest = Change(rest, random);
        }
        return [.. hello, .. rest];
    }

    private static byte[] Change(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        return random.Next(8) switch
        {
            0 => bytes[..at],
            1 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
            2 => [.. bytes[..at], .. bytes.AsSpan(Math.Min(bytes.Length, at + random.Next(1, 20)))],
            3 => [.. bytes[..at], .. bytes.AsSpan(random.Next(bytes.Length + 1))],
            4 => [.. bytes, .. "DATA 0 0 9223372036854775807\n"u8],
            5 => [.. bytes[..at], .. Enumerable.Repeat((byte)'9', random.Next(1, 700)), .. bytes[at..]],
            6 => [.. bytes[..at], (byte)'\n', .. bytes[at..]],
            _ => Flip(bytes, at == bytes.Length ? 0 : at, random),
        };
    }

    private static byte[] Flip(byte[] bytes, int at, Random random)
    {
        if (bytes.Length == 0) return [0];
        var changed = bytes.ToArray();
        changed[at] ^= (byte)(1 << random.Next(8));
        return changed;
    }
}
