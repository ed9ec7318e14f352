using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Actors.Tests.Coordination.Fixtures;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Actors.Tests.Coordination;

/// <summary>Who is asked for a stored snapshot's files, and what becomes of the answer.</summary>
public sealed class SnapshotFilesTests : TestKit
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);
    private static readonly SnapshotId Older = SnapshotId.Parse("20251122T163305Z");
    private static readonly FileQuery Query = new("img", true, 0, 10);
    private static readonly FilePage Page = new(7, 3, [NodeName.Parse("b")], [new FileRow("img1", 5, "1")]);

    private readonly HandJournal _journal = new();
    private readonly IActorRef _coordinator;

    public SnapshotFilesTests() : base("akka.loglevel = OFF\nakka.stdout-loglevel = OFF")
    {
        var (settings, clock) =
            (new CoordinatorSettings(NodeAddress.Parse("127.0.0.1:0"), TimeSpan.FromSeconds(60)), new HandClock());
        Action<Core.Events.NodeEvent> report = _ => { };
        var journal = _journal;
        _coordinator = Sys.ActorOf(Props.Create(() =>
            new CoordinatorActor(settings, report, clock, journal, new Remembered(), null)), "coordinator");
    }

    [Fact]
    public void One_that_holds_it_is_asked_and_everyone_with_a_snapshot_of_the_origin_is_a_column()
    {
        var a = Registers("a", Samples.Snapshot, new Verification.Damaged(DateTimeOffset.UnixEpoch, 1, "x"));
        var b = Registers("b", Samples.Snapshot);
        Registers("c", Older);
        var asker = Ask(Query);

        var asked = b.ExpectMsg<AskSnapshotFiles>(Bound);
        Assert.Equal((Samples.Snapshot, Query with { OnlyMissing = false }), (asked.Snapshot, asked.Query));
        b.Reply(new FilesAnswer(Page));
        // Who has it damaged says which files are wrong there: not this one's neighbours, this one.
        a.ExpectMsg<AskSnapshotFiles>(Bound);
        a.Reply(new FilesAnswer(Page with { Rows = [new FileRow("img1", 5, "0")] }));

        var answer = asker.ExpectMsg<FilesAnswer>(Bound).Page;
        Assert.Equal(["a", "b", "c"], answer.Destinations.Select(name => name.ToString()));
        Assert.Equal(("img1", "010"), (Assert.Single(answer.Rows).Path, answer.Rows[0].Copies));
        Assert.Equal((7, 3), (answer.Known, answer.Matching));
    }

    [Fact]
    public void Who_has_another_tree_under_its_id_has_none_of_its_files_and_is_not_asked()
    {
        var other = Registers("a", Samples.Snapshot, digest: Sha256Digest.Of("another tree"u8));
        var b = Registers("b", Samples.Snapshot);
        Registers("c", Samples.Snapshot);
        var asker = Ask(Query);

        b.ExpectMsg<AskSnapshotFiles>(Bound);
        b.Reply(new FilesAnswer(Page));

        Assert.Equal("011", Assert.Single(asker.ExpectMsg<FilesAnswer>(Bound).Page.Rows).Copies);
        Assert.False(other.HasMessages);
    }

    [Fact]
    public void Of_a_damaged_one_only_the_files_that_are_wrong_are_missing()
    {
        var damaged = Registers("a", Samples.Snapshot, new Verification.Damaged(DateTimeOffset.UnixEpoch, 2, "x"));
        var b = Registers("b", Samples.Snapshot);
        var rows = Enumerable.Range(0, 5).Select(number => new FileRow($"img{number}", 5, "1")).ToList();
        var asker = Ask(Query with { OnlyMissing = false });
        b.ExpectMsg<AskSnapshotFiles>(Bound);
        b.Reply(new FilesAnswer(new FilePage(5, 5, [NodeName.Parse("b")], rows)));
        damaged.ExpectMsg<AskSnapshotFiles>(Bound);
        damaged.Reply(new FilesAnswer(new FilePage(5, 5, [NodeName.Parse("a")],
            [.. rows.Select((row, at) => row with { Copies = at is 1 or 3 ? "0" : "1" })])));

        Assert.Equal(["11", "01", "11", "01", "11"],
            asker.ExpectMsg<FilesAnswer>(Bound).Page.Rows.Select(row => row.Copies));

        // Only those: the damaged one is asked for them.
        asker = Ask(Query);
        b.ExpectMsg<AskSnapshotFiles>(Bound);
        b.Reply(new FilesAnswer(new FilePage(5, 5, [NodeName.Parse("b")], rows)));
        Assert.True(damaged.ExpectMsg<AskSnapshotFiles>(Bound).Query.OnlyMissing);
        damaged.Reply(new FilesAnswer(new FilePage(5, 2, [NodeName.Parse("a")],
            [rows[1] with { Copies = "0" }, rows[3] with { Copies = "0" }])));

        var wrong = asker.ExpectMsg<FilesAnswer>(Bound).Page;
        Assert.Equal((5, 2), (wrong.Known, wrong.Matching));
        Assert.Equal([("img1", "01"), ("img3", "01")], wrong.Rows.Select(row => (row.Path, row.Copies)));
    }

    [Fact]
    public void Where_everyone_has_it_nothing_is_missing_anywhere()
    {
        var b = Registers("b", Samples.Snapshot);
        var asker = Ask(Query);
        b.ExpectMsg<AskSnapshotFiles>(Bound);
        b.Reply(new FilesAnswer(Page));

        var answer = asker.ExpectMsg<FilesAnswer>(Bound).Page;
        Assert.Equal((7, 0), (answer.Known, answer.Matching));
        Assert.Empty(answer.Rows);
    }

    [Fact]
    public void An_answer_longer_than_it_may_be_is_cut()
    {
        var b = Registers("b", Samples.Snapshot);
        var asker = Ask(Query with { OnlyMissing = false });
        b.ExpectMsg<AskSnapshotFiles>(Bound);
        b.Reply(new FilesAnswer(Page with { Rows = [.. Enumerable.Repeat(Page.Rows[0], 5000)] }));

        Assert.Equal(FileQuery.Most, asker.ExpectMsg<FilesAnswer>(Bound).Page.Rows.Count);
    }

    [Fact]
    public void An_older_one_is_asked_of_whoever_has_it_by_the_record_and_is_here()
    {
        var b = Registers("b", Samples.Snapshot);
        _journal.Snapshots =
        [
            new(Samples.Origin, Samples.Snapshot, 2, [new ReplicaHolder(NodeName.Parse("b"), null)]),
            new(Samples.Origin, Older, 2,
                [new ReplicaHolder(NodeName.Parse("gone"), DateTimeOffset.UnixEpoch),
                    new ReplicaHolder(NodeName.Parse("b"), null)]),
        ];
        var asker = Ask(Query with { OnlyMissing = false }, Older);
        Assert.Equal(Older, b.ExpectMsg<AskSnapshotFiles>(Bound).Snapshot);
        b.Reply(new FilesAnswer(Page));

        var answer = asker.ExpectMsg<FilesAnswer>(Bound).Page;
        Assert.Equal(["b", "gone"], answer.Destinations.Select(name => name.ToString()));
        Assert.Equal("11", Assert.Single(answer.Rows).Copies);
    }

    [Fact]
    public void Where_nobody_has_it_that_is_said()
    {
        Registers("c", Older);
        _journal.Snapshots = [new(Samples.Origin, Samples.Snapshot, 2,
            [new ReplicaHolder(NodeName.Parse("gone"), DateTimeOffset.UnixEpoch)])];

        Assert.Contains("No destination", Ask(Query).ExpectMsg<FilesAnswer>(Bound).Page.Problem?.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Who_has_the_name_of_one_that_is_gone_is_not_asked_for_what_that_one_had()
    {
        var b = Registers("b", Samples.Snapshot);
        var c = Registers("c", Samples.Snapshot);
        _journal.Snapshots = [new(Samples.Origin, Older, 2,
            [new ReplicaHolder(NodeName.Parse("b"), DateTimeOffset.UnixEpoch),
                new ReplicaHolder(NodeName.Parse("c"), null)])];

        Ask(Query, Older);

        Assert.Equal(Older, c.ExpectMsg<AskSnapshotFiles>(Bound).Snapshot);
        Assert.False(b.HasMessages);
    }

    [Fact]
    public void A_record_that_can_not_be_read_is_said_to_be_the_reason()
    {
        Registers("b", Samples.Snapshot);
        _journal.Unreadable = "the record can't be read: disk I/O error";

        Assert.Equal(_journal.Unreadable, Ask(Query, Older).ExpectMsg<FilesAnswer>(Bound).Page.Problem?.ToString());
    }

    private TestProbe Registers(string name, SnapshotId snapshot, Verification? verified = null,
        Sha256Digest? digest = null)
    {
        var node = CreateTestProbe();
        _coordinator.Tell(new RegisterDestination(Samples.Destination(name,
            held: new HeldSnapshot(Samples.Origin, snapshot, 3, Digest: digest ?? Samples.Seal.Digest,
                Verified: verified))), node);
        node.ExpectMsg<DestinationRegistered>(Bound);
        return node;
    }

    private TestProbe Ask(FileQuery query, SnapshotId? snapshot = null)
    {
        var asker = CreateTestProbe();
        _coordinator.Tell(new AskSnapshotFiles(Samples.Origin, snapshot ?? Samples.Snapshot, query), asker);
        return asker;
    }
}
