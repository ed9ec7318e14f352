using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Core.Tests.Membership;

/// <summary>Copies at destinations that are not connected, and what is protected by them.</summary>
public sealed class RememberedTests
{
    private static readonly NodeName Origin = NodeName.Parse("laptop");
    private static readonly SnapshotId First = SnapshotId.Parse("20261122T120000Z"), Second =
        SnapshotId.Parse("20261123T120000Z");
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly Sha256Digest Tree = Sha256Digest.Of("tree"u8);
    private readonly Remembered _remembered = new();

    [Fact]
    public void What_is_only_asked_for_changes_nothing_of_what_a_run_wanted()
    {
        _remembered.Asks(Origin, 3, TopologyChoice.Auto, Noon);
        Assert.True(_remembered.Origin(Origin) is { Required: 3, IsAsked: true });
        Assert.False(_remembered.Requires(Origin, 3));
        _remembered.Asks(Origin, 4, TopologyChoice.Auto, Noon);
        Assert.True(_remembered.Requires(Origin, 2));

        _remembered.Asks(Origin, 5, TopologyChoice.Relay, Noon);

        Assert.Equal(new KnownOrigin(Origin, 2, null, Seen: Noon), _remembered.Origin(Origin));
    }

    [Fact]
    public void Connected_and_absent_ones_count_together()
    {
        _remembered.Requires(Origin, 2);
        _remembered.Left(Destination("cellar", Second), Noon);

        var snapshot = Assert.Single(SnapshotStatus.Newest([Destination("nas", Second)], _remembered, Noon));

        Assert.Equal((Second, 2, 2, true, 1),
            (snapshot.Snapshot, snapshot.Copies, snapshot.Required, snapshot.IsProtected, snapshot.Offline));
        Assert.Equal([new ReplicaHolder(NodeName.Parse("nas"), null),
            new ReplicaHolder(NodeName.Parse("cellar"), Noon)], snapshot.Holders!);
    }

    [Fact]
    public void Copies_on_one_disk_are_told_also_where_one_is_absent_and_a_damaged_one_is_none()
    {
        _remembered.Left(Destination("cellar", Second) with { Disk = "disk-2" }, Noon);
        var (nas, attic) = (Destination("nas", Second), Destination("attic", Second));
        var damaged = nas with
        {
            Newest = [.. nas.Newest.Select(held => held with { Verified = new Verification.Damaged(Noon, 1, "f") })],
        };

        Assert.Equal((3, 2), Counted(nas, attic));
        Assert.Equal((2, 2), Counted(damaged, attic));
        // An older version's does not say it.
        Assert.Equal((2, null), Counted(nas with { Disk = "" }));
        var standing = OriginStanding.Of(Origin, SnapshotStatus.Newest([nas, attic], _remembered, Noon), null, null);
        Assert.Contains("3 copies on 2 disks", StandingWords.Sentences(standing, Noon, _ => ""));

        (int, int?) Counted(params DestinationRegistration[] connected) =>
            Assert.Single(SnapshotStatus.Newest(connected, _remembered, Noon)) is var one
                ? (one.Copies, one.Disks) : default;
    }

    [Fact]
    public void A_newer_one_that_only_an_absent_one_has_is_the_newest()
    {
        _remembered.Requires(Origin, 2);
        _remembered.Left(Destination("cellar", Second), Noon);
        _remembered.Protected(Origin, First);

        var snapshot = Assert.Single(SnapshotStatus.Newest([Destination("nas", First)], _remembered, Noon));

        Assert.Equal((Second, 1, false, First),
            (snapshot.Snapshot, snapshot.Copies, snapshot.IsProtected, snapshot.NewestProtected));
    }

    [Fact]
    public void An_older_one_that_has_lost_a_copy_to_damage_is_not_said_to_be_protected()
    {
        _remembered.Requires(Origin, 2);
        _remembered.Protected(Origin, First);
        var damaged = Destination("nas",
            Second) with
        { Older = [new OlderSnapshot(Origin, First, new Verification.Damaged(Noon, 1, "a"))] };

        Assert.Null(Assert.Single(SnapshotStatus.Newest([damaged], _remembered, Noon)).NewestProtected);
        Assert.Equal(First,
            Assert.Single(SnapshotStatus.Newest([damaged with { Older = null }], _remembered, Noon)).NewestProtected);
    }

