using BackupDistribuido.Core.Membership;
using BackupDistribuido.Storage.Layout;

namespace BackupDistribuido.Actors.Destination.Holding;

/// <summary>
/// The free space of origins whose folders are on other file systems than ROOT. It is read at intervals and never for a
/// registration, because a hanging file system must not keep the destination from registering. It outlives
/// ActorSystems. Safe from any thread.
/// </summary>
internal sealed class OriginSpace(DestinationRoot root)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private volatile IReadOnlyList<OriginRoom> _known = [];

    /// <summary>
    /// The last results, at most <see cref="RegistrationRules.MaxRooms"/>; null: everything is on one file system.
    /// </summary>
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
            // Readers and writers there report the error.
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
