using System.Globalization;
using System.Threading.Channels;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Roots;
using BackupDistribuido.Storage.Verifying;

namespace BackupDistribuido.Actors.Destination;

/// <summary>
/// Where whoever has read a wrong file says so: each snapshot that has the same inode is marked as damaged, told to the owner, and no copy from then on. It outlives ActorSystems. Safe from any thread.
/// </summary>
internal sealed class DamageDesk(DestinationRoot root, HeldSnapshots held, Action<NodeEvent> report, TimeProvider clock)
{
    /// <summary>Wrong files are gathered for so long: they mostly come together, and each snapshot is written to once for all of them.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(200);

    // What is beyond that would add to a number only: its snapshots are damaged already.
    private readonly Channel<Finding> _found = Channel.CreateBounded<Finding>(
        new BoundedChannelOptions(ReplicaFinding.MostWrong) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>A stored file of an origin was read and is wrong. It does not wait.</summary>
    public void Found(NodeName origin, WrongFile file) => _found.Writer.TryWrite(new Finding(origin, null, file));

    /// <summary>A stored file was to be given to others, and can't be as its manifest says. It does not wait.</summary>
    public void Found(NodeName origin, SnapshotId id, UnfitFile file)
    {
        if (file.Fault is { } fault) _found.Writer.TryWrite(new Finding(origin, file.Inode is null ? id : null, new WrongFile(file.Path, file.Inode ?? 0, fault)));
    }

    /// <summary>Looks at a snapshot that could not be opened because of <paramref name="problem"/>: whether it is gone, or its manifest is damaged. It reads from the disk.</summary>
    public void Unopened(NodeName origin, SnapshotId id, Exception problem)
    {
        var found = HoldingLook.At(root, origin, id, null, null);
        if (found is { State: HoldingState.Gone, Fault: { } missing })
        {
            var gone = new Verification.Damaged(clock.GetUtcNow(), 1, missing.Path);
            if (held.Gone(origin, id, gone)) report(new ReplicaDamaged(origin, id, gone));
        }
        else if (found is { State: HoldingState.Damaged, Fault: { } fault }) Keep(origin, id, fault);
        else if (problem is InvalidDataException) Keep(origin, id, new FaultyEntry($"manifests/{id}.manifest", EntryFault.OtherContent));
    }

    /// <summary>Marks what is found, until it is cancelled; then what was found by then.</summary>
    public async Task KeepToAsync(CancellationToken stop)
    {
        try
        {
            while (await _found.Reader.WaitToReadAsync(stop).ConfigureAwait(false))
            {
                await Task.Delay(Gathering, stop).ConfigureAwait(false);
                await Task.Run(MarkAll, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            MarkAll();
        }
    }

    private void MarkAll()
    {
        var found = new List<Finding>();
        while (found.Count < ReplicaFinding.MostWrong && _found.Reader.TryRead(out var one)) found.Add(one);
        foreach (var some in found.GroupBy(one => (one.Origin, one.Only)))
        {
            if (some.Key.Only is { } id) MarkOwn(some.Key.Origin, id, [.. some.Select(one => (one.File.Path, one.File.Fault))]);
            else Mark(some.Key.Origin, [.. some.Select(one => one.File)]);
        }
    }

    private void MarkOwn(NodeName origin, SnapshotId id, IReadOnlyCollection<(TreePath, EntryFault)> unfound)
    {
        try
        {
            if (SharedDamage.MarkOwn(root, origin, id, unfound, clock.GetUtcNow()) is { } one) Tell(origin, one);
        }
        catch (IOException e)
        {
            report(new Warned($"{origin} can't be verified: {e.Message}"));
        }
    }

    /// <summary>Marks each snapshot of an origin that has one of these files, <paramref name="except"/> one that is spoken of by itself.</summary>
    public void Mark(NodeName origin, IReadOnlyCollection<WrongFile> wrong, SnapshotId? except = null)
    {
        try
        {
            foreach (var one in SharedDamage.Mark(root, origin, wrong, clock.GetUtcNow(), except)) Tell(origin, one);
        }
        catch (IOException e)
        {
            report(new Warned($"{origin} can't be verified: {e.Message}"));
        }
    }

    /// <summary>A snapshot is damaged by itself: it is told, and kept where it can be.</summary>
    public void Keep(NodeName origin, SnapshotId id, FaultyEntry fault)
    {
        var found = new Verification.Damaged(clock.GetUtcNow(), 1, fault.Path);
        Tell(origin, id, found);
        try
        {
            ReplicaCheck.Keep(root, origin, id, new VerificationReport(found, [fault with { Path = found.First }]));
        }
        catch (IOException e)
        {
            NotKept(origin, id, e.Message);
        }
    }

    private void Tell(NodeName origin, MarkedDamage marked)
    {
        Tell(origin, marked.Id, marked.Found);
        if (marked.NotKept is { } why) NotKept(origin, marked.Id, why);
    }

    private void Tell(NodeName origin, SnapshotId id, Verification.Damaged found)
    {
        held.Verified(origin, id, found);
        report(new ReplicaDamaged(origin, id, found));
    }

    private void NotKept(NodeName origin, SnapshotId id, string why) =>
        report(new Warned(string.Create(CultureInfo.InvariantCulture, $"What the verification of {origin} {id} found can't be kept: {why}")));

    /// <param name="Only">The one snapshot that has it, where it is no inode's; null: each that has the file's.</param>
    private readonly record struct Finding(NodeName Origin, SnapshotId? Only, WrongFile File);
}
