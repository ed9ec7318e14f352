using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Streams.Links;

/// <summary>
/// Says ALIVE to a child that has welcomed its parent, until the parent begins to send: it may be waiting for other
/// children. Nothing else may be written meanwhile. What a broken connection does is left to who sends next.
/// </summary>
internal sealed class Heartbeat : IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly Task _running;

    private Heartbeat(PeerConnection connection, TimeSpan period) => _running = RunAsync(connection, period);

    /// <summary>Begins, where the link's version has it.</summary>
    public static Heartbeat? Begin(PeerConnection connection, LinkProfile profile, TimeSpan period) =>
        profile.Version < 2 ? null : new Heartbeat(connection, period);

    /// <summary>Ends; the last line is whole when this completes.</summary>
    public Task EndAsync()
    {
        Dispose();
        return _running;
    }

    /// <inheritdoc/>
    public void Dispose() => _over.Cancel();

    private async Task RunAsync(PeerConnection connection, TimeSpan period)
    {
        using var timer = new PeriodicTimer(period);
        try
        {
            while (await timer.WaitForNextTickAsync(_over.Token).ConfigureAwait(false))
                await connection.WriteAsync(AliveFrame.Instance, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It has ended, or the connection has.
        }
    }
}
