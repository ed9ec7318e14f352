using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Roots;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Actors.Destination;

/// <summary>What one replica has on the disk while its run lasts.</summary>
internal sealed class ReplicaFiles
{
    private ReplicaFiles(OriginFolder folder, StagedSnapshot staged) => (Folder, Staged, Replica) = (folder, staged, new Replica(staged));

    public OriginFolder Folder { get; }

    public StagedSnapshot Staged { get; }

    public Replica Replica { get; }

    /// <summary>The seal of the plan's snapshot where it is published here already: by this run, before this destination or its coordinator was started again.</summary>
    /// <exception cref="RootRefusedException">The origin's folder belongs to another origin.</exception>
    /// <exception cref="IOException">The disk refused.</exception>
    public static ManifestSeal? PublishedBefore(DestinationWork work, DeliveryPlan plan, string originIdentity)
    {
        using var folder = work.Root.For(plan.Origin, originIdentity, work.Adopt);
        return folder.Published(plan.Snapshot);
    }

    /// <summary>Makes staging for the plan's snapshot.</summary>
    /// <exception cref="RootRefusedException">The origin's folder belongs to another origin.</exception>
    /// <exception cref="IOException">The disk refused.</exception>
    public static ReplicaFiles Begin(DestinationWork work, DeliveryPlan plan, string originIdentity)
    {
        var folder = work.Root.For(plan.Origin, originIdentity, work.Adopt);
        try
        {
            // Whatever is there is of a run that is dead: of one origin only one run is written at a time.
            folder.RemoveStaging();
            return new ReplicaFiles(folder, folder.Stage(plan.Snapshot));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Tells the owner, once for each kind, what can't be held here.</summary>
    public void WarnOfLimits(Action<NodeEvent> report) => Staged.LimitMet = limit =>
        report(new Warned($"This destination can't hold the {new ReplicaShortfall(limit, 0)} of {Folder.Origin}; the manifest has them"));

    /// <summary>
    /// Closes everything once nobody writes any more, and removes what was not published, and the oldest snapshots beyond <paramref name="keep"/>.
    /// </summary>
    public async Task CloseAfterAsync(Task writes, int? keep, Action<NodeEvent> report)
    {
        await Task.WhenAny(writes).ConfigureAwait(false);
        Replica.Dispose();
        try
        {
            Staged.Discard();
            if (keep is { } most && Folder.Prune(most, Staged.Id) is { Count: > 0 } removed) report(new SnapshotsRemoved(Folder.Origin, removed));
        }
        catch (IOException e)
        {
            // What is half removed has left its name, and goes before the next run of this origin.
            report(new Warned($"Cleaning up after {Folder.Origin} failed: {e.Message}"));
        }
        Staged.Dispose();
        Folder.Dispose();
    }
}
