using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Storage.Roots;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Actors.Destination;

/// <summary>What a replica has on the disk when its writer begins: files to write, or that it is published already.</summary>
internal sealed record OpenedReplica(ReplicaFiles? Files, PublishedReplica? Published);

/// <summary>
/// Opens what a replica has on the disk, on a thread of its own: where an earlier life of this destination has staged a part of the snapshot, all of that is read again, which
/// takes as long as it takes.
/// </summary>
/// <param name="checksum">Whether the snapshot before is read too, and its files are taken by their content, not by their times.</param>
internal sealed class ReplicaOpening(DestinationWork work, DeliveryPlan plan, string originIdentity, bool checksum = false)
{
    private readonly CancellationTokenSource _cancel = new();
    private long _verified;
    private Task<OpenedReplica>? _opened;

    /// <summary>Whose snapshot it is.</summary>
    public string OriginIdentity => originIdentity;

    /// <summary>Bytes that were read again and found to be there, so far.</summary>
    public long Verified => Interlocked.Read(ref _verified);

    /// <summary>Begins. Fails with what the folder or the disk refused, and when it is ended before.</summary>
    public Task<OpenedReplica> Begin() => _opened ??= OpenAsync();

    private async Task<OpenedReplica> OpenAsync()
    {
        var claim = await work.Claims.TakeAsync(plan.Origin, _cancel.Token).ConfigureAwait(false);
        return await Task.Factory.StartNew(() => Open(claim), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
    }

    private OpenedReplica Open(IDisposable claim)
    {
        OriginFolder? folder = null;
        StagedSnapshot? staged = null;
        try
        {
            _cancel.Token.ThrowIfCancellationRequested();
            folder = work.Root.For(plan.Origin, originIdentity, work.Adopt);
            if (folder.Published(plan.Snapshot) is { } published)
            {
                if (folder.Verified(plan.Snapshot) is Verification.Damaged)
                    throw new InvalidDataException($"{folder.SnapshotPath(plan.Snapshot)} was read again and is damaged; it is no copy");
                folder.Dispose();
                claim.Dispose();
                return new OpenedReplica(null, published);
            }
            work.Leftovers.Forget(plan.Origin);
            staged = folder.Resume(plan.Snapshot, CountVerified, _cancel.Token);
            if (staged.Draft.PageCount > 0) work.Report(new ReplicaResumed(plan.Origin, plan.Snapshot, staged.Draft.Totals));
            // Nothing damaged may come into a new snapshot by way of an old one.
            var mustRead = checksum || (folder.Newest is { } newest && folder.Verified(newest) is Verification.Damaged);
            var earlier = EarlierSnapshot.Before(staged, mustRead ? CountVerified : null, _cancel.Token);
            return new OpenedReplica(new ReplicaFiles(folder, staged, earlier, claim), null);
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

    /// <summary>Ends it where it is under way; then closes what it has opened, once <paramref name="publication"/> is over.</summary>
    /// <param name="publication">Whatever still writes; how it ends is of no matter.</param>
    /// <param name="isOver">Nobody will come back to it: what is staged is removed. Else it is kept for the run's next plan.</param>
    /// <param name="keep">Where the snapshot is published: how many the origin wants to have kept; null for all.</param>
    public async Task CloseAsync(Task publication, bool isOver, int? keep)
    {
        await _cancel.CancelAsync().ConfigureAwait(false);
        OpenedReplica? opened = null;
        try
        {
            opened = await Begin().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // What it failed with, its writer has said.
        }
        if (opened?.Files is { } files) await files.CloseAfterAsync(work, publication, isOver, keep).ConfigureAwait(false);
        else if (opened is null && isOver) await RemoveAsync().ConfigureAwait(false);
        _cancel.Dispose();
    }

    private async Task RemoveAsync()
    {
        using var claim = await work.Claims.TakeAsync(plan.Origin, CancellationToken.None).ConfigureAwait(false);
        try
        {
            using var folder = work.Root.For(plan.Origin, originIdentity, work.Adopt);
            folder.RemoveStaging(plan.Snapshot);
        }
        catch (RootRefusedException)
        {
            // Another origin's folder, or nobody's: nothing in it is ours.
        }
        catch (IOException e)
        {
            work.Report(new Warned($"Cleaning up after {plan.Origin} failed: {e.Message}"));
        }
    }
}
