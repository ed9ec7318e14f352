using BackupDistribuido.Core.Coordination;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Core.Tests.Coordination;

/// <summary>What a coordinator keeps in mind of destinations, origins and runs.</summary>
public sealed class CoordinationTests
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(1);
    private static readonly NodeName Origin = NodeName.Parse("laptop");
    private static readonly SnapshotId Snapshot = SnapshotId.Parse("20261122T163305Z");
    private static readonly SnapshotId Other = SnapshotId.Parse("20261122T163306Z");
    private static readonly Verification.Damaged Damage = new(DateTimeOffset.UnixEpoch, 3, "a/b");
    private readonly CatchUpBackoff _backoff = new();

    [Fact]
    public void Whoever_was_late_is_left_alone_for_a_while()
    {
        _backoff.Late(Node("a"), Now);

        Assert.False(_backoff.MayReceive(Node("a"), Snapshot, Now + CatchUpBackoff.Pause - TimeSpan.FromTicks(1)));
        Assert.True(_backoff.MayReceive(Node("a"), Snapshot, Now + CatchUpBackoff.Pause));
        Assert.True(_backoff.MayGive(Node("a"), Snapshot, Now));
    }

    [Fact]
    public void Whoever_failed_at_a_snapshot_neither_gets_nor_gives_it_for_a_while()
    {
        _backoff.GaveUp(Node("a"), Snapshot, Now);

        Assert.False(_backoff.MayReceive(Node("a"), Snapshot, Now) || _backoff.MayGive(Node("a"), Snapshot, Now));
        Assert.True(_backoff.MayReceive(Node("a"), Other, Now));
        Assert.True(_backoff.MayGive(Node("a") with { Incarnation = 2 }, Snapshot, Now));
    }

    [Fact]
    public void Whoever_was_brought_a_snapshot_is_brought_it_again_at_once_only_if_it_has_said_that_it_has_it()
    {
        _backoff.Delivered(Node("a"), Snapshot, Now);
        Assert.False(_backoff.MayReceive(Node("a"), Snapshot, Now));

        _backoff.Handle(Registration("a", new HeldSnapshot(Origin, Snapshot)));

        Assert.True(_backoff.MayReceive(Node("a"), Snapshot, Now));
    }

    [Fact]
    public void What_broke_is_not_tried_at_once_again_and_whoever_stored_it_did_not_fail_at_it()
    {
        var pause = _backoff.Crashed(Origin, Now);
        Assert.False(_backoff.MayBegin(Origin, Now + pause - TimeSpan.FromTicks(1)));
        Assert.True(_backoff.MayBegin(Origin, Now + pause));

        _backoff.GaveUp(Node("a"), Snapshot, Now);
        _backoff.Stored(Node("a"), Snapshot);

        Assert.True(_backoff.MayGive(Node("a"), Snapshot, Now));
    }

    [Fact]
    public void A_life_of_an_origin_whose_runs_break_again_and_again_gets_no_other_one()
    {
        var book = new DefectCounter();
        var end = new RunSummary(RunId.New(), Snapshot, RunOutcome.Failed, 0, 1, 0, default, 0)
        { Seconds = 0, Reason = Reason.None, Destinations = [] };
        for (var i = 0; i < DefectCounter.MostRetaken; i++) book.Note(Node("o"), end);
        Assert.Null(book.GivenUp(Node("o")));

        book.Note(Node("o"), end);

        Assert.Equal((end, null), (book.GivenUp(Node("o")), book.GivenUp(Node("o") with { Incarnation = 2 })));
    }

    [Fact]
    public void Each_doubt_is_said_once_and_again_when_it_was_gone_meanwhile()
    {
        var doubts = new DoubtWatch();
        Assert.False(doubts.IsDue(DoubtWatch.Period));
        doubts.Changed();
        Assert.True(doubts.IsDue(DoubtWatch.Period));
        var (x, y) = (Reason.Text("x"), Reason.Text("y"));
        Assert.Equal([x], doubts.Fresh([x], Now));
        Assert.Equal([y], doubts.Fresh([x, y], Now));
        Assert.Empty(doubts.Fresh([y], Now));
        Assert.Equal([x], doubts.Fresh([x, y], Now));
        Assert.False(doubts.IsDue(Now + DoubtWatch.Period));
        Assert.True(doubts.IsDue(Now + DoubtWatch.QuietPeriod));
    }

    [Fact]
    public void Damage_is_news_once_and_so_is_its_end()
    {
        var (sound, damaged) = (Registration("a", Held(null)), Registration("a", Held(Damage)));
        var again = Registration("a", Held(new Verification.Sound(DateTimeOffset.UnixEpoch.AddDays(1))));

        Assert.IsType<ReplicaDamaged>(Assert.Single(VerificationNews.Of(damaged, sound, null).Events));
        Assert.Equivalent(new VerificationNews(false, []), VerificationNews.Of(damaged, damaged, null));
        Assert.IsType<ReplicaVerified>(Assert.Single(VerificationNews.Of(again, damaged, null).Events));
        Assert.Empty(VerificationNews.Of(damaged, null, [Held(Damage)]).Events);
        Assert.False(VerificationNews.IsGone(damaged, Origin, Snapshot));
        Assert.Null(VerificationNews.IsGone(sound, Origin, Snapshot));
    }

    [Fact]
    public void A_disk_that_does_not_answer_is_no_news_of_damage_and_counts_in_no_run()
    {
        var (sound, silent) = (Registration("a", Held(null)), Registration("a", Held(Damage) with { IsSilent = true }));

        Assert.Equivalent(new VerificationNews(true, []), VerificationNews.Of(silent, sound, null));
        Assert.Equivalent(new VerificationNews(true, []), VerificationNews.Of(sound, silent, null));
        Assert.False(VerificationNews.IsGone(silent, Origin, Snapshot));
        Assert.IsType<ReplicaDamaged>(Assert.Single(
            VerificationNews.Of(Registration("a", Held(Damage)), silent, null).Events));
    }

    [Fact]
    public void A_catch_up_is_rooted_at_a_holder_that_can_be_dialled_and_begins_above_every_epoch_heard_of()
    {
        var held = new HeldSnapshot(Origin, Snapshot, 3, 100, Sha256Digest.Of("tree"u8), "id-laptop");
        var mute = Registration("mute", held) with { Data = NodeAddress.Parse("127.0.0.1:0") };
        var holder = Registration("holder", held);
        var liar = Registration("late") with { HighestEpoch = new Epoch(Epoch.Max) };

        var begun = NewRun.CatchUp(RunId.New(), held, [mute, holder], [liar], null);

        Assert.Equal(("holder", 2, 1), (begun.State.Root.ToString(), begun.State.Copies, begun.State.Required));
        Assert.IsType<ContentRoot.AtHolder>(begun.State.Content);
        Assert.InRange(begun.State.Epoch.Number, 1, Epoch.Max / 2);
    }

    private static NodeIdentity Node(string name) => new(NodeName.Parse(name), $"id-{name}", 1);

    private static HeldSnapshot Held(Verification? verified) => new(Origin, Snapshot, 3, Verified: verified);

    private static DestinationRegistration Registration(string name, params HeldSnapshot[] held) =>
        new(Node(name), NodeAddress.Parse("127.0.0.1:4054"), 1000, $"disk-{name}", $"{name}:/copies", held, Epoch.None);
}
