using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Tests.Runs.States;

public sealed class RunStateTests
{
    private static readonly NodeName O = NodeName.Parse("o");
    private static readonly NodeName A = NodeName.Parse("a");
    private static readonly NodeName B = NodeName.Parse("b");
    private static readonly SealedTree Seal = new(Sha256Digest.Of("tree"u8), new TreeTotals(9, 5, 700), 2);
    private static readonly SnapshotId Id = SnapshotId.Parse("20261122T163305Z");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_root_that_goes_on_under_another_name_is_one_member(bool hasStored)
    {
        var state =
            RunState.Begin(RunId.New(), O, Id, 2, Epoch.None).Joined(A, null, "disk", identity: "root").Sealed(Seal);
        if (hasStored) state = state.Stored(A, Seal.Digest);

        state = state.Lost(A, Reason.Text("it left")).Joined(B, null, "disk", identity: "root").Stored(B, Seal.Digest);

        Assert.Equal((1, 1, false), (state.Members.Count, state.Copies, state.IsProtected));
        Assert.Null(state.Member(A));
        Assert.Equal([B], state.Summarize(1, Reason.None).Destinations.Select(one => one.Name));
        Assert.Same(state.Members, state.Joined(B, null, "disk", identity: "root", holds: true).Members);
    }

    [Fact]
    public void A_replica_that_was_stored_counts_when_its_destination_comes_back_only_where_it_is_still_there()
    {
        var state = RunState.Begin(RunId.New(), O, Id, 2, Epoch.None).Joined(A, null, "disk", identity: "a")
            .Joined(B, null, "disk", identity: "b").Sealed(Seal).Stored(A, Seal.Digest).Lost(A, Reason.Text("killed"));

        Assert.Equal(2, state.Joined(A, null, "disk", identity: "a", holds: true).Stored(B, Seal.Digest).Copies);

        var back = state.Joined(A, null, "disk", identity: "a").Stored(B, Seal.Digest);
        Assert.Equal((1, MemberStanding.Preparing, false), (back.Copies, back.Member(A)!.Standing, back.IsProtected));
        Assert.Equal(MemberStanding.Preparing, state.Joined(B, null, "disk", identity: "a").Member(B)!.Standing);
        Assert.Equal(2, back.Stored(A, Seal.Digest).Copies);
    }

    [Fact]
    public void What_one_disk_has_stored_another_one_of_its_name_has_not()
    {
        var state = RunState.Begin(RunId.New(), O, Id, 1, Epoch.None).Joined(A, null, "disk", identity: "old")
            .Sealed(Seal).Stored(A, Seal.Digest);

        state = state.Joined(A, null, "disk", identity: "new");

        Assert.Equal((0, MemberStanding.Preparing), (state.Copies, state.Member(A)!.Standing));
    }

    [Fact]
    public void Whoever_joins_is_prepared_copied_to_and_stored()
    {
        var state = Begun(A);
        Assert.Equal(MemberStanding.Preparing, state.Member(A)!.Standing);
        Assert.False(state.IsPrepared);

        state = state.Prepared(A, state.Epoch);
        Assert.Equal(MemberStanding.Copying, state.Member(A)!.Standing);
        Assert.True(state.IsPrepared);
        Assert.False(state.IsQuiet);

        state = state.Sealed(Seal).Stored(A, Seal.Digest);
        Assert.Equal(MemberStanding.Stored, state.Member(A)!.Standing);
        Assert.True(state.IsQuiet);
    }

    [Fact]
    public void Who_resumes_keeps_the_run_open_and_nobody_waiting()
    {
        var state = Begun(A, B).Sealed(Seal).Prepared(A, new Epoch(1)).Resuming(B);
        Assert.True(state.IsPrepared);
        Assert.Equal([A], state.NextEpoch().Unfinished.Select(member => member.Name));

        state = state.Stored(A, Seal.Digest);
        Assert.False(state.IsQuiet);
        Assert.Equal(MemberStanding.Away, state.Lost(B, Reason.Text("gone")).Member(B)!.Standing);
        Assert.Equal(MemberStanding.Resuming, state.Lost(B, Reason.Text("hangs")).Resuming(B).Member(B)!.Standing);
        Assert.Equal(MemberStanding.Preparing, state.Joined(B, state.Member(B)!.Data, "disk").Member(B)!.Standing);
        Assert.Same(state, state.Resuming(A));
        Assert.True(state.Stored(B, Seal.Digest).IsQuiet);
    }

