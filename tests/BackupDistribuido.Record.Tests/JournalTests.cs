using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Record.Databases;
using BackupDistribuido.Record.Entries;
using static BackupDistribuido.Record.Tests.Samples;

namespace BackupDistribuido.Record.Tests;

public abstract class JournalTests
{

    /// <summary>Where the test keeps its record.</summary>
    protected abstract RecordPlace Place { get; }

    [SkippableFact]
    public async Task What_was_put_down_is_there_after_a_new_start()
    {
        await Written([
            new OriginSeen(Noon, Origin, 2, TopologyChoice.Relay), Comes("a"), Comes("b"), Begun(Run, First),
            Told(new RunStarted(Origin, Run, First, new Epoch(1), "chain", [NodeName.Parse("a"), NodeName.Parse("b")])),
            Told(new RunStarted(Origin, Run, First, new Epoch(2), "chain", [NodeName.Parse("a"), NodeName.Parse("b")])),
            Stored(Run, First, "a"), Stored(Run, First, "b"), Told(new SnapshotProtected(Origin, First, 2, 2)),
            Ended(Run, First, RunOutcome.Protected, ("a", ReplicaState.Stored), ("b", ReplicaState.Stored)),
            new SpeedsSeen(Noon, new Dictionary<string, long> { ["id-b"] = 5L << 32 }),
        ]);

        await using var journal = Open(Place);

        var run = Assert.Single(await journal.RunsAsync(Origin, 10));
        Assert.Equal(new RunHistory(Run, Origin, First, 2, Noon, Noon, RunOutcome.Protected, 2)
        {
            Totals = new(7, 5, 1234),
            Skipped = 1,
            Seconds = 3.5,
            Epochs = 2,
            Reason = Reason.Text("because"),
            Work = new RunWork(null, 0, null),
        }, run);
        var snapshot = Assert.Single(await journal.SnapshotsAsync(null, 10, new HashSet<string> { "id-b" }));
        Assert.Equal((Origin, First, 2), (snapshot.Origin, snapshot.Snapshot, snapshot.Required));
        Assert.Equal([new ReplicaHolder(NodeName.Parse("a"), Noon), new ReplicaHolder(NodeName.Parse("b"), null)],
            snapshot.Holders);
        Assert.Equal(["run-finished", "protected", "run-started", "run-started"],
            (await journal.EventsAsync(10)).Select(one => EventDescriptors.Of(one.Event)!.Name));
        Assert.Equal(new KnownOrigin(Origin, 2, First, TopologyChoice.Relay, Seen: Noon),
            Assert.Single(journal.Remembered.Origins));
        Assert.Equal([("id-a", First), ("id-b", First)],
            journal.Remembered.Absent.OrderBy(one => one.Identity)
                .Select(one => (one.Identity, one.Newest.Single().Snapshot)));
        Assert.Equal((null, 5L << 32), (journal.Remembered.Speed("id-a"), journal.Remembered.Speed("id-b")));
    }

    [SkippableFact]
    public async Task What_a_replica_lacks_is_known_after_a_new_start()
    {
        var held = new HeldSnapshot(Origin, First, 3, 100) { Missing = 20 };
        var comes = new DestinationRegistration(new NodeIdentity(NodeName.Parse("a"), "id-a", 1),
            NodeAddress.Parse("127.0.0.1:4054"), 1000, "disk-a", "a:/copies", [held], Epoch.None);
        await Written([new OriginSeen(Noon, Origin, 1), new DestinationSeen(Noon, comes, IsNewLife: true)]);

        await using (var journal = Open(Place))
        {
            Assert.Equal(20, Assert.Single(Assert.Single(journal.Remembered.Absent).Newest).Missing);
            var snapshot = Assert.Single(await journal.SnapshotsAsync(null, 10, new HashSet<string>()));
            Assert.Equal(20, Assert.Single(snapshot.Holders).Missing);
        }
        await Written([new DestinationSeen(Noon, comes with { Newest = [held with { Missing = 0 }] },
            IsNewLife: true)]);
        await using var again = Open(Place);
        Assert.Equal(0, Assert.Single(Assert.Single(again.Remembered.Absent).Newest).Missing);
    }

