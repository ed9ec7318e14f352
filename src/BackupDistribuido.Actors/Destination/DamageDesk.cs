using System.Globalization;
using System.Threading.Channels;
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
    private readonly Channel<(NodeName Origin, WrongFile File)> _found = Channel.CreateBounded<(NodeName, WrongFile)>(
        new BoundedChannelOptions(ReplicaFinding.MostWrong) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>A stored file of an origin was read and is wrong. It does not wait.</summary>
    public void Found(NodeName origin, WrongFile file) => _found.Writer.TryWrite((origin, file));

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
        var found = new List<(NodeName Origin, WrongFile File)>();
        while (found.Count < ReplicaFinding.MostWrong && _found.Reader.TryRead(out var one)) found.Add(one);
        foreach (var origin in found.GroupBy(one => one.Origin)) Mark(origin.Key, [.. origin.Select(one => one.File)]);
    }

    /// <summary>Marks each snapshot of an origin that has one of these files, <paramref name="except"/> one that is spoken of by itself.</summary>
    public void Mark(NodeName origin, IReadOnlyCollection<WrongFile> wrong, SnapshotId? except = null)
    {
        try
        {
            foreach (var one in SharedDamage.Mark(root, origin, wrong, clock.GetUtcNow(), except))
            {
                Tell(origin, one.Id, one.Found);
                if (one.NotKept is { } why) NotKept(origin, one.Id, why);
            }
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

    private void Tell(NodeName origin, SnapshotId id, Verification.Damaged found)
    {
        held.Verified(origin, id, found);
        report(new ReplicaDamaged(origin, id, found));
    }

    private void NotKept(NodeName origin, SnapshotId id, string why) =>
        report(new Warned(string.Create(CultureInfo.InvariantCulture, $"What the verification of {origin} {id} found can't be kept: {why}")));
}
