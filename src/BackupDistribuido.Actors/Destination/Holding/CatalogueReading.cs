using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Replicas;

namespace BackupDistribuido.Actors.Destination.Holding;

/// <summary>Reads a destination's catalogue from the disk, on threads that nothing waits for.</summary>
internal sealed class CatalogueReading(DestinationRoot root, HeldSnapshots held, Action<NodeEvent> report)
{
    /// <summary>Pause before the next attempt after the disk could not be read.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(10);

    /// <summary>Reads all of it, once: a few small files a snapshot. Until then only the newest are known.</summary>
    public async Task ReadAllAsync(CancellationToken stop)
    {
        try
        {
            while (!await Task.Factory.StartNew(() => TryReadAll(stop), CancellationToken.None,
                TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false))
                await Task.Delay(Again, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The destination ends.
        }
    }

    private bool TryReadAll(CancellationToken stop)
    {
        try
        {
            held.Read(StoredSnapshots.Catalogue(root, stop));
            return true;
        }
        catch (IOException e)
        {
            report(new Warned(ReplicaReason.NotListed(root.RealPath, Reason.Of(e))));
            return false;
        }
    }

    /// <summary>Reads the catalogue entry of a snapshot that was just published.</summary>
    public Task ReadAsync(NodeName origin, SnapshotId id) => Task.Run(() =>
    {
        try
        {
            if (StoredSnapshots.CatalogueEntryOf(root, origin, id) is { } entry) held.Catalogue.Known(entry);
        }
        catch (ObjectDisposedException)
        {
            // The destination has ended.
        }
    });
}