    [Fact]
    public void Who_is_back_speaks_for_itself()
    {
        _remembered.Left(Destination("cellar", Second), Noon);
        _remembered.Joined(Node("cellar"));

        Assert.Empty(SnapshotStatus.Newest([Destination("cellar")], _remembered, Noon));
    }

    [Fact]
    public void One_disk_under_two_names_is_one()
    {
        _remembered.Left(Destination("nas", Second), Noon);
        var renamed = Destination("other", Second);

        Assert.Equal(1,
            Assert.Single(SnapshotStatus.Newest([renamed with { Node = renamed.Node with { Identity = "id-nas" } }],
                _remembered, Noon)).Copies);
    }

    [Fact]
    public void A_disk_that_was_replaced_under_its_name_counts_no_more()
    {
        _remembered.Left(Destination("nas", Second), Noon);
        var other = Destination("nas", Second);
        other = other with { Node = other.Node with { Identity = "another disk" } };

        Assert.Equal("id-nas", _remembered.Joined(other.Node)?.Identity);
        Assert.Null(_remembered.Joined(other.Node));
        Assert.Equal(1, Assert.Single(SnapshotStatus.Newest([other], _remembered, Noon)).Copies);

        _remembered.Left(other, Noon.AddHours(1));
        _remembered.Add(new AbsentDestination("id-nas", NodeName.Parse("nas"), NodeAddress.Parse("127.0.0.1:1"), "disk",
            Noon, []));
        Assert.Equal("another disk", Assert.Single(_remembered.Absent).Identity);
        _remembered.Left(Destination("nas", Second), Noon.AddHours(2));
        Assert.Equal("id-nas", Assert.Single(_remembered.Absent).Identity);
    }

    [Fact]
    public void A_snapshot_from_the_future_freezes_nothing()
    {
        var (future, now) = (SnapshotId.Parse("20990101T000000Z"), SnapshotId.Parse("20261124T120000Z"));
        _remembered.Requires(Origin, 1);
        _remembered.Protected(Origin, future);
        _remembered.Left(Destination("liar", future), Noon);

        Assert.Equal((now, 1),
            Assert.Single(SnapshotStatus.Newest([Destination("nas", now)], _remembered, Noon)) is var here
                ? (here.Snapshot, here.Copies) : default);
        Assert.Equal(future, Assert.Single(SnapshotStatus.Newest([], _remembered, Noon)).Snapshot);
        _remembered.Protected(Origin, now);
        Assert.Equal(now, _remembered.Origin(Origin)!.Protected);

        var order = new SnapshotOrder(Noon);
        _remembered.Saw(Origin, future, order);
        Assert.Null(_remembered.Highest(Origin));
        _remembered.Saw(Origin, now, order);
        _remembered.Saw(Origin, Second, order);
        Assert.Equal(now, _remembered.Highest(Origin));
    }

    [Fact]
    public void The_age_of_one_from_the_future_counts_from_when_it_arrived()
    {
        var future = new SnapshotStatus(Origin, SnapshotId.Parse("20990101T000000Z"), 1, 1, Arrived: Noon.AddHours(-3));

        Assert.Equal(TimeSpan.FromHours(3), future.AgeAt(Noon));
        Assert.Null((future with { Arrived = Noon.AddYears(60) }).AgeAt(Noon));
        Assert.Equal(TimeSpan.FromHours(24), (future with { Snapshot = Second }).AgeAt(Noon));
    }

    [Fact]
    public void The_newest_protected_one_never_goes_back()
    {
        _remembered.Requires(Origin, 1);
        _remembered.Protected(Origin, Second);
        _remembered.Protected(Origin, First);
        Assert.False(_remembered.Requires(Origin, 1));
        Assert.True(_remembered.Requires(Origin, 3));
        Assert.True(_remembered.Requires(Origin, 3, TopologyChoice.Relay));
        Assert.False(_remembered.Requires(Origin, 3, TopologyChoice.Relay));

        Assert.Equal(new KnownOrigin(Origin, 3, Second, TopologyChoice.Relay), Assert.Single(_remembered.Origins));
    }

