namespace BackupDistribuido.Streams.Connections;

/// <summary>How a connection ends that did not end well: one line if the other side takes it in time, and it is
/// closed.</summary>
internal static class LastLine
{
    /// <summary>How long the other side has to take the line.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const int MostDrained = 1024 * 1024;

    /// <summary>
    /// Says it, ends the sending half, drains the other one and closes: nobody else reads the connection. Never fails.
    /// </summary>
    public static async Task SayAsync(PeerConnection connection, ReadOnlyMemory<byte> line)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await connection.WriteAsync([line], null, limit.Token).ConfigureAwait(false);
            await connection.CloseWritingAsync(limit.Token).ConfigureAwait(false);
            await DrainAsync(connection, limit.Token).ConfigureAwait(false);
        }
        catch
        {
            // The other side is gone, or takes nothing: it can't be told.
        }
        finally
        {
            connection.Dispose();
        }
    }

    // Closing a socket that has unread input resets it, and the reset overtakes our last line.
    private static async Task DrainAsync(PeerConnection connection, CancellationToken cancel)
    {
        var scratch = new byte[4096];
        for (var drained = 0; drained < MostDrained;)
        {
            var count = await connection.ReadAsync(scratch, cancel).ConfigureAwait(false);
            if (count == 0) return;
            drained += count;
        }
    }
}