    [SkippableFact]
    public async Task How_an_origins_last_run_ended_is_known_after_a_new_start()
    {
        var refused = PastRun.Refused(Noon.AddHours(1), 2, Reason.Text("SOURCE is empty"), Second);
        var failed = new PastRun(Noon, PastOutcome.Failed, Second, 0, 2, Reason.Text("nobody came back"), 3, 1);
        await Written([new OriginSeen(Noon, Origin, 2), new OriginRan(Noon, Origin, PastRun.Begun(Noon, Second, 2))]);
        await using (var journal = Open(Place)) Assert.Equal(PastOutcome.Unknown,
            Assert.Single(journal.Remembered.Origins).Last?.Outcome);
        await Written([new OriginRan(Noon, Origin, failed)]);
        await using (var journal = Open(Place)) Assert.Equal(failed, Assert.Single(journal.Remembered.Origins).Last);
        await Written([new OriginSeen(Noon, Origin, 3), new OriginRan(Noon, Origin, refused)]);
        await using (var journal = Open(Place)) Assert.Equal((3, refused),
            Assert.Single(journal.Remembered.Origins) is var one ? (one.Required, one.Last) : default);
    }

    [SkippableFact]
    public async Task Each_event_is_there_again_as_it_was()
    {
        await Written([.. Events.Select(happened => Told(happened))]);

        await using var journal = Open(Place);

        var recalled = (await journal.EventsAsync(100)).Reverse().Select(one => one.Event).ToList();
        Assert.Equal(Events.SelectMany(Parts), recalled.SelectMany(Parts));
        Assert.Equal(Events.Count, recalled.Select(one => one.GetType()).Distinct().Count());

        // Two lists of the same things are not equal.
        static IEnumerable<object> Parts(NodeEvent happened) => happened switch
        {
            RunStarted e => [e with { Destinations = [] }, .. e.Destinations],
            RunFinished e => [e with { Summary = e.Summary with { Destinations = [] } }, .. e.Summary.Destinations],
            _ => [happened],
        };
    }

    [Fact]
    public void Each_event_that_a_coordinator_tells_is_kept()
    {
        // Those are an origin's or a destination's own, or nothing to keep.
        string[] others = ["connected", "disconnected", "destinations", "pages", "skipped", "receiving",
            "reception-ended", "file-stored", "replica-stored", "replica-resumed", "snapshots-removed"];

        Assert.Equal(EventDescriptors.All.Select(one => one.Name).Except(others).Order(),
            Events.Select(one => EventForm.Of(one)!.Value.Kind).Order());
    }

    [SkippableFact]
    public async Task What_a_run_took_is_in_it()
    {
        ReplicaResult Stored(string name, long linked, DateTimeOffset? read) =>
            new(NodeName.Parse(name), ReplicaState.Stored, Reason.None, "disk",
                Intake: new ReplicaIntake(1, 20, linked, 400, read), Sent: 30);
        var first = new SourceWork(50, null, IsFirst: true);
        var second = new SourceWork(60, new TreeChanges(First, 1, 2, 3, 4, 5), IsFirst: false);
        await Written([
            Begun(Run, First), With(Ended(Run, First, RunOutcome.Failed), first),
            Begun(RunId.Parse("5f0c2d9e8b7a6144"), Second) with { Time = Noon.AddHours(1) },
            With(Ended(RunId.Parse("5f0c2d9e8b7a6144"), Second, RunOutcome.Protected), second, Stored("a", 3, Noon),
                Stored("b", 4, Noon.AddDays(-1))),
        ]);

        await using var journal = Open(Place);
        var runs = await journal.RunsAsync(null, 10);
        Assert.Equal([new RunWork(second, 60, new ReplicaIntake(2, 40, 7, 800, Noon.AddDays(-1))),
            new RunWork(first, 0, null)], runs.Select(run => run.Work));

        static Happened With(Happened told, SourceWork source, params ReplicaResult[] destinations) =>
            told.Event is RunFinished end
                ? told with
                {
                    Event = end with
                    {
                        Summary = end.Summary with
                        {
                            Source = source,
                            Destinations = destinations
                        }
                    }
                } : told;
    }

