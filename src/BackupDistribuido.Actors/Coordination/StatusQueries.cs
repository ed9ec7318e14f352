using Akka.Actor;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Core.Coordination;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>
/// A coordinator's answers about the cluster and its record, and its doubts. Part of the coordinator's actor, for its
/// thread.
/// </summary>
internal sealed class StatusQueries(
    CoordinatorServices services, MemberRegistry members, ActiveRuns runs, DuplicateWatch twins,
    CatalogueCollector catalogues)
{
    private readonly DoubtWatch _doubts = new();

    /// <summary>Connected nodes, protected snapshots, runs.</summary>
    public ClusterStatus Status()
    {
        var destinations = members.Destinations.Entries.Select(live => new NodeStatus(
            NodeRole.Destination, live.Node.Name, live.Registration.Dialled, live.Since, live.Registration.FreeBytes,
            services.Order.Newest(live.Registration.Newest.Select(held => held.Snapshot)),
            Verified: NodeStatus.VerifiedOf([.. live.Registration.Newest])));
        var origins = members.Origins.Entries.Select(live =>
            new NodeStatus(NodeRole.Origin, live.Node.Name, null, live.Since, null, null, live.Registration.Required));
        var remembered = services.Remembered;
        return new ClusterStatus([.. destinations, .. origins], [.. runs.Live.Select(run => run.Status)],
            SnapshotStatus.Newest([.. members.Registrations], remembered, services.Time),
            [.. remembered.Absent.Take(ClusterStatus.MostAbsent)
                .Select(one => new AbsentNode(one.Name, one.Address, one.LastSeen, one.Reason))],
            OriginStatus.Of(remembered.Origins, services.Time), Doubted());
    }

    /// <summary>Answers which runs there were.</summary>
    public void Answer(AskRuns ask, IActorRef asker)
    {
        var live = runs.Live.Select(run => run.Status.Run).ToList();
        if (services.Journal is not { } journal)
        {
            asker.Tell(new RunsAnswer([], live, RecordReason.Off));
            return;
        }
        journal.RunsAsync(ask.Origin, Math.Clamp(ask.Most, 1, AskRuns.MostAnswered)).PipeTo(asker,
            success: runs => new RunsAnswer(runs, live, null), failure: e => new RunsAnswer([], live, Reason.Of(e)));
    }

    /// <summary>Answers which snapshots there are.</summary>
    public void Answer(AskSnapshots ask, IActorRef asker)
    {
        if (ask.IsListing)
        {
            asker.Tell(catalogues.List(ask, name => services.Remembered.Origin(name)?.Required));
            return;
        }
        if (services.Journal is not { } journal)
        {
            asker.Tell(new SnapshotsAnswer(NewestSnapshots(ask.Origin), null));
            return;
        }
        var most = Math.Clamp(ask.Most, 1, AskSnapshots.MostAnswered);
        journal.SnapshotsAsync(ask.Origin, most, members.Connected()).PipeTo(asker,
            success: all => new SnapshotsAnswer(all, null), failure: e => new SnapshotsAnswer([], Reason.Of(e)));
    }

    private IReadOnlyList<SnapshotHistory> NewestSnapshots(NodeName? origin) =>
    [
        .. Status().Snapshots.Where(one => origin is null || one.Origin == origin)
            .Select(one => new SnapshotHistory(one.Origin, one.Snapshot, one.Required, one.Holders ?? [])),
    ];

    /// <summary>Something has changed in what destinations say.</summary>
    public void Changed() => _doubts.Changed();

    /// <summary>Warns of new doubts, if it is time to look.</summary>
    public void ReportDoubts()
    {
        if (services.Uptime < CoordinatorActor.Settling || !_doubts.IsDue(services.Uptime)) return;
        foreach (var doubt in _doubts.Fresh(Doubted(), services.Uptime)) services.Warn(doubt);
    }

    private IReadOnlyList<Reason> Doubted() => Doubts.Of([.. members.Holdings], twins.Certain, services.Order);
}
