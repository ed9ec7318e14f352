using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Streams.Links;

/// <summary>How a connection ends that did not end well: one ERROR line if the other side takes it in time, then the
/// door.</summary>
internal static class Farewells
{
    /// <summary>How long the other side has to take the line.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const int MostDrained = 1024 * 1024;

    /// <summary>Says why, ends the sending half and closes. Never fails. With <paramref name="drain"/> nobody else
    /// reads the connection.</summary>
    public static async Task CloseAsync(PeerConnection connection, ErrorFrame reason, bool drain)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await connection.WriteAsync(reason, limit.Token).ConfigureAwait(false);
            await connection.CloseWritingAsync(limit.Token).ConfigureAwait(false);
            if (drain) await DrainAsync(connection, limit.Token).ConfigureAwait(false);
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
