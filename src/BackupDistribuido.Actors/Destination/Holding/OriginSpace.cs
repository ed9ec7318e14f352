using BackupDistribuido.Core.Membership;
using BackupDistribuido.Storage.Layout;

namespace BackupDistribuido.Actors.Destination.Holding;

/// <summary>
/// The room of origins whose folders are on other file systems than ROOT. Those are asked now and then and never for a
/// registration, for one that hangs must not keep the destination from speaking. It outlives ActorSystems. Safe from
/// any thread.
/// </summary>
internal sealed class OriginSpace(DestinationRoot root)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private volatile IReadOnlyList<OriginRoom> _known = [];

    /// <summary>What was found last, at most <see cref="RegistrationRules.MaxRooms"/>; null: all is on one file
    /// system.</summary>
    public IReadOnlyList<OriginRoom>? Known => _known is { Count: > 0 } known ? known : null;

    /// <summary>Asks once.</summary>
    public void Look()
    {
        try
        {
            _known = root.RoomsElsewhere(RegistrationRules.MaxRooms);
        }
        catch (IOException)
        {
            // Whoever reads or writes there says so.
        }
    }

    /// <summary>Asks each five seconds, until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
                await Task.Run(Look, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The destination ends.
        }
    }
}