    [SkippableFact]
    public async Task A_new_one_has_nothing()
    {
        await using var journal = Open(Place);
        Assert.Empty(await journal.RunsAsync(null, 10));
        Assert.Empty(await journal.SnapshotsAsync(null, 10, new HashSet<string>()));
        Assert.Empty(await journal.EventsAsync(10));
        Assert.Empty(journal.Remembered.Origins);
    }

    [SkippableFact]
    public async Task Who_was_here_last_is_told_last_so_that_it_is_kept_the_longest()
    {
        OriginSeen Seen(string name, int hours) => new(Noon.AddHours(hours), NodeName.Parse(name), 1);
        await Written([Seen("late", 2), Seen("early", 0), Seen("middle", 1)]);

        await using var journal = Open(Place);
        Assert.Equal(["early", "middle", "late"], journal.Remembered.Origins.Select(one => one.Name.ToString()));
    }

    [SkippableFact]
    public async Task The_same_twice_changes_nothing()
    {
        JournalEntry[] story =
            [new OriginSeen(Noon, Origin, 2), Comes("a"), Begun(Run, First), Stored(Run, First, "a")];
        await Written([.. story, .. story]);

        await using var journal = Open(Place);
        Assert.Equal(1, Assert.Single(await journal.RunsAsync(null, 10)).Copies);
        Assert.Single(Assert.Single(await journal.SnapshotsAsync(null, 10, new HashSet<string>())).Holders);
    }

    [SkippableFact]
    public async Task A_run_whose_end_was_not_heard_has_its_replicas()
    {
        await Written([Comes("a"), Begun(Run, First), Stored(Run, First, "a")]);

        await using var journal = Open(Place);
        var run = Assert.Single(await journal.RunsAsync(null, 10));
        Assert.Equal((null, null, 1), (run.Outcome, run.Ended, run.Copies));
    }

    [SkippableFact]
    public async Task Whoever_stored_something_else_has_no_replica()
    {
        await Written([
            Comes("a"), Comes("b"), Begun(Run, First), Stored(Run, First, "a"), Stored(Run, First, "b"),
            Ended(Run, First, RunOutcome.AtRisk, ("a", ReplicaState.Stored), ("b", ReplicaState.Failed)),
        ]);

        await using var journal = Open(Place);
        Assert.Equal("a",
            Assert.Single(Assert.Single(await journal.SnapshotsAsync(null, 10,
                new HashSet<string>())).Holders).Destination.ToString());
    }

    [SkippableFact]
    public async Task A_destination_that_comes_says_what_it_has_and_what_it_has_no_more()
    {
        await Written([Comes("a", Second), Comes("b", First), Comes("c", Second), Comes("a", First), Comes("c")]);

        await using var journal = Open(Place);
        Assert.Equal([("id-a", First), ("id-b", First)],
            journal.Remembered.Absent.Where(one => one.Newest.Count > 0).OrderBy(one => one.Identity)
                .Select(one => (one.Identity, one.Newest.Single().Snapshot)));
    }

    [SkippableFact]
    public async Task What_was_found_when_a_replica_was_read_again_is_remembered_until_the_replica_is_another_one()
    {
        var damaged = new Verification.Damaged(Noon, 2, "a ñ");
        DestinationSeen seen = new(Noon,
            Destination("a") with { Newest = [new HeldSnapshot(Origin, First, 7, Verified: damaged)] },
                IsNewLife: false);
        await Written([Comes("a", First), seen, Begun(Run, First), Stored(Run, First, "a")]);

        await using (var journal = Open(Place))
        {
            Assert.Equal(damaged, Assert.Single(Assert.Single(journal.Remembered.Absent).Newest).Verified);
            var snapshot = Assert.Single(await journal.SnapshotsAsync(null, 10, new HashSet<string>()));
            Assert.Equal((0, damaged), (snapshot.Copies, Assert.Single(snapshot.Holders).Verified));
        }

        // Removed by hand, and brought anew.
        await Written([Comes("a"), Stored(Run, First, "a")]);
        await using var later = Open(Place);
        Assert.Null(Assert.Single(Assert.Single(later.Remembered.Absent).Newest).Verified);
        Assert.Equal(1, Assert.Single(await later.SnapshotsAsync(null, 10, new HashSet<string>())).Copies);
    }

