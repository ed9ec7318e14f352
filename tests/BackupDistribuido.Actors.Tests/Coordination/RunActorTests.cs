using Akka.Actor;
using Akka.TestKit;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Tests.Coordination.Fixtures;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Tests.Coordination;

public sealed class RunActorTests : TimedKit
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(900);
    private static readonly RunId Run = RunId.New();
    private readonly TestProbe _origin;
    private readonly TestProbe _a;
    private readonly TestProbe _b;
    private TopologyChoice _topology = TopologyChoice.Auto;
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _warned = [];
    private HandJournal? _journal;

    public RunActorTests()
    {
        (_origin, _a, _b) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
    }

    [Fact]
    public void It_prepares_delivers_hears_and_ends_protected()
    {
        var run = Begin(2, rejoinSeconds: 60);
        var epoch = Prepared(run);
        var plan = Hear<Deliver>(_origin, _ => true, Bound).Plan;
        Assert.Equal((epoch, 2), (plan.Epoch, plan.Receivers().Count()));

        Delivering(run, epoch, seal: true);
        Stored(run, _a, "a", epoch);
        Assert.Null(Hear<RunReport>(_origin, one => Copies(one) == 1, Bound).End);
        Stored(run, _b, "b", epoch);

        var end = End();
        Assert.Equal((RunOutcome.Protected, 2), (end.Outcome, end.Copies));
        Hear<RunOver>(_a, _ => true, Bound);
    }

    [Fact]
    public void The_end_is_repeated_until_it_is_heard()
    {
        var run = Begin(1, rejoinSeconds: 60, "a");
        var epoch = Prepared(run, "a");
        Delivering(run, epoch, seal: true);
        Stored(run, _a, "a", epoch);
        for (var i = 0; i < 3; i++) End();

        Ends(run, () => run.Tell(new RunEndHeard(Run)), Bound);
    }

    [Fact]
    public void What_is_not_answered_is_said_again()
    {
        var run = Begin(1, rejoinSeconds: 60, "a");
        var epoch = Hear<PrepareReplica>(_a, _ => true, Bound).Plan.Epoch;
        Assert.Equal(epoch, Hear<PrepareReplica>(_a, _ => true, Bound).Plan.Epoch);
        run.Tell(Report("a", epoch, ReplicaPhase.Receiving), _a);
        for (var i = 0; i < 3; i++) Assert.Equal(epoch, Hear<Deliver>(_origin, _ => true, Bound).Plan.Epoch);

        Delivering(run, epoch, seal: true);
        for (var i = 0; i < 3; i++)
        {
            run.Tell(Report("a", epoch, ReplicaPhase.Stored, Samples.Seal.Digest), _a);
            Hear<ReplicaHeard>(_a, _ => true, Bound);
        }
    }

    [Fact]
    public void A_replica_told_before_the_seal_is_heard_when_it_can_count()
    {
        var run = Begin(1, rejoinSeconds: 60, "a");
        var epoch = Prepared(run, "a");
        run.Tell(Report("a", epoch, ReplicaPhase.Stored, Samples.Seal.Digest), _a);
        Delivering(run, epoch, seal: true);
        Stored(run, _a, "a", epoch);

        Assert.Equal(RunOutcome.Protected, End().Outcome);
    }

    [Fact]
    public void A_member_that_is_lost_is_left_out_and_taken_in_again_when_it_is_back()
    {
        var run = Begin(2, rejoinSeconds: 60);
        var first = Prepared(run);
        Delivering(run, first);

        run.Tell(new RunActor.MemberLost(NodeName.Parse("b"), Reason.Text("killed")));
        var second = Hear<PrepareReplica>(_a, one => one.Plan.Epoch > first, Bound).Plan;
        Assert.Equal(["a"], second.Receivers().Select(node => node.Name.ToString()));

        run.Tell(new RunActor.MemberJoined(Samples.Destination("b"), _b));
        var third = Hear<PrepareReplica>(_b, one => one.Plan.Epoch > second.Epoch, Bound).Plan;
        Assert.Equal(["a", "b"], third.Receivers().Select(node => node.Name.ToString()));
        Assert.NotEqual(second.Secret, third.Secret);
    }

    [Fact]
    public void Old_words_and_strangers_open_no_epoch()
    {
        var run = Begin(2, rejoinSeconds: 60);
        var first = Prepared(run);
        Delivering(run, first);
        run.Tell(new DeliveryReport(Run, first, [new FailedLink(NodeName.Parse("a"), Reason.Text("reset"))], default,
            null),
            _origin);
        var second = Hear<PrepareReplica>(_b, one => one.Plan.Epoch > first, Bound).Plan.Epoch;
        foreach (var (probe, name) in new[] { (_a, "a"), (_b, "b") })
            run.Tell(Report(name, second, ReplicaPhase.Receiving), probe);
        Delivering(run, second);
        HearAll(_a, Quiet);

        run.Tell(new RunActor.MemberLost(NodeName.Parse("stranger"), Reason.Text("gone")));
        run.Tell(new DeliveryReport(Run, first, [new FailedLink(NodeName.Parse("a"), Reason.Text("reset"))], default,
            null),
            _origin);
        run.Tell(Report("b", first, ReplicaPhase.Receiving, null,
            new FailedLink(NodeName.Parse("a"), Reason.Text("reset"))), _b);

        Assert.DoesNotContain(HearAll(_a, Quiet), one => one is PrepareReplica);
    }

    [Fact]
    public void A_destination_whose_link_keeps_failing_is_given_up_and_the_run_ends_at_risk()
    {
        var run = Begin(2, rejoinSeconds: 1);
        var epoch = Prepared(run);
        Delivering(run, epoch, seal: true);
        Stored(run, _b, "b", epoch);
        for (var miss = 1; miss <= RunState.MaxMisses; miss++)
        {
            for (var told = 0; told < 3; told++)
                run.Tell(new DeliveryReport(Run, epoch, [new FailedLink(NodeName.Parse("a"), Reason.Text("reset"))],
                    default, null),
                    _origin);
            if (miss == RunState.MaxMisses) break;
            epoch = Hear<PrepareReplica>(_a, one => one.Plan.Epoch > epoch, Bound).Plan.Epoch;
            run.Tell(Report("a", epoch, ReplicaPhase.Receiving), _a);
        }

        var end = End();
        Assert.Equal((RunOutcome.AtRisk, 1), (end.Outcome, end.Copies));
    }

    [Theory]
    [InlineData(ReplicaPhase.Publishing)]
    [InlineData(ReplicaPhase.Receiving)]
    public void Once_there_are_enough_copies_who_gets_no_further_is_left_to_catching_up(ReplicaPhase phase)
    {
        var run = Begin(1, rejoinSeconds: 60);
        var epoch = Prepared(run);
        Delivering(run, epoch, seal: true);
        run.Tell(Report("b", epoch, phase) with { Activity = 7 }, _b);
        Stored(run, _a, "a", epoch);
        Beats(4);
        Clock.Advance(StallWatch.Enough - TimeSpan.FromSeconds(5));
        // It works: the time begins from here.
        run.Tell(Report("b", epoch, phase) with { Activity = 8, Received = 1 }, _b);
        Beats(2);
        Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.All(Beats(2), report => Assert.Null(report.End));

        Clock.Advance(StallWatch.Enough);

        var end = End();
        Assert.Equal((RunOutcome.Protected, 1, ""), (end.Outcome, end.Copies, end.Reason.ToString()));
        Assert.StartsWith("no progress for 60 s",
            end.Destinations.Single(one => one.Name == NodeName.Parse("b")).Reason.ToString(),
                StringComparison.Ordinal);
        Hear<RunOver>(_b, _ => true, Bound);
    }

    [Fact]
    public void Who_gets_no_further_for_long_after_all_was_read_fails_and_before_nobody_knows_whose_fault_it_is()
    {
        var run = Begin(1, rejoinSeconds: 1, "a");
        var epoch = Prepared(run, "a");
        Delivering(run, epoch);
        var reading = 1000;
        Beats(4);
        Assert.All(Nearly(), report => Assert.Null(report.End));
        Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.All(Beats(2), report => Assert.Null(report.End));
        run.Tell(new DeliveryReport(Run, epoch, [], new TreeTotals(1, 1, 1), Samples.Seal), _origin);
        run.Tell(Report("a", epoch, ReplicaPhase.Receiving) with { Verified = 5 }, _a);
        Beats(4);
        Assert.All(Nearly(), report => Assert.Null(report.End));

        Clock.Advance(TimeSpan.FromSeconds(20));

        Assert.StartsWith("no progress for 10 min; its disk may hang",
            Assert.Single(End().Destinations).Reason.ToString(),
            StringComparison.Ordinal);

        // Almost as long as is waited for it. The origin goes on reading, or the link would be made again before.
        List<RunReport> Nearly()
        {
            for (var times = 0; times < 2; times++)
            {
                Clock.Advance(StallWatch.Silent - TimeSpan.FromSeconds(10));
                run.Tell(new DeliveryReport(Run, epoch, [], new TreeTotals(1, 1, 1), null,
                    [new LinkFlow(NodeName.Parse("laptop"), 0, reading++)]), _origin);
                Beats(2);
            }
            return Beats(2);
        }
    }

    [Fact]
    public void A_disk_that_hangs_in_publishing_fails_its_destination_and_one_that_works_does_not()
    {
        var run = Begin(2, rejoinSeconds: 1);
        var epoch = Prepared(run);
        Delivering(run, epoch, seal: true);
        run.Tell(Report("a", epoch, ReplicaPhase.Publishing) with { Activity = 7 }, _a);
        run.Tell(Report("b", epoch, ReplicaPhase.Publishing) with { Activity = 7 }, _b);
        Beats(4);
        Clock.Advance(StallWatch.Lacking - TimeSpan.FromSeconds(10));
        run.Tell(Report("a", epoch, ReplicaPhase.Publishing) with { Activity = 8 }, _a);
        Beats(2);
        Clock.Advance(TimeSpan.FromSeconds(10));

        var report = Hear<RunReport>(_origin, one =>
            one.Members.Any(member => member.Standing == MemberStanding.Failed), Bound);
        var failed = report.Members.Single(one => one.Standing == MemberStanding.Failed);
        Assert.Equal(("b", "no progress for 10 min while it made its replica durable; its disk may hang"),
            (failed.Name.ToString(), failed.Reason.ToString()));
        Stored(run, _a, "a", epoch);
        // What it has stored all the same counts.
        Stored(run, _b, "b", epoch);
        Assert.Equal(RunOutcome.Protected, End().Outcome);
    }

    [Fact]
    public void Where_nothing_moves_anywhere_the_links_count_as_failed_and_after_three_times_the_run_ends()
    {
        var run = Begin(2, rejoinSeconds: 1);
        var epoch = Epoch.None;
        for (var round = 1; round <= RunState.MaxMisses; round++)
        {
            var last = epoch;
            foreach (var (probe, name) in new[] { (_a, "a"), (_b, "b") })
            {
                epoch = Hear<PrepareReplica>(probe, prepare => prepare.Plan.Epoch > last, Bound).Plan.Epoch;
                run.Tell(Report(name, epoch, ReplicaPhase.Receiving), probe);
            }
            Delivering(run, epoch, seal: round == 1);
            Beats(2);
            Clock.Advance(StallWatch.Silent - TimeSpan.FromSeconds(10));
            // Reading is progress, though nothing is sent.
            run.Tell(new DeliveryReport(Run, epoch, [], new TreeTotals(1, 1, 1), null,
                [new LinkFlow(NodeName.Parse("laptop"), 0, 1000 + round)]), _origin);
            Beats(2);
            Clock.Advance(TimeSpan.FromSeconds(20));
            Assert.All(Beats(2),
                report =>
                    Assert.All(report.Members, member => Assert.NotEqual(MemberStanding.Failed, member.Standing)));
            Clock.Advance(StallWatch.Silent);
        }

        var end = End();

        Assert.Equal(RunOutcome.Failed, end.Outcome);
        Assert.All(end.Destinations,
            one => Assert.Equal("it lacks something, and there was no progress for 5 min (3 times)",
                one.Reason.ToString()));
    }

    /// <summary>The run says so often how it stands: at each change, and each second.</summary>
    private List<RunReport> Beats(int count)
    {
        while (_origin.HasMessages) _origin.ReceiveOne(TimeSpan.Zero);
        return [.. Enumerable.Range(0, count).Select(_ => Hear<RunReport>(_origin, _ => true, Bound))];
    }

    [Fact]
    public void Nobody_left_waits_and_goes_on_with_whoever_comes_back()
    {
        var run = Begin(1, rejoinSeconds: 60, "a");
        var epoch = Prepared(run, "a");
        run.Tell(new RunActor.MemberLost(NodeName.Parse("a"), Reason.Text("killed")));
        Hear<RunReport>(_origin, one => one.Members.Any(member => member.Standing == MemberStanding.Away),
            Bound);

        run.Tell(new RunActor.MemberJoined(Samples.Destination("a"), _a));

        Hear<PrepareReplica>(_a, one => one.Plan.Epoch > epoch, Bound);
    }

    [Fact]
    public void Where_nobody_else_can_come_nobody_is_waited_for()
    {
        var run = Begin(2, rejoinSeconds: 60, "a");
        var epoch = Prepared(run, "a");
        Delivering(run, epoch, seal: true);
        Stored(run, _a, "a", epoch);

        run.Tell(new RunActor.OriginBack(Samples.OriginOf(2) with { IsComplete = true }, _origin));

        var end = End();
        Assert.Equal((RunOutcome.AtRisk, 1, "fewer replicas than required, and no other destination can come"),
            (end.Outcome, end.Copies, end.Reason.ToString()));
    }

    [Fact]
    public void Nobody_left_and_nobody_back_is_at_risk_even_if_the_origin_was_away_meanwhile()
    {
        var run = Begin(1, rejoinSeconds: 1, "a");
        Prepared(run, "a");
        run.Tell(new RunActor.MemberLost(NodeName.Parse("a"), Reason.Text("killed")));
        run.Tell(new RunActor.OriginAway());
        run.Tell(new RunActor.OriginBack(Samples.OriginOf(1), _origin));

        Assert.Equal(RunOutcome.Failed, End().Outcome);
    }

    [Fact]
    public void An_origin_that_is_back_is_given_a_plan_again()
    {
        var run = Begin(1, rejoinSeconds: 60, "a");
        var epoch = Prepared(run, "a");
        Delivering(run, epoch);

        run.Tell(new RunActor.OriginAway());
        run.Tell(new RunActor.OriginBack(Samples.OriginOf(1), _origin));

        Hear<PrepareReplica>(_a, one => one.Plan.Epoch > epoch, Bound);
    }

    [Fact]
    public void A_new_life_of_the_origin_is_given_a_plan_though_nobody_saw_the_old_one_go()
    {
        var run = Begin(1, rejoinSeconds: 60, "a");
        var epoch = Prepared(run, "a");
        Delivering(run, epoch);

        run.Tell(new RunActor.OriginBack(Samples.OriginOf(1, incarnation: 2), _origin));

        Hear<PrepareReplica>(_a, one => one.Plan.Epoch > epoch, Bound);
    }

    [Fact]
    public void Who_has_stored_it_and_is_started_anew_is_told_of_the_run_so_that_it_hears_its_end()
    {
        var run = Begin(2, rejoinSeconds: 60);
        var epoch = Prepared(run);
        Delivering(run, epoch, seal: true);
        Stored(run, _a, "a", epoch);

        run.Tell(new RunActor.MemberLost(NodeName.Parse("a"), Reason.Text("it was started again")));
        run.Tell(new RunActor.MemberJoined(Samples.Destination("a", incarnation: 2, held:
            new HeldSnapshot(Samples.Origin, Samples.Snapshot, 3, 100, Samples.Seal.Digest, "id-laptop")), _a));

        Assert.Equal(epoch, Hear<PrepareReplica>(_a, _ => true, Bound).Plan.Epoch);
        Stored(run, _b, "b", epoch);
        Assert.Equal(2, End().Copies);
        Hear<RunOver>(_a, _ => true, Bound);
    }

    [Theory]
    [InlineData(ReplicaPhase.Receiving)]
    [InlineData(ReplicaPhase.Publishing)]
    public void A_new_life_of_the_origin_brings_the_seal_that_its_old_one_could_not_tell(ReplicaPhase last)
    {
        var run = Begin(1, rejoinSeconds: 60, "a");
        var epoch = Prepared(run, "a");
        Delivering(run, epoch);
        run.Tell(Report("a", epoch, last), _a);
        run.Tell(Report("a", epoch, ReplicaPhase.Stored, Samples.Seal.Digest), _a);

        run.Tell(new RunActor.OriginBack(Samples.OriginOf(1, incarnation: 2,
            run: new RunInProgress(Run, Samples.Snapshot, epoch, Samples.Seal)), _origin));

        Assert.Equal((RunOutcome.Protected, 1), (End().Outcome, End().Copies));
    }

    [Fact]
    public void While_its_owner_pauses_it_plans_are_for_nobody_and_nobody_is_waited_for()
    {
        var run = Begin(1, rejoinSeconds: 1, "a");
        var epoch = Prepared(run, "a");
        Delivering(run, epoch);

        run.Tell(new RunActor.OriginBack(Samples.OriginOf(1) with { Pauses = true }, _origin));
        var paused = Hear<PrepareReplica>(_a, one => one.Plan.Epoch > epoch, Bound).Plan;
        Assert.True(paused.IsForNobody);
        run.Tell(Report("a", paused.Epoch, ReplicaPhase.Receiving), _a);
        Delivering(run, paused.Epoch);

        // Longer than the wait for those who are away.
        run.Tell(new RunActor.MemberLost(NodeName.Parse("a"), Reason.Text("switched off")));
        Assert.DoesNotContain(HearAll(_origin, TimeSpan.FromSeconds(3)),
            one => one is RunReport { End: not null });
        run.Tell(new RunActor.MemberJoined(Samples.Destination("a"), _a));
        run.Tell(new RunActor.OriginBack(Samples.OriginOf(1), _origin));

        var on = Hear<PrepareReplica>(_a, one => !one.Plan.IsForNobody && one.Plan.Epoch > paused.Epoch,
            Bound).Plan.Epoch;
        run.Tell(Report("a", on, ReplicaPhase.Receiving), _a);
        Delivering(run, on, seal: true);
        Stored(run, _a, "a", on);
        Assert.Equal(RunOutcome.Protected, End().Outcome);
    }

    [Fact]
    public void Who_is_away_when_a_pause_ends_is_waited_for_from_then_on()
    {
        var run = Begin(1, rejoinSeconds: 1, "a");
        Prepared(run, "a");
        run.Tell(new RunActor.OriginBack(Samples.OriginOf(1) with { Pauses = true }, _origin));
        run.Tell(new RunActor.MemberLost(NodeName.Parse("a"), Reason.Text("switched off")));

        run.Tell(new RunActor.OriginBack(Samples.OriginOf(1), _origin));

        Assert.Equal(RunOutcome.Failed, End().Outcome);
    }

    [Fact]
    public void An_origin_that_does_not_come_back_ends_the_run()
    {
        var run = Begin(1, rejoinSeconds: 1, "a");
        Prepared(run, "a");
        Ends(run, () => run.Tell(new RunActor.OriginAway()), Bound);
        Hear<RunOver>(_a, _ => true, Bound);
    }

    [Fact]
    public void Who_does_not_get_ready_keeps_nobody_waiting_and_is_taken_in_when_it_does()
    {
        var run = Begin(1, 60, 2, "a", "b");
        var epoch = Hear<PrepareReplica>(_a, _ => true, Bound).Plan.Epoch;
        run.Tell(Report("a", epoch, ReplicaPhase.Receiving), _a);

        var without = Hear<PrepareReplica>(_a, one => one.Plan.Epoch > epoch, Bound).Plan;
        run.Tell(Report("a", without.Epoch, ReplicaPhase.Receiving), _a);
        Assert.Equal("a",
            Assert.Single(Hear<Deliver>(_origin, _ => true, Bound).Plan.Receivers()).Name.ToString());

        run.Tell(Report("b", epoch, ReplicaPhase.Receiving), _b);
        Assert.Equal(2,
            Hear<PrepareReplica>(_a, one => one.Plan.Epoch > without.Epoch, Bound).Plan.Receivers().Count());
    }

    [Fact]
    public void Who_resumes_keeps_nobody_waiting_and_the_run_open_until_it_is_ready()
    {
        var run = Begin(2, 1, 60, "a", "b");
        var epoch = Hear<PrepareReplica>(_a, _ => true, Bound).Plan.Epoch;
        run.Tell(Report("a", epoch, ReplicaPhase.Receiving), _a);
        run.Tell(Report("b", epoch, ReplicaPhase.Resuming) with { Verified = 1 }, _b);

        var without = Hear<PrepareReplica>(_a, one => one.Plan.Epoch > epoch, Bound).Plan;
        run.Tell(Report("a", without.Epoch, ReplicaPhase.Receiving), _a);
        Assert.Equal("a",
            Assert.Single(Hear<Deliver>(_origin, one => one.Plan.Epoch == without.Epoch,
                Bound).Plan.Receivers()).Name.ToString());
        Delivering(run, without.Epoch, seal: true);
        Stored(run, _a, "a", without.Epoch);

        // Longer than the wait for those who are away: it is not away.
        Hear<RunReport>(_origin, one => one.Members.Any(member => member.Standing == MemberStanding.Stored),
            Bound);
        var more = 2;
        Hear<PrepareReplica>(_b, _ =>
            { run.Tell(Report("b", epoch, ReplicaPhase.Resuming) with { Verified = more++ }, _b); return more > 5; },
                Bound);
        run.Tell(Report("b", epoch, ReplicaPhase.Receiving), _b);
        var with = Hear<PrepareReplica>(_b, one => one.Plan.Epoch > without.Epoch, Bound).Plan;
        Assert.Equal("b", Assert.Single(with.Receivers()).Name.ToString());
        run.Tell(Report("b", with.Epoch, ReplicaPhase.Receiving), _b);
        Stored(run, _b, "b", with.Epoch);
        Assert.Equal(RunOutcome.Protected, End().Outcome);
    }

    [Fact]
    public void Who_resumes_and_reads_nothing_more_is_not_waited_for()
    {
        var run = Begin(1, 1, 1, "b");
        var epoch = Hear<PrepareReplica>(_b, _ => true, Bound).Plan.Epoch;
        var beat = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(0, 300, run,
            Report("b", epoch, ReplicaPhase.Resuming) with { Verified = 1 }, _b);

        var reason = Assert.Single(End().Destinations).Reason;
        beat.Cancel();
        Assert.Contains("no progress in re-reading", reason.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_one_that_forwards_fails_those_below_it_are_given_another_way_at_once()
    {
        _topology = TopologyChoice.Chain;
        var run = Begin(1, rejoinSeconds: 60);
        var first = Prepared(run);
        Delivering(run, first);

        run.Tell(Report("a", first, ReplicaPhase.Failed), _a);

        Assert.Equal("laptop → b", Hear<PrepareReplica>(_b, one => one.Plan.Epoch > first, Bound).Plan.Drawn);
    }

    [Fact]
    public void Where_one_that_was_to_forward_has_it_all_already_those_behind_it_are_given_another_way()
    {
        _topology = TopologyChoice.Chain;
        var run = Begin(2, rejoinSeconds: 60);
        run.Tell(new DeliveryReport(Run, Epoch.None, [], default, Samples.Seal), _origin);
        var first = Hear<PrepareReplica>(_b, _ => true, Bound).Plan;
        Assert.Equal("laptop → a → b", first.Drawn);

        // It had stored it under a coordinator that was here before this one.
        run.Tell(Report("b", first.Epoch, ReplicaPhase.Receiving), _b);
        Stored(run, _a, "a", first.Epoch);

        Assert.Equal("laptop → b",
            Hear<PrepareReplica>(_b, one => one.Plan.Epoch > first.Epoch, Bound).Plan.Drawn);
    }

    [Fact]
    public void A_child_that_lost_its_link_is_believed_when_nobody_knows_better()
    {
        _topology = TopologyChoice.Chain;
        var run = Begin(2, rejoinSeconds: 60);
        var first = Prepared(run);
        Delivering(run, first, seal: true);
        Stored(run, _a, "a", first);
        run.Tell(new RunActor.MemberLost(NodeName.Parse("a"), Reason.Text("killed")));

        run.Tell(Report("b", first, ReplicaPhase.Receiving) with { LostLink = Reason.Text("reset") }, _b);

        var plan = Hear<PrepareReplica>(_b, one => one.Plan.Epoch > first, Bound).Plan;
        Assert.Equal("laptop → b", plan.Drawn);
        Assert.Contains("its link from a failed (reset)", plan.Why?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_child_that_has_another_link_by_then_is_left_alone()
    {
        var run = Begin(2, rejoinSeconds: 60);
        var first = Prepared(run);
        Delivering(run, first);

        run.Tell(Report("b", first, ReplicaPhase.Receiving) with { LostLink = Reason.Text("reset") }, _b);
        run.Tell(Report("b", first, ReplicaPhase.Receiving), _b);

        Assert.DoesNotContain(HearAll(_b, LostLinks.Grace + Quiet),
            one => one is PrepareReplica prepare && prepare.Plan.Epoch > first);
    }

    [Fact]
    public void Who_has_it_all_is_in_no_plan_any_more()
    {
        var run = Begin(2, rejoinSeconds: 60);
        var first = Prepared(run);
        Delivering(run, first);

        run.Tell(Report("a", first, ReplicaPhase.Publishing), _a);
        run.Tell(new DeliveryReport(Run, first,
            [new FailedLink(NodeName.Parse("a"), Reason.Text("refused")),
                new FailedLink(NodeName.Parse("b"), Reason.Text("reset"))], default,
                null), _origin);

        Assert.Equal("laptop → b", Hear<PrepareReplica>(_b, one => one.Plan.Epoch > first, Bound).Plan.Drawn);
    }

    [Fact]
    public void A_replica_counts_once_the_record_has_it()
    {
        _journal = new HandJournal();
        var run = Begin(1, rejoinSeconds: 60, "a");
        var epoch = Prepared(run, "a");
        Delivering(run, epoch, seal: true);

        for (var times = 0; times < 3; times++)
            run.Tell(Report("a", epoch, ReplicaPhase.Stored, Samples.Seal.Digest), _a);
        Assert.DoesNotContain(HearAll(_a, Quiet), one => one is ReplicaHeard);
        Assert.DoesNotContain(HearAll(_origin, Quiet),
            one => one is RunReport report && Copies(report) > 0);
        var written = Assert.Single(_journal.Written);
        Assert.Equal((Run, "id-a", Samples.Seal.Digest), (written.Run, written.Destination.Identity, written.Digest));
        _journal.Answer(null);

        Hear<ReplicaHeard>(_a, _ => true, Bound);
        Assert.Equal((RunOutcome.Protected, 1), (End().Outcome, End().Copies));
    }

    [Theory]
    [InlineData("disk full")]
    [InlineData("not answered for 15 s")]
    public void A_replica_that_the_record_does_not_take_counts_and_its_owner_is_warned(string why)
    {
        _journal = new HandJournal();
        var run = Begin(1, rejoinSeconds: 60, "a");
        var epoch = Prepared(run, "a");
        Delivering(run, epoch, seal: true);
        run.Tell(Report("a", epoch, ReplicaPhase.Stored, Samples.Seal.Digest), _a);
        Soon(() => Assert.Single(_journal.Written), Bound);

        if (why == "disk full") _journal.Answer("the record can't be written: disk full");
        else
        {
            Clock.Advance(RecordGate.Patience - TimeSpan.FromSeconds(3));
            Assert.All(Beats(2), report => Assert.Null(report.End));
            Clock.Advance(TimeSpan.FromSeconds(4));
        }

        Hear<ReplicaHeard>(_a, _ => true, Bound);
        Assert.Equal((RunOutcome.Protected, 1), (End().Outcome, End().Copies));
        Assert.Contains(why, Assert.Single(_warned), StringComparison.Ordinal);
        if (why != "disk full") _journal.Answer(null);
        Assert.Single(_warned);
    }

    private IActorRef Begin(int required, int rejoinSeconds, params string[] members) =>
        Begin(required, rejoinSeconds, 60, members);

    private IActorRef Begin(int required, int rejoinSeconds, int prepareSeconds, params string[] members)
    {
        var state = RunState.Begin(Run, Samples.Origin, Samples.Snapshot, required, Epoch.None);
        var registration = Samples.OriginOf(required) with { Topology = _topology };
        Action<NodeEvent> report = one =>
        {
            if (one is Warned warned) _warned.Enqueue(warned.Message.ToString());
        };
        var waits = new RunWaits(TimeSpan.FromSeconds(rejoinSeconds), TimeSpan.FromSeconds(prepareSeconds));
        var run = StartRun(state, registration, _origin, waits, report, _journal);
        foreach (var name in members.Length == 0 ? ["a", "b"] : members)
            run.Tell(new RunActor.MemberJoined(Samples.Destination(name), name == "a" ? _a : _b));
        return run;
    }

    private Epoch Prepared(IActorRef run, params string[] members)
    {
        var epoch = Epoch.None;
        foreach (var name in members.Length == 0 ? ["a", "b"] : members)
        {
            var probe = name == "a" ? _a : _b;
            epoch = Hear<PrepareReplica>(probe, _ => true, Bound).Plan.Epoch;
            run.Tell(Report(name, epoch, ReplicaPhase.Receiving), probe);
        }
        return epoch;
    }

    private void Delivering(IActorRef run, Epoch epoch, bool seal = false)
    {
        Hear<Deliver>(_origin, one => one.Plan.Epoch == epoch, Bound);
        run.Tell(new DeliveryReport(Run, epoch, [], new TreeTotals(1, 1, 1), seal ? Samples.Seal : null), _origin);
    }

    private void Stored(IActorRef run, TestProbe probe, string name, Epoch epoch)
    {
        run.Tell(Report(name, epoch, ReplicaPhase.Stored, Samples.Seal.Digest), probe);
        Hear<ReplicaHeard>(probe, _ => true, Bound);
    }

    private RunSummary End() => Hear<RunReport>(_origin, one => one.End is not null, Bound).End!;

    private static int Copies(RunReport report) =>
        report.Members.Count(member => member.Standing == MemberStanding.Stored);

    private static ReplicaReport Report(string name, Epoch epoch, ReplicaPhase phase, Sha256Digest? digest = null,
        params FailedLink[] failed) =>
        new(Run, epoch, NodeName.Parse(name), phase, digest, Reason.None, failed);
}
