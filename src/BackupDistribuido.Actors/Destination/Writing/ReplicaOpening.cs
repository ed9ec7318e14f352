using BackupDistribuido.Actors.Destination.Holding;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Staging;
using BackupDistribuido.Transfer.Receiving;

namespace BackupDistribuido.Actors.Destination.Writing;

/// <summary>What an origin wants to have kept of its snapshots at a destination.</summary>
/// <param name="Most">How many.</param>
/// <param name="MayShrink">Whether a smaller tree may take the place of a larger one.</param>
internal sealed record KeepRule(int Most, bool MayShrink)
{
    /// <summary>Removes snapshots beyond that number, and reports them.</summary>
    /// <exception cref="IOException">A folder can't be read, or the disk did not make it durable.</exception>
    public void Prune(DestinationWork work, OriginReplicas folder, SnapshotId stored)
    {
        if (folder.Prune(Most, stored, MayShrink) is not { Count: > 0 } removed) return;
        work.Removed(folder.Origin, removed);
        work.Report(new SnapshotsRemoved(folder.Origin, removed));
    }
}

/// <summary>
/// A replica on the disk when its writer begins: files to write, or a replica that is published already.
/// </summary>
internal sealed record OpenedReplica(ReplicaFiles? Files, PublishedReplica? Published);

/// <summary>
/// Opens a replica on the disk, on a separate thread: if an earlier incarnation of this destination has staged a part
/// of the snapshot, all of that is re-read, however long it takes.
/// </summary>
/// <param name="before">An earlier opening of the same replica whose manifest turned out to be wrong: it is closed
/// first, and only files are taken from its staging. Null: none.</param>
internal sealed class ReplicaOpening(DestinationWork work, PrepareReplica prepare, ReplicaOpening? before = null)
{
    private readonly NodeName _origin = prepare.Plan.Origin;
    private readonly SnapshotId _snapshot = prepare.Plan.Snapshot;
    private readonly CancellationTokenSource _cancel = new();
    private long _verified;
    private Task<OpenedReplica>? _opened;

    /// <summary>Whose snapshot it is.</summary>
    public string OriginIdentity => prepare.OriginIdentity;

    /// <summary>How many copies it wants; null where the run does not know.</summary>
    public int? Required => prepare.Required;

    /// <summary>Bytes that were read again and found to be there, so far.</summary>
    public long Verified => Interlocked.Read(ref _verified);

    /// <summary>What was found wrong here later than that is not kept out of the replica; see
    /// <see cref="DamageReports.OfNew"/>.</summary>
    public long DamageSince { get; private set; }

    /// <summary>Begins. Fails with the error of the folder or the disk, or if it is ended before.</summary>
    public Task<OpenedReplica> Begin() => _opened ??= OpenAsync();

    /// <summary>The same replica from its first page; see the constructor.</summary>
    public ReplicaOpening Again() => new(work, prepare, this);

    private async Task<OpenedReplica> OpenAsync()
    {
        if (before is not null) await before.CloseAsync(Task.CompletedTask, isOver: false, null).ConfigureAwait(false);
        var claim = await work.Claims.TakeAsync(_origin, _cancel.Token).ConfigureAwait(false);
        return await Task.Factory.StartNew(() => Open(claim), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default).ConfigureAwait(false);
    }

    private OpenedReplica Open(IDisposable claim)
    {
        OriginReplicas? folder = null;
        StagedSnapshot? staged = null;
        try
        {
            _cancel.Token.ThrowIfCancellationRequested();
            DamageSince = work.Damage?.Now ?? 0;
            folder = OriginReplicas.Open(work.Root, _origin, OriginIdentity, work.Adopt,
                why => work.Report(new Warned(why)),
                wrong => work.Damage?.Found(_origin, wrong));
            if (prepare.Required is { } copies) folder.Requires(copies);
            if (folder.Published(_snapshot) is { } published)
            {
                if (folder.Verified(_snapshot) is Verification.Damaged
                    || work.Damage?.IsKnown(_origin, _snapshot) == true)
                    throw ReasonException.OfData(ReplicaReason.DamagedHere(folder.SnapshotPath(_snapshot)));
                folder.Dispose();
                claim.Dispose();
                return new OpenedReplica(null, published);
            }
            work.AbandonedStaging.Forget(_origin);
            if (before is not null) folder.SetAside(_snapshot);
            staged = folder.Resume(_snapshot, CountVerified, _cancel.Token);
            if (staged.Draft.PageCount > 0) work.Report(new ReplicaResumed(_origin, _snapshot, staged.Draft.Totals));
            // Nothing damaged may come into a new snapshot by way of an old one.
            var mustRead = prepare.Checksum
                || (folder.Newest is { } newest
                    && (folder.Verified(newest) is Verification.Damaged
                        || work.Damage?.IsKnown(_origin, newest) == true));
            EarlierSnapshot?[] earlier =
            [
                EarlierSnapshot.Interrupted(staged, timesTell: !prepare.Checksum, CountVerified, _cancel.Token),
                EarlierSnapshot.Before(staged, mustRead ? CountVerified : null, _cancel.Token),
            ];
            return new OpenedReplica(new ReplicaFiles(folder, staged,
                new NewSnapshot(staged, [.. earlier.OfType<EarlierSnapshot>()]), claim),
                null);
        }
        catch
        {
            staged?.Dispose();
            folder?.Dispose();
            claim.Dispose();
            throw;
        }
    }

    private void CountVerified(long bytes) => Interlocked.Add(ref _verified, bytes);

    /// <summary>
    /// Ends it if it is under way; then closes what it has opened, once <paramref name="publication"/> is over.
    /// </summary>
    /// <param name="publication">Whatever still writes; how it ends is of no matter.</param>
    /// <param name="isOver">The run will not be resumed: staging is removed. Else it is kept for the run's next
    /// plan.</param>
    /// <param name="keep">If the snapshot is published: how many the origin wants to keep; null for all.</param>
    public async Task CloseAsync(Task publication, bool isOver, KeepRule? keep)
    {
        await _cancel.CancelAsync().ConfigureAwait(false);
        OpenedReplica? opened = null;
        try
        {
            opened = await Begin().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Its writer has reported the error.
        }
        if (opened?.Files is { } files)
            await files.CloseAfterAsync(work, publication, isOver, keep).ConfigureAwait(false);
        else if (opened is null && isOver)
            await TidyAsync(folder => folder.RemoveStaging(_snapshot)).ConfigureAwait(false);
        else if (opened is not null && keep is not null)
            await TidyAsync(folder => keep.Prune(work, folder, _snapshot)).ConfigureAwait(false);
        _cancel.Dispose();
    }

    private async Task TidyAsync(Action<OriginReplicas> tidy)
    {
        using var claim = await work.Claims.TakeAsync(_origin, CancellationToken.None).ConfigureAwait(false);
        try
        {
            using var folder = OriginReplicas.Open(work.Root, _origin, OriginIdentity, work.Adopt,
                why => work.Report(new Warned(why)),
                wrong => work.Damage?.Found(_origin, wrong));
            tidy(folder);
        }
        catch (RootRefusedException)
        {
            // The folder of another origin, or a foreign one: nothing in it is ours.
        }
        catch (IOException e)
        {
            work.Report(new Warned(ReplicaReason.CleaningFailed(_origin, Reason.Of(e))));
        }
    }
}