    [SkippableFact]
    public async Task What_was_found_in_older_snapshots_is_known_and_a_damaged_one_takes_nobodys_place()
    {
        var damaged = new Verification.Damaged(Noon, 1, "a");
        DestinationSeen seen = new(Noon,
            Destination("a", Second) with { Older = [new OlderSnapshot(Origin, First, damaged)] }, IsNewLife: false);
        await Written([Comes("a", First), seen, Begun(Run, Third, keep: 2), Stored(Run, Third, "a"),
            Whole(Ended(Run, Third, RunOutcome.Protected, ("a", ReplicaState.Stored))), seen]);

        await using var journal = Open(Place);
        var all = await journal.SnapshotsAsync(null, 10, new HashSet<string>());
        Assert.Equal([Third, Second, First], all.Select(one => one.Snapshot));
        Assert.Equal(damaged, Assert.Single(all[2].Holders).Verified);
    }

    [SkippableFact]
    public async Task After_a_run_that_left_entries_out_all_are_there_still()
    {
        await Written([Comes("a", First), Comes("a", Second), Begun(Run, Third, keep: 1), Stored(Run, Third, "a"),
            Ended(Run, Third, RunOutcome.Protected, ("a", ReplicaState.Stored))]);

        await using var journal = Open(Place);
        Assert.Equal(3, (await journal.SnapshotsAsync(null, 10, new HashSet<string>())).Count);
    }

    /// <summary>The same end of a run that left nothing out.</summary>
    private static Happened Whole(Happened ended) =>
        ended.Event is RunFinished finished
            ? ended with { Event = finished with { Summary = finished.Summary with { Skipped = 0 } } } : ended;

    [SkippableFact]
    public async Task What_a_destination_says_in_the_middle_may_be_a_moment_old()
    {
        await Written([Comes("a", First), Begun(Run, Second), Stored(Run, Second, "a"),
            new DestinationSeen(Noon, Destination("a", First), IsNewLife: false)]);

        await using var journal = Open(Place);
        Assert.Equal(Second, Assert.Single(journal.Remembered.Absent).Newest.Single().Snapshot);
    }

    [SkippableFact]
    public async Task Snapshots_that_are_not_kept_are_gone_after_a_protected_run()
    {
        await Written([
            Comes("a", First), Comes("a", Second), Comes("b", First), Begun(Run, Third, keep: 2),
                Stored(Run, Third, "a"), Stored(Run, Third, "b"),
            Whole(Ended(Run, Third, RunOutcome.Protected, ("a", ReplicaState.Stored), ("b", ReplicaState.Stored))),
        ]);

        await using var journal = Open(Place);
        Assert.Equal(["20261124T120000Z: a b", "20261123T120000Z: a", "20261122T120000Z: b"],
            (await journal.SnapshotsAsync(null, 10, new HashSet<string>()))
            .Select(one => $"{one.Snapshot}: {string.Join(' ', one.Holders.Select(holder => holder.Destination))}"));
    }

    [SkippableFact]
    public async Task None_is_gone_after_a_run_whose_tree_has_shrunk()
    {
        var end = Whole(Ended(Run, Third, RunOutcome.Protected, ("a", ReplicaState.Stored)));
        var finished = (RunFinished)end.Event;
        var shrunk = end with { Event = finished with { Summary = finished.Summary with { HasShrunk = true } } };
        await Written([Comes("a", First), Comes("a", Second), Begun(Run, Third, keep: 1), Stored(Run, Third, "a"),
            shrunk]);

        await using var journal = Open(Place);
        Assert.Equal(3, (await journal.SnapshotsAsync(null, 10, new HashSet<string>())).Count);
    }

    [SkippableFact]
    public async Task One_snapshot_is_told_however_many_there_are()
    {
        await Written([new OriginSeen(Noon, Origin, 2), Comes("a", First), Comes("b", First), Comes("c", Second),
            Begun(Run, Third)]);

        await using var journal = Open(Place);
        var one = await journal.SnapshotAsync(Origin, First, new HashSet<string> { "id-b" });
        Assert.Equal((Origin, First, 2), (one!.Origin, one.Snapshot, one.Required));
        Assert.Equal([new ReplicaHolder(NodeName.Parse("a"), Noon), new ReplicaHolder(NodeName.Parse("b"), null)],
            one.Holders);
        Assert.Empty((await journal.SnapshotAsync(Origin, Third, new HashSet<string>()))!.Holders);
        Assert.Null(await journal.SnapshotAsync(Origin, SnapshotId.Parse("20001122T120000Z"), new HashSet<string>()));
        Assert.Null(await journal.SnapshotAsync(NodeName.Parse("other"), First, new HashSet<string>()));
    }

