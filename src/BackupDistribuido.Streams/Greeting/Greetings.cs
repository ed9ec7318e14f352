using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Framing;

namespace BackupDistribuido.Streams.Greeting;

/// <summary>The one line that each side says before anything else.</summary>
internal static class Greetings
{
    /// <summary>Reads one greeting into a buffer of one line; what came behind it stays with the connection.</summary>
    /// <exception cref="ProtocolException">It is no greeting.</exception>
    /// <exception cref="LinkException">The other side sent ERROR instead.</exception>
    public static async Task<T> ReadAsync<T>(PeerConnection connection, Direction direction, CancellationToken cancel)
        where T : Frame =>
        await ReadAsync(connection, _ => direction, cancel).ConfigureAwait(false) as T
        ?? throw new ProtocolException(ErrorCode.Order,
            $"expected {(direction == Direction.Down ? "HELLO" : "WELCOME")} first");

    /// <summary>Reads what a stranger says first: HELLO, or CALL where the stranger is a child.</summary>
    /// <exception cref="ProtocolException">It is something else.</exception>
    /// <exception cref="LinkException">The other side sent ERROR instead.</exception>
    public static async Task<Frame> ReadFirstAsync(PeerConnection connection, CancellationToken cancel)
    {
        var greeting = await ReadAsync(connection, first => first == (byte)'C' ? Direction.Up : Direction.Down, cancel)
            .ConfigureAwait(false);
        return greeting is HelloFrame or CallFrame
            ? greeting : throw new ProtocolException(ErrorCode.Order, "expected HELLO first");
    }

    private static async Task<Frame> ReadAsync(PeerConnection connection, Func<byte, Direction> direction,
        CancellationToken cancel)
    {
        var buffer = new byte[WireLimits.HeaderBytes];
        for (var filled = 0; ;)
        {
            var count = await connection.ReadAsync(buffer.AsMemory(filled), cancel).ConfigureAwait(false);
            if (count == 0) throw new ProtocolException(ErrorCode.Truncated, "the input ended before a whole greeting");
            filled += count;
            if (!FrameReader.TryRead(buffer.AsSpan(0, filled), direction(buffer[0]), out var frame,
                out var headerLength)) continue;
            connection.Unread(buffer.AsMemory(headerLength, filled - headerLength));
            return frame is ErrorFrame error ? throw new LinkException(error) : frame;
        }
    }
}