    [Fact]
    public void So_many_are_kept_and_no_more()
    {
        for (var number = 0; number <= Remembered.Most; number++)
            _remembered.Left(Destination($"d{number}"), Noon.AddSeconds(number));

        Assert.Equal(Remembered.Most, _remembered.Absent.Count());
        Assert.DoesNotContain(_remembered.Absent, one => one.Identity == "id-d0");
    }

    [Fact]
    public void Of_speeds_and_origins_those_are_kept_that_were_heard_of_last()
    {
        for (var number = 0; number <= Remembered.Most; number++)
        {
            _remembered.Ran($"id-{number}", number);
            _remembered.Requires(NodeName.Parse($"o{number}"), 1);
            if (number != Remembered.Most - 1) continue;
            _remembered.Ran("id-0", 7);
            Assert.False(_remembered.Requires(NodeName.Parse("o0"), 1));
        }

        Assert.Equal((7, null, Remembered.Most),
            (_remembered.Speed("id-0"), _remembered.Speed("id-1"), _remembered.Speed($"id-{Remembered.Most}")));
        Assert.Equal(Remembered.Most, _remembered.Origins.Count());
        Assert.NotNull(_remembered.Origin(NodeName.Parse("o0")));
        Assert.Null(_remembered.Origin(NodeName.Parse("o1")));
    }

    [Fact]
    public void How_many_are_required_is_what_the_origin_said_last_or_else_when_it_was_copied()
    {
        DestinationRegistration[] two =
            [Requiring("nas", Second, 2), Requiring("attic", Second, null), Requiring("cellar", First, 5)];

        Assert.Equal((2, 2, true),
            Assert.Single(SnapshotStatus.Newest(two, _remembered, Noon)) is var copied
                ? (copied.Copies, copied.Required, copied.IsProtected) : default);
        _remembered.Requires(Origin, 3);
        Assert.Equal((2, 3, false),
            Assert.Single(SnapshotStatus.Newest(two, _remembered, Noon)) is var said
                ? (said.Copies, said.Required, said.IsProtected) : default);

        static DestinationRegistration Requiring(string name, SnapshotId held, int? required) =>
            Destination(name) with { Newest = [new HeldSnapshot(Origin, held, Digest: Tree, Required: required)] };
    }

    [Fact]
    public void All_is_protected_only_where_no_origin_lacks_anything()
    {
        var origin = new NodeStatus(NodeRole.Origin, Origin, null, Noon, null);
        var good = new SnapshotStatus(Origin, First, 2, 2);

        Assert.True(new ClusterStatus([], [], []).IsAllProtected);
        Assert.True(new ClusterStatus([origin], [], [good]).IsAllProtected);
        Assert.False(new ClusterStatus([origin], [], []).IsAllProtected);
        Assert.False(new ClusterStatus([], [], [good, good with { Copies = 1 }]).IsAllProtected);
        Assert.False(new ClusterStatus([], [], [good with { Required = null }]).IsAllProtected);
    }

    [Fact]
    public void How_the_last_run_ended_is_remembered_with_the_origin_whatever_it_wants_by_then()
    {
        var failed = new PastRun(Noon, PastOutcome.Failed, Second, 0, 2, Reason.Text("nobody came back"));
        _remembered.Ended(Origin, failed);
        Assert.Empty(_remembered.Origins);
        _remembered.Requires(Origin, 2);
        _remembered.Ended(Origin, failed);
        _remembered.Requires(Origin, 3);

        Assert.Equal(new KnownOrigin(Origin, 3, null, Last: failed), _remembered.Origin(Origin));
    }

    private static NodeIdentity Node(string name) => new(NodeName.Parse(name), $"id-{name}", 1);

    private static DestinationRegistration Destination(string name, params SnapshotId[] held) =>
        new(Node(name), NodeAddress.Parse("127.0.0.1:4054"), 1000, "disk", "place",
            [.. held.Select(one => new HeldSnapshot(Origin, one, Digest: Tree))], Epoch.None);
}
