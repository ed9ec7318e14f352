using Akka.Actor;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Record;

namespace BackupDistribuido.Actors.Coordination;

/// <content>What the coordinator remembers and puts down in its record, and what it answers from both.</content>
public sealed partial class CoordinatorActor
{
    /// <summary>How often the record hears who is there: so exact is "last seen" after the coordinator was
    /// killed.</summary>
    private static readonly TimeSpan AliveNote = TimeSpan.FromMinutes(1);

    private readonly IJournal? _journal;
    private readonly Remembered _remembered;

    private void ReceiveQuestions()
    {
        Receive<AskSnapshotFiles>(Ask);
        Receive<HoldersKnown>(OnHoldersKnown);
        Receive<HoldersUnknown>(OnHoldersUnknown);
        Receive<AskStatus>(_ => Sender.Tell(new StatusAnswer(Status())));
        Receive<AskRuns>(ask =>
        {
            var live = _runs.Where(run => !run.Value.IsOver).Select(run => run.Key).ToList();
            if (_journal is null) Sender.Tell(new RunsAnswer([], live, RecordReason.Off));
            else
            {
                _journal.RunsAsync(ask.Origin, Math.Clamp(ask.Most, 1, AskRuns.MostAnswered))
                    .PipeTo(Sender, success: runs => new RunsAnswer(runs, live, null),
                        failure: e => new RunsAnswer([], live, Reason.Of(e)));
            }
        });
        Receive<AskSnapshots>(ask =>
        {
            if (_journal is null) Sender.Tell(new SnapshotsAnswer(NewestSnapshots(ask.Origin), null));
            else
            {
                _journal.SnapshotsAsync(ask.Origin, Math.Clamp(ask.Most, 1, AskSnapshots.MostAnswered), Connected())
                    .PipeTo(Sender, success: snapshots => new SnapshotsAnswer(snapshots, null),
                        failure: e => new SnapshotsAnswer([], Reason.Of(e)));
            }
        });
        Receive<AliveTick>(_ =>
        {
            if (_destinations.Count > 0) Note(time => new DestinationsAlive(time, [.. Connected()]));
        });
    }

    private HashSet<string> Connected() => [.. _destinations.Entries.Select(live => live.Node.Identity)];

    private IReadOnlyList<SnapshotHistory> NewestSnapshots(NodeName? origin) =>
    [
        .. Status().Snapshots.Where(one => origin is null || one.Origin == origin)
            .Select(one => new SnapshotHistory(one.Origin, one.Snapshot, one.Required, one.Holders ?? [])),
    ];

    private void Note(Func<DateTimeOffset, JournalEntry> entry) => _journal?.Note(entry(_clock.GetUtcNow()));

    /// <summary>A destination spoke; <paramref name="before"/> is what it said last in this life, null where this is
    /// its first word.</summary>
    private void Remember(DestinationRegistration said, DestinationRegistration? before)
    {
        foreach (var held in said.Newest) _remembered.Saw(held.Origin, held.Snapshot, Order);
        if (_remembered.Joined(said.Node) is { } replaced) SayReplaced(replaced);
        if (before is not null && said.Newest.SequenceEqual(before.Newest)
            && (said.Older ?? []).SequenceEqual(before.Older ?? [])) return;
        _hasNews = true;
        Note(time => new DestinationSeen(time, said, IsNewLife: before is null));
    }

    private void RememberAbsent(DestinationRegistration gone, Reason reason)
    {
        _remembered.Left(gone, _clock.GetUtcNow(), reason);
        Note(time => new DestinationsAlive(time, [gone.Node.Identity]));
    }

    private void OnRunStatus(RunNews.Standing changed)
    {
        if (changed.Status.Phase == RunPhase.Protected)
            _remembered.Protected(changed.Status.Origin, changed.Status.Snapshot);
        if (!_runs.TryGetValue(changed.Status.Run, out var run)) return;
        _runs[changed.Status.Run] = run with { Status = changed.Status, IsOver = changed.IsOver };
        if (changed.End is { } end && !run.IsOver && !_catchUps.Contains(end.Run))
            Ended(changed.Status.Origin, PastRun.Of(end, _clock.GetUtcNow()));
    }

    /// <summary>How an origin's last run ended outlives this coordinator: what failed must not be green again because
    /// nobody remembers.</summary>
    private void Ended(NodeName origin, PastRun run)
    {
        _remembered.Ended(origin, run);
        Note(time => new OriginRan(time, origin, run));
    }

    /// <summary>The tree of an origin that waits has lost too much: it is not copied, and its owner is about to be told
    /// so.</summary>
    private void NoteRefusal(OriginRegistration origin, bool isNewLife)
    {
        if (origin.Totals is not { } totals || origin.InProgress is not null) return;
        var own = origin.Refusal?.Within(PastRun.MaxReason);
        if ((own ?? ShrinkGuard.WhyStopped(totals, origin.MaxShrinkPercent, NewestOf(origin.Node.Name))) is not { } why)
            return;
        var last = _remembered.Origin(origin.Node.Name)?.Last;
        var now = PastRun.Refused(_clock.GetUtcNow(), origin.Required, why, NewestKnown(origin.Node.Name));
        // It says the same each second until it is gone.
        if (isNewLife || last is null || now with { Time = last.Time } != last) Ended(origin.Node.Name, now);
    }

    private ClusterStatus Status()
    {
        var destinations = _destinations.Entries.Select(live => new NodeStatus(
            NodeRole.Destination, live.Node.Name, live.Registration.Dialled, live.Since, live.Registration.FreeBytes,
            Order.Newest(live.Registration.Newest.Select(held => held.Snapshot)),
                Verified: NodeStatus.VerifiedOf([.. live.Registration.Newest])));
        var origins = _origins.Entries.Select(live =>
            new NodeStatus(NodeRole.Origin, live.Node.Name, null, live.Since, null, null, live.Registration.Required));
        return new ClusterStatus([.. destinations, .. origins],
            [.. _runs.Values.Where(run => !run.IsOver).Select(run => run.Status)],
            SnapshotStatus.Newest([.. _destinations.Entries.Select(live => live.Registration)], _remembered,
                _clock.GetUtcNow()),
            [.. _remembered.Absent.Take(ClusterStatus.MostAbsent)
                .Select(one => new AbsentNode(one.Name, one.Address, one.LastSeen, one.Reason))],
            OriginStatus.Of(_remembered.Origins, _clock.GetUtcNow()), CurrentDoubts());
    }

    private sealed record AliveTick;
}
