using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Tests.Conversations;

namespace BackupDistribuido.Streams.Tests.Connections;

public sealed class WireUseTests
{
    private static readonly byte[] Mebibyte = new byte[1024 * 1024];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_has_arrived_and_the_time_on_its_way_are_counted_also_when_the_connection_is_cut(
        bool isSecured)
    {
        using var pair = await (isSecured ? LinkPair.OverTls() : LinkPair.OverTcp());
        var before = pair.Parent.Sent;
        var reading = ReadAsync(pair.Child, 8 * Mebibyte.Length);
        for (var i = 0; i < 8; i++) await pair.Parent.WriteAsync([Mebibyte], null, CancellationToken.None);
        await reading.WaitAsync(Eventually.Bound);
        await Eventually.Is(true, () => pair.Parent.Sent.Bytes - before.Bytes >= 8 * Mebibyte.Length);

        var sent = pair.Parent.Sent;
        Assert.InRange(sent.Bytes - before.Bytes, 8 * Mebibyte.Length, 8.5 * Mebibyte.Length);
        Assert.True(sent.Busy > before.Busy);
        // Nothing is on its way any more.
        await Task.Delay(300);
        Assert.InRange(pair.Parent.Sent.Busy - sent.Busy, TimeSpan.Zero, TimeSpan.FromMilliseconds(200));
        pair.Parent.Dispose();
        Assert.Equal(sent.Bytes, pair.Parent.Sent.Bytes);
    }

    [Fact]
    public async Task Where_nobody_reads_something_is_always_on_its_way()
    {
        using var pair = await LinkPair.OverTcp();
        using var cancel = new CancellationTokenSource();
        var writing =
            Task.Run(async () => { while (true) await pair.Parent.WriteAsync([Mebibyte], null, cancel.Token); });
        await Eventually.Is(true, () => pair.Parent.Sent.Busy > TimeSpan.FromMilliseconds(500));
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<Exception>(() => writing);
    }

    [Fact]
    public async Task Without_a_socket_nothing_is_known()
    {
        using var pair = await LinkPair.InMemory();
        Assert.Equal(default(WireUse), pair.Parent.Sent);
    }

    private static async Task ReadAsync(PeerConnection connection, int count)
    {
        var space = new byte[64 * 1024];
        while (count > 0 && await connection.ReadAsync(space, CancellationToken.None) is > 0 and var read)
            count -= read;
        Assert.True(count <= 0);
    }
}