    [Fact]
    public void Old_snapshots_go_for_a_complete_and_protected_one_alone_and_only_where_it_is_stored()
    {
        var whole = Seal with { Skipped = 0 };
        var begun = Begun(A, B) with { Required = 1 };
        var state = begun.Sealed(whole).Stored(A, whole.Digest);
        Assert.Equal((3, (int?)null), (state.KeepAt(A, 3), state.KeepAt(B, 3)));
        Assert.Null(state.KeepAt(A, null));
        Assert.Null(state.Damaged(A, Reason.Text("damaged")).KeepAt(A, 3));
        Assert.Null(begun.Sealed(whole).Stored(A, whole.Digest).Stored(B, Sha256Digest.Of("other"u8)).KeepAt(B, 3));
        Assert.Null((state with { Required = 2 }).KeepAt(A, 3));
        Assert.Null(begun.Sealed(whole with { HasShrunk = true }).Stored(A, whole.Digest).KeepAt(A, 3));
        // Two entries could not be read: what has them must stay.
        Assert.Null(begun.Sealed(Seal).Stored(A, Seal.Digest).KeepAt(A, 3));
    }

    [Fact]
    public void What_was_stored_and_found_damaged_counts_no_more_whatever_its_destination_says()
    {
        var state = Begun(A, B).Sealed(Seal).Stored(A, Seal.Digest).Stored(B, Seal.Digest);
        Assert.Equal(2, state.Copies);

        state = state.Damaged(A, Reason.Text("damaged"));
        Assert.Equal((1, MemberStanding.Failed, Reason.Text("damaged")),
            (state.Copies, state.Member(A)!.Standing, state.Member(A)!.Reason));
        Assert.Same(state, state.Stored(A, Seal.Digest));
        Assert.Same(state, state.Damaged(A, Reason.Text("again")));
        Assert.Same(state, state.Damaged(O, Reason.Text("no member")));
        Assert.Equal(0, Begun(A).Damaged(A, Reason.Text("damaged")).Stored(A, Seal.Digest).Sealed(Seal).Copies);
    }

    [Fact]
    public void The_first_epoch_is_above_every_epoch_that_was_heard_of()
    {
        var state = RunState.Begin(RunId.New(), O, SnapshotId.Parse("20261122T163305Z"), 1, new Epoch(41));

        Assert.Equal(new Epoch(42), state.NextEpoch().Epoch);
    }

    [Fact]
    public void A_new_epoch_prepares_the_unfinished_again_and_nobody_else()
    {
        var state = Begun(A, B).Sealed(Seal).Prepared(A, new Epoch(1)).Stored(B, Seal.Digest).NextEpoch();

        Assert.Equal(new Epoch(2), state.Epoch);
        Assert.Equal(MemberStanding.Preparing, state.Member(A)!.Standing);
        Assert.Equal(MemberStanding.Stored, state.Member(B)!.Standing);
        Assert.Equal([A], state.Unfinished.Select(member => member.Name));
    }

    [Fact]
    public void What_an_older_epoch_still_says_changes_nothing()
    {
        var state = Begun(A).NextEpoch();
        Assert.Same(state, state.Prepared(A, new Epoch(1)));

        var copying = state.Prepared(A, state.Epoch);
        Assert.Same(copying, copying.LinkFailed(O, A, new Epoch(1), Reason.Text("late")));
    }

    [Fact]
    public void A_stored_replica_counts_in_any_epoch_and_from_any_standing()
    {
        var begun = Begun(A).Sealed(Seal);
        foreach (var state in new[] { begun, begun.Prepared(A, begun.Epoch), begun.Lost(A, Reason.Text("gone")),
            begun.Failed(A, Reason.Text("no")), begun.NextEpoch().NextEpoch() })
        {
            Assert.Equal(1, state.Stored(A, Seal.Digest).Copies);
        }
    }

    [Fact]
    public void A_replica_with_another_digest_never_counts()
    {
        var state = Begun(A).Sealed(Seal).Stored(A, Sha256Digest.Of("another"u8));

        Assert.Equal(0, state.Copies);
        Assert.Equal(MemberStanding.Failed, state.Member(A)!.Standing);
        Assert.NotEmpty(state.Member(A)!.Reason.ToString());
    }

    [Fact]
    public void A_replica_that_counts_is_not_taken_back_by_another_digest()
    {
        var state = Begun(A).Sealed(Seal).Stored(A, Seal.Digest);

        Assert.Equal(1, state.Stored(A, Sha256Digest.Of("another"u8)).Copies);
    }

    [Fact]
    public void Before_the_seal_nothing_can_count()
    {
        var state = Begun(A).Stored(A, Seal.Digest);

        Assert.Equal(0, state.Copies);
        Assert.Equal(MemberStanding.Preparing, state.Member(A)!.Standing);
    }

    [Fact]
    public void The_first_seal_stands()
    {
        var state = Begun(A).Sealed(Seal).Sealed(Seal with { Digest = Sha256Digest.Of("later"u8) });

        Assert.Equal(Seal, state.Seal);
    }

