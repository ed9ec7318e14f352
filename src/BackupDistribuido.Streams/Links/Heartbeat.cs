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

    private Heartbeat(PeerConnection connection, TimeSpan period, CancellationToken cancel) =>
        _running = RunAsync(connection, period, cancel);

    /// <summary>Begins, where the link's version has it. When <paramref name="cancel"/> comes first, the connection is
    /// closed: nobody will run the link.</summary>
    public static Heartbeat? Begin(
        PeerConnection connection, LinkProfile profile, TimeSpan period, CancellationToken cancel) =>
        profile.Version < 2 ? null : new Heartbeat(connection, period, cancel);

    /// <summary>Ends; the last line is whole when this completes.</summary>
    public Task EndAsync()
    {
        Dispose();
        return _running;
    }

    /// <inheritdoc/>
    public void Dispose() => _over.Cancel();

    private async Task RunAsync(PeerConnection connection, TimeSpan period, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(period);
        await using var unwanted = cancel.Register(() =>
        {
            if (!_over.IsCancellationRequested) connection.Dispose();
        });
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
