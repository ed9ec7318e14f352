using System.Globalization;
using System.Threading.Channels;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Checking;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests.Findings;

namespace BackupDistribuido.Actors.Destination.Holding;

/// <summary>
/// Collects reports of wrong files: each snapshot with the same inode is marked as damaged, reported to the owner, and
/// no copy from then on. It outlives ActorSystems. Safe from any thread.
/// </summary>
internal sealed class DamageReports(DestinationRoot root, HeldSnapshots held, Action<NodeEvent> report,
    TimeProvider clock)
{
    /// <summary>
    /// Wrong files are collected for this time: they mostly come together, and each snapshot is written to once for all
    /// of them.
    /// </summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(200);

    private const long Pending = long.MaxValue;

    private readonly Lock _gate = new();
    private readonly Dictionary<(NodeName Origin, WrongFile File), long> _known = [];
    private readonly Dictionary<NodeName, long> _findings = [];
    private long _settled;

    // More would only raise a number: their snapshots are damaged already.
    private readonly Channel<Finding> _found = Channel.CreateBounded<Finding>(
        new BoundedChannelOptions(ReplicaFinding.MostWrong) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Where in the order of all that was found this is; see <see cref="OfNew"/>.</summary>
    public long Now
    {
        get
        {
            lock (_gate) return _settled;
        }
    }

    /// <summary>How often something of an origin was found wrong here, news or not. A reading during which this number
    /// grew may have passed there before: it does not say that all is sound.</summary>
    public long FindingsOf(NodeName origin)
    {
        lock (_gate) return _findings.GetValueOrDefault(origin);
    }

    /// <summary>Whether a snapshot is known to be damaged, also where that could not be kept.</summary>
    public bool IsKnown(NodeName origin, SnapshotId id) => held.Known(origin, id) is Verification.Damaged;

    /// <summary>A stored file of an origin was read and is wrong. It does not wait.</summary>
    public void Found(NodeName origin, WrongFile file)
    {
        Remember(origin, [file]);
        _found.Writer.TryWrite(new Finding(origin, null, file));
    }

    /// <summary>A stored file was to be given to others, and can't be as its manifest says. It does not wait.</summary>
    public void Found(NodeName origin, SnapshotId id, UnfitFile file)
    {
        if (file.Fault is not { } fault) return;
        if (file.Inode is { } inode)
        {
            Found(origin, new WrongFile(file.Path, inode, fault));
            return;
        }
        Count(origin);
        _found.Writer.TryWrite(new Finding(origin, id, new WrongFile(file.Path, 0, fault)));
    }

    /// <summary>Looks at a snapshot that could not be opened because of <paramref name="problem"/>: whether it is gone,
    /// or its manifest is damaged. It reads from the disk.</summary>
    public void Unopened(NodeName origin, SnapshotId id, Exception problem)
    {
        var found = HoldingCheck.At(root, origin, id, null, null);
        if (found is { State: HoldingState.Gone, Fault: { } missing })
        {
            var gone = new Verification.Damaged(clock.GetUtcNow(), 1, missing.Path);
            if (held.Gone(origin, id, gone)) report(new ReplicaDamaged(origin, id, gone));
        }
        else if (found is { State: HoldingState.Damaged, Fault: { } fault }) Keep(origin, id, fault);
        else if (problem is InvalidDataException)
            Keep(origin, id, new FaultyEntry($"manifests/{id}.manifest", EntryFault.OtherContent));
    }

    /// <summary>
    /// Marks a snapshot that was just published, if it has a file that was found wrong, or whose snapshots were marked,
    /// while it was being received: it may have taken the file over before, unseen by the marking. Returns the damage;
    /// null: none is known. For the publisher, before the publication is reported.
    /// </summary>
    /// <param name="since"><see cref="Now"/>, asked for before it was looked at what may be taken over unread. An inode
    /// found wrong before that may have become another file's.</param>
    /// <returns>A snapshot that can't be checked is not a copy until it has been read.</returns>
    public Verification.Damaged? OfNew(NodeName origin, SnapshotId id, long since)
    {
        List<WrongFile> wrong;
        lock (_gate)
            wrong = [.. _known.Where(one => one.Key.Origin == origin && one.Value > since).Select(one => one.Key.File)];
        MarkedDamage? marked;
        try
        {
            marked = SharedDamage.Mark(root, origin, wrong, clock.GetUtcNow(), only: id).FirstOrDefault();
        }
        catch (IOException e)
        {
            NotKept(origin, id, Reason.Of(e));
            return new Verification.Damaged(clock.GetUtcNow(), 1, $"snapshots/{id}");
        }
        if (marked?.NotKept is { } why) NotKept(origin, id, why);
        // The marking of others may have seen it already.
        return marked?.Found ?? KeptVerification.Of(root.RealPath, origin, id)?.Verdict as Verification.Damaged;
    }

    private void Count(NodeName origin)
    {
        lock (_gate) _findings[origin] = _findings.GetValueOrDefault(origin) + 1;
    }

    private void Remember(NodeName origin, IEnumerable<WrongFile> wrong)
    {
        Count(origin);
        lock (_gate)
        {
            foreach (var file in wrong)
            {
                if (_known.Count >= ReplicaFinding.MostWrong && !_known.ContainsKey((origin, file)))
                    _known.Remove(_known.MinBy(one => one.Value).Key);
                _known[(origin, file)] = Pending;
            }
        }
    }

    /// <summary>The snapshots that have them are marked, as far as they were there.</summary>
    private void Settle(NodeName origin, IEnumerable<WrongFile> wrong)
    {
        lock (_gate)
        {
            _settled++;
            foreach (var file in wrong.Where(file => _known.ContainsKey((origin, file))))
                _known[(origin, file)] = _settled;
        }
    }

    /// <summary>Marks what is found, until it is cancelled; then what was found by then.</summary>
    public async Task RunAsync(CancellationToken stop)
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
            if (some.Key.Only is { } id)
                MarkOwn(some.Key.Origin, id, [.. some.Select(one => (one.File.Path, one.File.Fault))]);
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
            report(new Warned(ReplicaReason.NotVerified(origin, Reason.Of(e))));
        }
    }

    /// <summary>
    /// Marks each snapshot of an origin that has one of these files, except <paramref name="except"/>, which is
    /// reported separately.
    /// </summary>
    public void Mark(NodeName origin, IReadOnlyCollection<WrongFile> wrong, SnapshotId? except = null)
    {
        if (wrong.Count == 0) return;
        Remember(origin, wrong);
        try
        {
            foreach (var one in SharedDamage.Mark(root, origin, wrong, clock.GetUtcNow(), except)) Tell(origin, one);
        }
        catch (IOException e)
        {
            report(new Warned(ReplicaReason.NotVerified(origin, Reason.Of(e))));
        }
        finally
        {
            Settle(origin, wrong);
        }
    }

    /// <summary>A single snapshot is damaged: this is reported, and stored if possible.</summary>
    public void Keep(NodeName origin, SnapshotId id, FaultyEntry fault)
    {
        var found = new Verification.Damaged(clock.GetUtcNow(), 1, fault.Path);
        Count(origin);
        Tell(origin, id, found);
        try
        {
            ReplicaCheck.Keep(root, origin, id, new VerificationReport(found, [fault with { Path = found.First }]));
        }
        catch (IOException e)
        {
            NotKept(origin, id, Reason.Of(e));
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

    private void NotKept(NodeName origin, SnapshotId id, Reason why) =>
        report(new Warned(ReplicaReason.FindingNotKept($"{origin} {id}", why)));

    /// <param name="Only">The only affected snapshot, if the damage is not an inode's; null: each that has the file's
    /// inode.</param>
    private readonly record struct Finding(NodeName Origin, SnapshotId? Only, WrongFile File);
}