    [Fact]
    public void A_stranger_counts_for_nothing()
    {
        var state = Begun(A).Sealed(Seal);

        Assert.Same(state, state.Stored(B, Seal.Digest));
        Assert.Same(state, state.Failed(B, Reason.Text("x")));
        Assert.Same(state, state.Lost(B, Reason.Text("x")));
        Assert.Same(state, state.LinkFailed(O, B, state.Epoch, Reason.Text("x")));
        Assert.Same(state, state.Prepared(B, state.Epoch));
    }

    [Fact]
    public void Whoever_is_away_can_come_back()
    {
        var state = Begun(A).Lost(A, Reason.Text("it is not heard any more"));
        Assert.True(state.IsQuiet);
        Assert.Equal("it is not heard any more", state.Member(A)!.Reason.ToString());

        state = Join(state, A);
        Assert.Equal(MemberStanding.Preparing, state.Member(A)!.Standing);
        Assert.False(state.IsQuiet);
    }

    [Fact]
    public void Whoever_has_finished_stays_finished()
    {
        var stored = Begun(A).Sealed(Seal).Stored(A, Seal.Digest);
        Assert.Same(stored, stored.Lost(A, Reason.Text("left")));
        Assert.Same(stored, stored.Failed(A, Reason.Text("late")));
        Assert.Same(stored, stored.Joined(A, Address, "disk", holds: true));

        var failed = Begun(A).Failed(A, Reason.Text("disk"));
        Assert.Same(failed, failed.Lost(A, Reason.Text("left")));
        Assert.Same(failed, Join(failed, A));
        Assert.Equal("disk", failed.Failed(A, Reason.Text("later")).Member(A)!.Reason.ToString());
    }