    [SkippableFact]
    public async Task Two_trees_of_one_id_do_not_count_together_and_what_was_sealed_is_known_again()
    {
        var other = new HeldSnapshot(Origin, First, 7, Digest: Sha256Digest.Of("another tree"u8),
            OriginIdentity: "machine:/other");
        DestinationSeen Has(string name) => new(Noon, Destination(name) with { Newest = [other] }, IsNewLife: true);
        await Written([
            new OriginSeen(Noon, Origin, 2), Comes("a"), Begun(Run, First), Stored(Run, First, "a"),
                Ended(Run, First, RunOutcome.AtRisk, ("a", ReplicaState.Stored)), Has("b"), Has("c"),
        ]);

        await using var journal = Open(Place);
        Assert.Equal("a",
            Assert.Single(Assert.Single(await journal.SnapshotsAsync(null, 10,
                new HashSet<string>())).Holders).Destination.ToString());
        Assert.Equal(Digest, journal.Remembered.SealOf(Origin, First));
        Assert.Equal([Digest, other.Digest, other.Digest],
            journal.Remembered.Absent.OrderBy(one => one.Identity).Select(one => one.Newest.Single().Digest));
        Assert.Equal("machine:/other",
            journal.Remembered.Absent.Single(one => one.Identity == "id-b").Newest.Single().OriginIdentity);
    }

    [SkippableFact]
    public async Task A_disk_that_was_replaced_under_its_name_holds_nothing_any_more()
    {
        var replaced = Comes("a") with
        {
            Time = Noon.AddHours(1),
            Registration = Destination("a") with { Node = Node("a") with { Identity = "another disk" } }
        };
        await Written([Comes("a", First), Comes("b", First), replaced]);

        await using var journal = Open(Place);
        Assert.Equal(["another disk", "id-b"],
            journal.Remembered.Absent.Select(one => one.Identity).Order(StringComparer.Ordinal));
        Assert.Equal("b",
            Assert.Single(Assert.Single(await journal.SnapshotsAsync(null, 10,
                new HashSet<string>())).Holders).Destination.ToString());
    }

    [SkippableFact]
    public async Task One_from_the_future_is_not_the_newest_and_pushes_nothing_out()
    {
        var (future, past) = (SnapshotId.Parse("98990101T000000Z"), SnapshotId.Parse("20010101T000000Z-bdb256"));
        await Written([
            new OriginSeen(Noon, Origin, 1), Told(new SnapshotProtected(Origin, future, 1, 1)), Comes("a", future),
                Begun(Run, past, keep: 2), Stored(Run, past, "a"), Told(new SnapshotProtected(Origin, past, 1, 1)),
            Ended(Run, past, RunOutcome.Protected, ("a", ReplicaState.Stored)), Comes("a", past),
        ]);

        await using var journal = Open(Place);
        Assert.Equal((past, past, past),
            (Assert.Single(journal.Remembered.Absent).Newest.Single().Snapshot,
                Assert.Single(journal.Remembered.Origins).Protected, journal.Remembered.Highest(Origin)));
        Assert.Equal([past, future],
            (await journal.SnapshotsAsync(null, 10, new HashSet<string>())).Select(one => one.Snapshot));
    }

    [SkippableFact]
    public async Task Many_entries_at_once_are_all_durable()
    {
        await using var journal = Open(Place);

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(number => journal.WriteAsync(Warning(number))));

        Assert.Equal(1000, (await journal.EventsAsync(2000)).Count);
    }

    [SkippableFact]
    public async Task Nothing_is_written_after_it_was_closed()
    {
        var journal = Open(Place);
        await journal.DisposeAsync();

        await Assert.ThrowsAsync<RecordException>(() => journal.WriteAsync(Warning(1)));
    }

    private async Task Written(IReadOnlyList<JournalEntry> entries)
    {
        await using var journal = Open(Place);
        foreach (var entry in entries) await journal.WriteAsync(entry);
    }
}
