using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Hosting.Nodes;

/// <summary>Looks at a coordinator's status now and then, and reports what <see cref="ProtectionWatch"/> has to say of
/// it.</summary>
internal sealed class ProtectionRounds : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10), Patience = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _end = new();
    private readonly Task _looking;

    public ProtectionRounds(
        Func<CancellationToken, Task<ClusterStatus>> status, TimeSpan? maxAge, Action<NodeEvent> report,
            TimeProvider clock) =>
        _looking = Task.Run(() => LookAsync(status, new ProtectionWatch(Patience, maxAge), report, clock));

    private async Task LookAsync(
        Func<CancellationToken, Task<ClusterStatus>> status, ProtectionWatch watch, Action<NodeEvent> report,
            TimeProvider clock)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
            {
                if (await AskAsync(status).ConfigureAwait(false) is not { } seen) continue;
                foreach (var happened in watch.Look(seen, clock.GetUtcNow())) report(happened);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    /// <summary>Null where it does not answer: then the next round asks again.</summary>
    private async Task<ClusterStatus?> AskAsync(Func<CancellationToken, Task<ClusterStatus>> status)
    {
        try
        {
            return await status(_end.Token).ConfigureAwait(false);
        }
        catch (Exception) when (!_end.IsCancellationRequested)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _looking.ConfigureAwait(false);
        _end.Dispose();
    }
}
