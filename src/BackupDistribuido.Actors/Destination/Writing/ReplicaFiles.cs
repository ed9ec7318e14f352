using BackupDistribuido.Actors.Destination.Holding;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Staging;
using BackupDistribuido.Transfer.Receiving;

namespace BackupDistribuido.Actors.Destination.Writing;

/// <summary>What one replica has on the disk while its writer lives. The claim keeps others away from it until all is
/// closed.</summary>
internal sealed class ReplicaFiles(OriginReplicas folder, StagedSnapshot staged, NewSnapshot sink,
    IDisposable claim)
{
    /// <summary>Maximum number of names that can't be stored and are reported one by one.</summary>
    private const int MostNamed = 100;

    public OriginReplicas Folder { get; } = folder;

    public StagedSnapshot Staged { get; } = staged;

    /// <summary>Where it is received, and published.</summary>
    public ISnapshotSink Sink { get; } = sink;

    public Replica Replica { get; } = new(sink);

    /// <summary>
    /// Reports to the owner, once per kind, what can't be held here, and which names can't be stored.
    /// </summary>
    public void WarnOfLimits(Action<NodeEvent> report)
    {
        Staged.Writer.LimitMet = limit =>
            report(new Warned(ReplicaReason.CantHold(Folder.Origin, new ReplicaShortfall(limit, 0).ToString())));
        var named = 0;
        Staged.Writer.NameMet = refused =>
        {
            if (++named <= MostNamed) report(new Warned(ReplicaReason.NameMissing(Folder.Origin, Reason.Of(refused))));
            else if (named == MostNamed + 1)
                report(new Warned(ReplicaReason.MoreMissing(Folder.Origin,
                    $"{Folder.Path}/manifests/{Staged.Id}.missing")));
        };
    }

    /// <summary>
    /// Closes everything once <paramref name="publication"/> is over. When the run is over, removes what was not
    /// published, and the oldest snapshots beyond <paramref name="keep"/>; else staging stays for the run's next plan.
    /// </summary>
    public async Task CloseAfterAsync(DestinationWork work, Task publication, bool isOver, KeepRule? keep)
    {
        using var held = claim;
        await Task.WhenAny(publication).ConfigureAwait(false);
        Replica.Dispose();
        try
        {
            if (isOver) Staged.Discard();
            if (keep is not null) keep.Prune(work, Folder, Staged.Id);
            if (!isOver) work.AbandonedStaging.Measure(Folder.Origin, CancellationToken.None);
        }
        catch (IOException e)
        {
            // A half-removed snapshot has lost its name, and is removed before the next run of this origin.
            work.Report(new Warned(ReplicaReason.CleaningFailed(Folder.Origin, Reason.Of(e))));
        }
        Staged.Dispose();
        Folder.Dispose();
    }
}
