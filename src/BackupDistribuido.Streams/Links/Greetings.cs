using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Streams.Links;

/// <summary>The one line that each side says before anything else.</summary>
internal static class Greetings
{
    /// <summary>Reads one greeting into a buffer of one line; what came behind it stays with the connection.</summary>
    /// <exception cref="ProtocolException">It is no greeting.</exception>
    /// <exception cref="LinkException">The other side sent ERROR instead.</exception>
    public static async Task<T> ReadAsync<T>(LinkConnection connection, Direction direction, CancellationToken cancel) where T : Frame
    {
        var buffer = new byte[WireLimits.HeaderBytes];
        for (var filled = 0; ;)
        {
            var count = await connection.ReadAsync(buffer.AsMemory(filled), cancel).ConfigureAwait(false);
            if (count == 0) throw new ProtocolException(ErrorCode.Truncated, "the input ended before a whole greeting");
            filled += count;
            if (!FrameReader.TryRead(buffer.AsSpan(0, filled), direction, out var frame, out var headerLength)) continue;
            connection.Unread(buffer.AsMemory(headerLength, filled - headerLength));
            return frame switch
            {
                T greeting => greeting,
                ErrorFrame error => throw new LinkException(error),
                _ => throw new ProtocolException(ErrorCode.Order, $"expected {(direction == Direction.Down ? "HELLO" : "WELCOME")} first"),
            };
        }
    }
}