    [Fact]
    public void A_link_that_fails_in_three_epochs_in_a_row_is_given_up()
    {
        var state = Begun(A);
        for (var miss = 1; miss < RunState.MaxMisses; miss++)
        {
            state = state.Prepared(A, state.Epoch).LinkFailed(O, A, state.Epoch, Reason.Text("reset"));
            Assert.Equal(MemberStanding.Preparing, state.Member(A)!.Standing);
            state = state.NextEpoch();
        }

        state = state.Prepared(A, state.Epoch).LinkFailed(O, A, state.Epoch, Reason.Text("reset"));

        Assert.Equal(MemberStanding.Failed, state.Member(A)!.Standing);
        Assert.Contains("reset", state.Member(A)!.Reason.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_verified_over_the_link_that_failed_is_no_progress_and_what_comes_over_the_next_one_is()
    {
        var missed =
            Begun(A).Prepared(A, new Epoch(1)).LinkFailed(O, A, new Epoch(1), Reason.Text("reset")).Progressed(A, O);
        Assert.Equal(1, missed.Member(A)!.MissesFrom(O));

        Assert.Equal(1, missed.NextEpoch().Progressed(A, O).Member(A)!.MissesFrom(O));
        Assert.Equal(0, missed.NextEpoch().Prepared(A, new Epoch(2)).Progressed(A, O).Member(A)!.MissesFrom(O));
    }

    [Fact]
    public void One_failed_link_is_one_miss_however_often_it_is_told()
    {
        var state = Begun(A);
        for (var i = 0; i < 5; i++)
            state = state.Prepared(A, state.Epoch).LinkFailed(O, A, state.Epoch, Reason.Text("reset"));

        Assert.Equal(1, state.Member(A)!.MissesFrom(O));
    }

    [Fact]
    public void Whose_link_failed_is_not_ready_before_the_next_epoch()
    {
        var state =
            Begun(A).Prepared(A, new Epoch(1)).LinkFailed(O, A, new Epoch(1), Reason.Text("reset"))
                .Prepared(A, new Epoch(1));

        Assert.False(state.IsPrepared);
        Assert.True(state.NextEpoch().Prepared(A, new Epoch(2)).IsPrepared);
    }

    [Fact]
    public void Links_from_other_destinations_may_fail_without_end()
    {
        var state = Begun(A, B);
        for (var epoch = 0; epoch < 2 * RunState.MaxMisses; epoch++)
            state = state.Prepared(A, state.Epoch).LinkFailed(B, A, state.Epoch, Reason.Text("reset")).NextEpoch();

        Assert.Equal(MemberStanding.Preparing, state.Member(A)!.Standing);
        Assert.Equal((0, 2 * RunState.MaxMisses), (state.Member(A)!.MissesFrom(O), state.Member(A)!.MissesFrom(B)));
    }

    [Fact]
    public void Files_that_come_from_a_parent_clear_its_own_misses_only()
    {
        var state =
            Begun(A, B).Prepared(A, new Epoch(1)).LinkFailed(B, A, new Epoch(1), Reason.Text("reset")).NextEpoch();
        state = state.Prepared(A, state.Epoch).LinkFailed(O, A, state.Epoch, Reason.Text("reset")).NextEpoch();

        state = state.Prepared(A, state.Epoch).Progressed(A, O);

        Assert.Equal((0, 1), (state.Member(A)!.MissesFrom(O), state.Member(A)!.MissesFrom(B)));
        Assert.Same(state, state.Progressed(A, O));
    }

    [Fact]
    public void Who_fails_once_stays_with_the_others_and_from_the_second_time_on_goes_alone()
    {
        var state =
            Begun(A, B).Prepared(A, new Epoch(1)).LinkFailed(B, A, new Epoch(1), Reason.Text("reset")).NextEpoch();
        Assert.Equal(state.Member(B)!.Since, state.Member(A)!.Since);

        state = state.Prepared(A, state.Epoch).LinkFailed(O, A, state.Epoch, Reason.Text("reset")).NextEpoch();
        Assert.Equal(state.Epoch, state.Member(A)!.Since);
        Assert.NotEqual(state.Member(B)!.Since, state.Member(A)!.Since);
    }

    [Fact]
    public void Who_has_it_all_is_in_no_plan_and_keeps_the_run_open_until_it_is_stored_or_lost()
    {
        var state = Begun(A).Sealed(Seal).Prepared(A, new Epoch(1)).Publishing(A);
        Assert.Empty(state.Unfinished);
        Assert.False(state.IsQuiet);
        Assert.Same(state, state.LinkFailed(O, A, state.Epoch, Reason.Text("reset")));
        Assert.Equal(MemberStanding.Publishing, state.NextEpoch().Member(A)!.Standing);

        Assert.Equal(1, state.Stored(A, Seal.Digest).Copies);
        Assert.Equal(MemberStanding.Away, state.Lost(A, Reason.Text("killed")).Member(A)!.Standing);
        Assert.Equal(MemberStanding.Failed, state.Failed(A, Reason.Text("disk")).Member(A)!.Standing);
    }

    [Fact]
    public void Protected_is_as_many_as_required_and_no_fewer()
    {
        var state = Begun(A, B).Sealed(Seal).Stored(A, Seal.Digest);
        Assert.False(state.IsProtected);
        Assert.True(state.Stored(B, Seal.Digest).IsProtected);
    }

    [Fact]
    public void The_end_in_figures_counts_copies_and_the_disks_they_are_on()
    {
        var c = NodeName.Parse("c");
        var state =
            Begun(A, B, c).Sealed(Seal).Stored(A, Seal.Digest).Stored(B, Seal.Digest).Lost(c, Reason.Text("gone"));
        var end = state.Summarize(1.5, Reason.None);

        Assert.Equal((RunOutcome.Protected, 2, 2, 1), (end.Outcome, end.Copies, end.Required, end.Disks));
        Assert.Equal((Seal.Totals, Seal.Skipped, 1.5), (end.Totals, end.Skipped, end.Seconds));
        Assert.Equal([(A, ReplicaState.Stored, ""), (B, ReplicaState.Stored, ""), (c, ReplicaState.Failed, "gone")],
            end.Destinations.Select(one => (one.Name, one.State, one.Reason.ToString())));
    }

    [Fact]
    public void Disks_of_those_who_did_not_store_do_not_count()
    {
        var state =
            Begun().Joined(A, Address, "disk-1").Joined(B, Address, "disk-2").Sealed(Seal).Stored(A, Seal.Digest);

        Assert.Equal(1, state.Summarize(0, Reason.None).Disks);
        Assert.Equal(2, state.Stored(B, Seal.Digest).Summarize(0, Reason.None).Disks);
    }

    [Fact]
    public void Fewer_than_required_is_at_risk_and_none_is_failed()
    {
        var state = Begun(A, B).Sealed(Seal);

        Assert.Equal(RunOutcome.Failed, state.Summarize(0, Reason.Text("why")).Outcome);
        Assert.Equal(RunOutcome.AtRisk, state.Stored(A, Seal.Digest).Summarize(0, Reason.Text("why")).Outcome);
        Assert.Equal("why", state.Summarize(0, Reason.Text("why")).Reason.ToString());
        Assert.Equal(default, Begun(A).Summarize(0, Reason.None).Totals);
    }

    private static NodeAddress Address => NodeAddress.Parse("127.0.0.1:4054");

    private static RunState Join(RunState state, NodeName name) => state.Joined(name, Address, "disk");

    private static RunState Begun(params NodeName[] members) =>
        members.Aggregate(RunState.Begin(RunId.New(), O, SnapshotId.Parse("20261122T163305Z"), 2, Epoch.None), Join)
            .NextEpoch();
}
